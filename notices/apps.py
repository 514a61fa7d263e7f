"""App configuration."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = "公告发布"

    def ready(self):
        from procurement.flow import outbox

        outbox.WAKERS["portal"] = "notices.jobs.relay"
