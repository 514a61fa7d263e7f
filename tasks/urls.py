"""Addresses of 采购任务管理 and 采购方式变更."""

from django.urls import include, path
from django.views.decorators.http import require_http_methods

from . import change_views, views
from .stages import BookStage, ChangeStage

both = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("books/", include(BookStage.urls())),
    path("books/", include("tasks.executors.urls")),
    path("plans/<int:pk>/file/", both(views.file), name="taskbook-file"),
    # before the stage's own page of the same name: a change begins with a plan
    path("changes/new/", both(change_views.start), name="methodchange-new"),
    path("changes/", include(ChangeStage.urls())),
]
