"""App configuration."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "contracts.statistics"
    label = "statistics"
    verbose_name = "财政部报表统计"
