"""App configuration."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = "采购任务"

    def ready(self):
        from django.conf import settings

        from notices.announcements.origins import FINDERS
        from plans.grown import KINDS, LOCKS, OUTCOMES, Grown
        from plans.stages import COMPANIONS
        from procurement.flow.context import WAITING
        from procurement.flow.outbox import WAKERS
        from procurement.sealing.registry import register

        from . import announcing, filing, for_plans, paper, plan_card, reply, waiting
        from . import deployment as deployment  # registers the system checks

        register(paper.TEMPLATE)
        register(reply.TEMPLATE)
        WAITING.append(waiting.rows)
        FINDERS.append(announcing.origin)
        COMPANIONS.append(plan_card.of)

        KINDS["book"] = Grown(filing.in_force, "已有备案的任务书，不能作废；请先在采购任务管理中撤销任务书。")
        KINDS["change"] = Grown(for_plans.changing, "正在办理采购方式变更，不能作废；请等变更办结。")
        LOCKS.append(for_plans.locks)
        OUTCOMES.append(for_plans.outcomes)
        WAKERS |= {channel: f"tasks.jobs.relay_{channel}" for channel in settings.EXECUTORS}
