"""Addresses of 采购任务管理."""

urlpatterns: list = []
