"""Addresses of the Ministry's statistics."""

from django.urls import path

from procurement.flow.menu import Entry, register

from . import export, line_pages, pages, scope

urlpatterns = [
    path("", pages.figures, name="report"),
    path("contracts/", pages.contracts, name="report-contracts"),
    path("export/", export.export, name="report-export"),
    path("report/", pages.report, name="report-send"),
    path("<int:pk>/", line_pages.edit, name="contract-statistics"),
]

register(Entry("采购合同管理", scope.LABEL, "report", scope.POSTS))
