"""App configuration."""

from django.apps import AppConfig


class BudgetsConfig(AppConfig):
    name = "budgets"
    verbose_name = "采购预算与指标"

    def ready(self):
        from procurement.flow import years

        from .carryover import closing

        years.CLOSED.append(closing.is_closed)
