"""Addresses of 单一来源公示."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from . import views
from .stages import SingleSourceStage

urlpatterns = [
    # before the stage's own page of the same name: 新增 starts from a confirmed quota
    path("new/", require_http_methods(["GET", "HEAD", "POST"])(views.start), name="singlesourcenotice-new"),
    path("<int:pk>/preview/", require_safe(views.preview), name="singlesourcenotice-preview"),
    *SingleSourceStage.urls(),
]
