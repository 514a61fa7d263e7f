"""Addresses of 采购计划."""

urlpatterns: list = []
