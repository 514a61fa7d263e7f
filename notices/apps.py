"""App configuration."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = "公告发布"

    def ready(self):
        from procurement.flow import context, outbox

        from .objections import waiting

        context.WAITING.append(waiting.rows)

        outbox.WAKERS["portal.ticket"] = "notices.jobs.sign_tickets"
        outbox.WAKERS["portal"] = "notices.jobs.relay"
        outbox.WAKERS["portal.check"] = "notices.workbench.inspect"
        outbox.WAKERS["portal.check_one"] = "notices.workbench.inspect_one"
