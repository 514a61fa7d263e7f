"""Addresses of 采购任务管理."""

from django.urls import include, path
from django.views.decorators.http import require_http_methods

from . import views
from .stages import BookStage

urlpatterns = [
    path("books/", include(BookStage.urls())),
    path(
        "plans/<int:pk>/file/",
        require_http_methods(["GET", "HEAD", "POST"])(views.file),
        name="taskbook-file",
    ),
]
