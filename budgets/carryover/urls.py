"""Addresses of the turn of the year."""

from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.models import Post
from procurement.flow.menu import Entry, register

from . import views
from .stages import CarryOverStage

both = require_http_methods(["GET", "HEAD", "POST"])
OFFICE = frozenset([Post.APPROVER])

urlpatterns = [
    # before the stage's own page of the same name: 新增 starts from what the ledger says is left
    path("new/", both(views.start), name="carryover-new"),
    path("window/", both(views.window), name="carryover-window"),
    path("<int:pk>/rulings/", both(views.rulings), name="carryover-rulings"),
    *CarryOverStage.urls(),
]
register(Entry(CarryOverStage.section, "结转开放时间", "carryover-window", OFFICE))
