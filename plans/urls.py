"""Addresses of 采购计划."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from . import views
from .stages import PlanStage

urlpatterns = [
    # before the stage's own page of the same name: 新增 starts from an intent or ticked quotas
    path("new/", require_http_methods(["GET", "HEAD", "POST"])(views.start), name="plan-new"),
    path("assistant/", require_POST(views.assist), name="plan-assistant"),
    *PlanStage.urls(),
]
