"""采购指标管理: confirmed money, 查看详情 and 确认金额 (M 3.2 steps 4 and 5)."""

from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from procurement.flow import lists
from procurement.flow.models import Desk, Document

from . import ledger_page, waterfall
from .forms import ConfirmedFilter
from .models import Conversion, Quota, QuotaConfirmation
from .views import CONFIRMED, found, fragment_or_page, is_clerk, quotas_of, records


@require_safe
def confirmed(request):
    """采购指标管理: confirmed money and what became of it (M 3.2 steps 4 and 5)."""
    active = QuotaConfirmation.objects.active().filter(quota__in=quotas_of(request))
    tabs = {
        "left": ("有余额", active.filter(available__gt=0)),
        "used": ("已用完", active.filter(available=0)),
        "all": ("全部", active),
    }
    current = request.GET.get("tab") if request.GET.get("tab") in tabs else "all"
    filters = ConfirmedFilter(request.GET)
    related = ("quota__fund_nature", "quota__dept_econ", "quota__unit", "confirmed_by")
    page = lists.keyset(filters.apply(tabs[current][1].select_related(*related)), request.GET)
    context = {
        "title": "采购指标管理", "section": CONFIRMED, "tab": current, "filters": filters, "page": page,
        "tabs": lists.tab_bar(tabs, current, request.GET, filters.apply), "here": confirmed_sums(page.rows),
        "may_confirm": is_clerk(request),
    }  # fmt: skip
    return render(request, "budgets/confirmed_list.html", context)


def confirmed_sums(rows) -> dict:
    names = ["amount", "reserved_amount", "committed_amount", "available"]
    return {name: sum((getattr(row, name) for row in rows), Decimal(0)) for name in names}


@require_safe
def quota(request, pk: int):
    """查看详情: data, picture, ledger, papers."""
    row = found(request, pk, **OTHERS)
    shown = request.GET.get("show") if request.GET.get("show") in ledger_page.GROUPS else "all"
    kinds = ledger_page.GROUPS[shown][1]
    entries, sums = ledger_page.entries(row), ledger_page.totals(row)
    papers = Document.objects.visible_to(request.user).filter(case=row.case).order_by("pk")
    request.menu_url = "confirmed-list"
    context = {
        "quota": row, "title": row.project_name, "totals": sums, "picture": waterfall.draw(sums),
        "entries": [entry for entry in entries if not kinds or entry.kind in kinds],
        "balance": entries[0].balance if entries else Decimal(0), "shown": shown,
        "groups": [(key, label) for key, (label, _) in ledger_page.GROUPS.items()],
        "agrees": not entries or entries[0].balance == sums.available, "papers": papers[:30],
        "may_confirm": is_clerk(request) and row.available > 0, "lineage": lineage(row),
        "may_convert": is_clerk(request) and row.provisional and row.confirmed_amount > 0,
    }  # fmt: skip
    return render(request, "budgets/quota_detail.html", context)


OTHERS = {
    "is_joined": Exists(
        Conversion.objects.filter(Q(provisional=OuterRef("pk")) | Q(formal=OuterRef("pk")), state=Desk.DONE)
    ),
    "goes_on": Exists(Quota.objects.filter(origin=OuterRef("pk"))),
}


def lineage(row: Quota) -> list:
    """The years before and after, and quotas joined to it or it to: both sides of every transfer."""
    found = joined(row) if row.is_joined else []
    if row.goes_on or row.origin_id:
        years = Quota.objects.filter(Q(pk=row.origin_id) | Q(origin=row)).order_by("fiscal_year", "pk")
        found += [("结转自" if one.pk == row.origin_id else "结转至", one, None) for one in years]
    return found


def joined(row: Quota) -> list:
    """Conversions that were passed."""
    papers = Conversion.objects.filter(Q(provisional=row) | Q(formal=row), state=Desk.DONE)
    papers = papers.select_related("provisional", "formal").prefetch_related("lines")
    return [
        ("转正并入", one.formal, one)
        if one.provisional_id == row.pk
        else ("预采购转入", one.provisional, one)
        for one in papers
    ]


@require_safe
def history(request, pk: int):
    """确认金额: every confirmation of a quota, deleted ones too (M 3.2 step 5)."""
    row = found(request, pk)
    request.menu_url = "confirmed-list"
    context = {"quota": row, "records": records(row), "title": "确认金额"}
    return fragment_or_page(request, "budgets/history", context)
