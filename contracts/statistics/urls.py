"""Addresses of the Ministry's statistics."""

from django.urls import path

from procurement.flow.menu import Entry, register

from . import export, line_pages, pages, scope

urlpatterns = [
    path("", pages.figures, name="statistics"),
    path("contracts/", pages.contracts, name="statistics-contracts"),
    path("export/", export.export, name="statistics-export"),
    path("report/", pages.report, name="statistics-report"),
    path("<int:pk>/", line_pages.edit, name="contract-statistics"),
]

register(Entry("采购合同管理", scope.LABEL, "statistics", scope.POSTS))
