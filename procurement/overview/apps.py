"""App configuration."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "procurement.overview"
    label = "overview"
    verbose_name = "工作台"
