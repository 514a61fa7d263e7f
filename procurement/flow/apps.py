"""App configuration."""

from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "procurement.flow"
    label = "flow"
    verbose_name = "单据流转"
