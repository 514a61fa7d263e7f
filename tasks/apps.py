"""App configuration."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = "采购任务"

    def ready(self):
        from django.conf import settings

        from notices.announcements.origins import FINDERS
        from plans.grown import KINDS, Grown
        from plans.stages import COMPANIONS
        from procurement.flow.context import WAITING
        from procurement.flow.outbox import WAKERS
        from procurement.sealing.registry import register

        from . import announcing, filing, paper, plan_card, waiting
        from . import deployment as deployment  # registers the system checks

        register(paper.TEMPLATE)
        WAITING.append(waiting.rows)
        FINDERS.append(announcing.origin)
        COMPANIONS.append(plan_card.of)

        KINDS["book"] = Grown(filing.in_force, "已有备案的任务书，不能作废；请先在采购任务管理中撤销任务书。")
        WAKERS |= {channel: f"tasks.jobs.relay_{channel}" for channel in settings.EXECUTORS}
