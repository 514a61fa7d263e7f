"""Addresses of the turn of the year."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Post
from procurement.flow.menu import Entry, register

from . import close_views, views
from .stages import CarryOverStage

both = require_http_methods(["GET", "HEAD", "POST"])
OFFICE = frozenset([Post.APPROVER])

urlpatterns = [
    # before the stage's own page of the same name: 新增 starts from what the ledger says is left
    path("new/", both(views.start), name="carryover-new"),
    path("window/", both(views.window), name="carryover-window"),
    path("year/", both(close_views.year_close), name="year-close"),
    path("year/export/", require_safe(close_views.exported), name="year-close-export"),
    path("<int:pk>/rulings/", both(views.rulings), name="carryover-rulings"),
    *CarryOverStage.urls(),
]
register(
    Entry(CarryOverStage.section, "结转开放时间", "carryover-window", OFFICE),
    Entry(CarryOverStage.section, "年度关账", "year-close", OFFICE),
)
