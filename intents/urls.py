"""Addresses of 采购意向公开."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from . import views
from .stages import IntentStage

urlpatterns = [
    # before the stage's own page of the same name: 新增 starts from ticked quotas
    path("new/", require_http_methods(["GET", "HEAD", "POST"])(views.start), name="intent-new"),
    path("<int:pk>/preview/", require_safe(views.preview), name="intent-preview"),
    *IntentStage.urls(),
]
