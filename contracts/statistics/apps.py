"""App configuration."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "contracts.statistics"
    label = "statistics"
    verbose_name = "财政部报表统计"

    def ready(self):
        from contracts.companions import BESIDE_ITEMS, FAULTS, FILED, SAVED, UNDONE
        from contracts.stages import COMPANIONS

        from . import checks, defaults, line_pages, recording

        BESIDE_ITEMS.append("statistics")
        SAVED.append(defaults.follow)
        FAULTS.append(checks.faults)
        FILED.append(recording.record)
        UNDONE.append(recording.withdraw)
        COMPANIONS.append(line_pages.card)
