"""App configuration."""

from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    name = "contracts.suppliers"
    label = "suppliers"
    verbose_name = "供应商登记"
