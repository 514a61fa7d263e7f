"""Addresses of the execution of a book, below the book's own."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import unassigned, views

urlpatterns = [
    path("reports/", require_safe(unassigned.listing), name="executor-reports"),
    path("reports/<int:pk>/dismiss/", require_POST(unassigned.dismiss), name="executor-report-dismiss"),
    path(
        "<int:pk>/results/new/", require_http_methods(["GET", "HEAD", "POST"])(views.entry),
        name="taskbook-result",
    ),
    path("<int:pk>/execution/<str:kind>/", require_POST(views.step), name="taskbook-execution"),
    path("<int:pk>/events/<int:event>/settle/", require_POST(views.settle), name="taskbook-settle"),
    path("<int:pk>/deliveries/<int:delivery>/resend/", require_POST(views.resend), name="taskbook-resend"),
]  # fmt: skip
