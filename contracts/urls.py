"""Addresses of 采购合同管理."""

from django.urls import path
from django.views.decorators.http import require_http_methods

from procurement.flow.menu import Entry, register

from . import ledger, performance_views, views, waiting
from .stages import ContractStage

both = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    # before the stage's own pages of the same names
    path("new/", both(views.start), name="contract-new"),
    path("<int:pk>/moves/", views.move, name="contract-move"),
    path("<int:pk>/performance/", performance_views.page, name="contract-performance"),
    path("all/", ledger.listing, name="contract-ledger"),
    path("all/export/", ledger.export, name="contract-ledger-export"),
    path("deadlines/", views.deadlines_page, name="contract-deadlines"),
    *ContractStage.urls(),
]
register(
    Entry(ContractStage.section, ledger.LABEL, "contract-ledger", ledger.POSTS),
    Entry(
        ContractStage.section, views.DUE, "contract-deadlines", views.EVERYBODY, "contract",
        frozenset([waiting.DUE]),
    ),
)  # fmt: skip
