"""App configuration."""

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    name = "procurement.practice"
    label = "practice"
    verbose_name = "练习"

    def ready(self):
        from . import checks as checks  # registers the system check
