"""Quotas and the ledger in the administration: to look at, never to change."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from .models import (
    CarryWindow,
    LedgerEntry,
    Quota,
    QuotaAdjustment,
    QuotaConfirmation,
    QuotaImport,
    YearClose,
)


class ReadOnly(admin.ModelAdmin):
    """Business rows: an administrator administers, he does not move money."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Quota)
class QuotaAdmin(ReadOnly):
    """Quotas."""

    list_display = [
        "quota_no",
        "project_name",
        "unit",
        "fiscal_year",
        "issued_amount",
        "confirmed_amount",
        "overdrawn",
    ]
    list_filter = ["fiscal_year", "source_type", "overdrawn"]
    list_select_related = ["unit"]
    search_fields = ["quota_no", "doc_no", "project_name"]


@admin.register(QuotaConfirmation)
class ConfirmationAdmin(ReadOnly):
    """Confirmations."""

    list_display = ["quota", "seq", "amount", "reserved_amount", "committed_amount", "status", "confirmed_at"]
    list_filter = ["status"]
    list_select_related = ["quota"]


@admin.register(LedgerEntry)
class LedgerAdmin(ReadOnly):
    """The ledger."""

    list_display = ["at", "kind", "amount", "confirmation", "document", "by"]
    list_filter = ["kind"]
    list_select_related = ["confirmation", "document", "by"]


@admin.register(QuotaAdjustment)
class AdjustmentAdmin(ReadOnly):
    """What finance changed."""

    list_display = ["at", "quota", "kind", "amount", "doc_no", "reason"]
    list_filter = ["kind"]
    list_select_related = ["quota"]


@admin.register(QuotaImport)
class ImportAdmin(ReadOnly):
    """Imports."""

    list_display = ["at", "source", "name", "rows", "created", "changed", "by"]


@admin.register(CarryWindow)
class WindowAdmin(ReadOnly):
    """When carry-over applications may be made; the office sets it."""

    list_display = ["fiscal_year", "opens_on", "closes_on", "reason", "set_by", "set_at"]
    list_select_related = ["set_by"]


@admin.register(YearClose)
class YearCloseAdmin(ReadOnly):
    """Years the office wants closed; the administrator's word is given on the page of the list itself."""

    list_display = [
        "fiscal_year",
        "asked_by",
        "asked_at",
        "confirmed_by",
        "confirmed_at",
        "finished_at",
        "page",
    ]
    list_select_related = ["asked_by", "confirmed_by"]

    @admin.display(description="办理")
    def page(self, row):
        return format_html('<a href="{}?year={}">查看清单并确认</a>', reverse("year-close"), row.fiscal_year)
