"""Addresses of budgets."""

from django.urls import include, path

from accounts.models import Post
from procurement.flow.menu import READERS, Entry, register

from . import confirmed_views, transfer_views, views
from .stages import BudgetEntryStage

WATCHING = frozenset([Post.CLERK, Post.REVIEWER, Post.APPROVER]) | READERS

urlpatterns = [
    path("entries/", include(BudgetEntryStage.urls())),
    path("carryovers/", include("budgets.carryover.urls")),
    path("conversions/", include("budgets.conversion.urls")),
    path("quotas/", views.quotas, name="quota-list"),
    path("quotas/export/", transfer_views.quotas_export, name="quota-export"),
    path("quotas/confirm/", views.pick, name="quota-pick"),
    path("quotas/import/", transfer_views.import_file, name="quota-import"),
    path("quotas/import/template/", transfer_views.import_template, name="quota-template"),
    path("quotas/<int:pk>/", confirmed_views.quota, name="quota-detail"),
    path("quotas/<int:pk>/confirm/", views.confirm, name="quota-confirm"),
    path("quotas/<int:pk>/confirmations/", confirmed_views.history, name="quota-history"),
    path("confirmed/", confirmed_views.confirmed, name="confirmed-list"),
    path("confirmed/export/", transfer_views.confirmed_export, name="confirmed-export"),
    path("confirmed/<int:pk>/delete/", views.delete_confirmation, name="confirmation-delete"),
]

register(
    Entry("采购预算管理", "预算指标管理", "quota-list", WATCHING),
    Entry("采购预算管理", "指标导入", "quota-import", frozenset([Post.APPROVER])),
    Entry("采购指标", "采购指标管理", "confirmed-list", WATCHING),
)
