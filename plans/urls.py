"""Addresses of 采购计划."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import approvals, views
from .stages import PlanStage

both = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    # before the stage's own page of the same name: 新增 starts from an intent or ticked quotas
    path("new/", both(views.start), name="plan-new"),
    path("<int:pk>/edit/", both(views.edit), name="plan-edit"),
    path("<int:pk>/imports/<int:block>/", require_safe(approvals.printed), name="plan-import-print"),
    path("items/", require_POST(views.take_sheet), name="plan-sheet"),
    path("items.xlsx", both(views.give_sheet), name="plan-sheet-out"),
    path("assistant/", require_POST(views.assist), name="plan-assistant"),
    *PlanStage.urls(),
]
