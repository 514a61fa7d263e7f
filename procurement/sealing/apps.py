"""App configuration."""

from django.apps import AppConfig


class SealingConfig(AppConfig):
    name = "procurement.sealing"
    label = "sealing"
    verbose_name = "签章文件"

    def ready(self):
        from procurement.flow import outbox

        from . import applied, published, registry
        from .queue import RENDERING, SIGNING

        outbox.WAKERS[RENDERING] = "procurement.sealing.jobs.render"
        outbox.WAKERS[SIGNING] = "procurement.sealing.jobs.sign"
        registry.register(published.TEMPLATE)
        applied.connect()
