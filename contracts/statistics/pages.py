"""The pages of the report: cross-tables with charts, the contracts behind a figure, 上报."""

from decimal import Decimal
from types import SimpleNamespace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Sum
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Post
from contracts.models import Contract
from plans.models import PlanType
from procurement.flow import lists
from procurement.flow.list_pages import need

from . import chart, reporting
from .dimensions import CROSS, KEYS, LIKE, NATURES, TABLES, condition, slug
from .figures import Figures, Sums
from .models import Fact, OrgKind, Report, Tally
from .models.choices import PLAN_COLUMN
from .models.reports import period_name
from .scope import LABEL, Scope

UNITS = 15  # shown with their totals; more are found by name
CORRECTIONS = 20
both = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def figures(request):
    """The cross-tables of a year or a quarter."""
    scope = Scope.of(request)
    found = Figures(scope.year, scope.quarter, scope.units)
    report = Report.objects.filter(year=scope.year, quarter=scope.quarter).select_related("by").first()
    context = {
        "title": LABEL, "scope": scope, "figures": found, "total": found.total, "report": report,
        "back": given_back(scope, found.total),
        "tabs": tabs(scope), "years": years(scope), "sections": sections(scope, found),
        "natures": natures(scope, found), "matrix": matrix(scope, found), "kinds": OrgKind.labels,
        "charts": charts(scope, found), "units": by_unit(scope) if scope.many and not scope.unit else [],
        "corrections": corrections(scope) if report else [],
        "late_url": contracts_url(scope, "total", late=1), "all_url": contracts_url(scope, "total"),
        "may_send": request.user.current.post == Post.APPROVER and not report,
    }  # fmt: skip
    return render(request, "contracts/statistics.html", context)


def contracts_url(scope: Scope, of: str, **more) -> str:
    return reverse("report-contracts") + scope.query(of=of, **more)


def tabs(scope: Scope) -> list[dict]:
    labels = ["全年", "一季度", "二季度", "三季度", "四季度"]
    return [
        {"label": label, "url": scope.query(quarter=number or ""), "active": number == scope.quarter}
        for number, label in enumerate(labels)
    ]


def years(scope: Scope) -> list[tuple[int, str]]:
    return [(year, scope.query(year=year)) for year in range(scope.year - 1, scope.year + 2)]


def row(scope: Scope, label: str, key, sums: Sums, total: Sums, like: Sums | None = None) -> dict:
    """One line of a table: its sums, its share of all and of like products, where its figures lead."""
    found = {"label": label, "sums": sums, "url": contracts_url(scope, slug(key))}
    return found | {"share": share(sums, total), "like": like and share(sums, like)}


def share(sums: Sums, of: Sums) -> Decimal | None:
    return sums.amount / of.amount * 100 if of.amount else None


def sections(scope: Scope, found: Figures) -> list[dict]:
    total = found.total
    return [
        {
            "title": title,
            "rows": [
                row(scope, label, key, found.of(key), total, LIKE.get(key[0]) and found.of(LIKE[key[0]]))
                for label, key in rows
            ],
        }
        for title, rows in TABLES
    ]


def natures(scope: Scope, found: Figures) -> list[dict]:
    """Money by fund nature; the report has no plan column for 其他单位资金."""
    total = found.total
    return [
        {
            "label": label, "url": contracts_url(scope, slug(key)), "agreed": total.agreed[number],
            "planned": total.planned[number] if number < len(total.planned) else None,
        }
        for number, (label, key) in enumerate(NATURES)
    ]  # fmt: skip


def matrix(scope: Scope, found: Figures) -> list[dict]:
    """货物、工程、服务 by 组织形式."""
    cells = [(key, found.of(key)) for _, key in CROSS]
    width = len(OrgKind.choices)
    rows = [cells[start : start + width] for start in range(0, len(cells), width)]
    heads = [label for label, _ in TABLES[1][1]]
    return [
        {
            "label": label,
            "cells": [{"sums": sums, "url": contracts_url(scope, slug(key))} for key, sums in cells],
        }
        for label, cells in zip(heads, rows, strict=True)
    ]


def charts(scope: Scope, found: Figures) -> dict:
    """Plan and contract money by quarter or by type; contract money by method."""
    if scope.quarter:
        pairs = [
            chart.Datum(label, *money(found.of(key)), contracts_url(scope, slug(key)))
            for label, key in TABLES[1][1]
        ]
    else:
        pairs = [
            chart.Datum(f"{n} 季度", *money(sums), scope.query(quarter=n))
            for n, sums in found.quarters.items()
        ]
    methods = [
        chart.Datum(label, *money(found.of(key)), contracts_url(scope, slug(key)))
        for label, key in TABLES[3][1]
    ]
    return {"pairs": chart.standing(pairs), "methods": chart.lying(methods)}


def money(sums: Sums) -> tuple:
    return sums.budget, sums.amount


def given_back(scope: Scope, total: Sums) -> dict:
    """终止合同退回: how many contracts, how much, and what was really bought.

    The report counts a contract once, at its full price, in the period it was signed in (domain.md §20,
    政府采购信息统计报表编报要求); that a contract was broken off later changes no reported figure. What
    was really bought is told beside it: the amount less what was returned when it was terminated.
    """
    rows = Contract.objects.filed().filter(returned__gt=0, signed_on__range=scope.days, is_secret=False)
    rows = rows.exclude(approved_plan__plan_type=PlanType.NON_GOV)
    rows = rows if scope.units is None else rows.filter(unit__in=scope.units)
    found = rows.aggregate(n=Count("pk"), amount=Sum("returned", default=Decimal(0)))
    return found | {"actual": total.amount - found["amount"], "url": contracts_url(scope, "returned")}


AGREED = sum((F(f"agreed_{n}") for n in range(2, 7)), F("agreed_1"))
PLANNED = sum((F(f"planned_{n}") for n in range(2, 6)), F("planned_1"))


def by_unit(scope: Scope) -> list[dict]:
    """The units that bought most."""
    rows = scope.facts(Tally.objects.filter(dimension="total", **{scope.late: False}))
    names = ("unit__name", "unit__budget_code")
    sums = (
        rows.order_by().values(*names).annotate(n=Sum("contracts"), planned=Sum(PLANNED), agreed=Sum(AGREED))
    )
    found = sums.exclude(n=0).order_by("-agreed", "unit__name")[:UNITS]
    return [{**one, "url": scope.query(unit=one["unit__budget_code"] or one["unit__name"])} for one in found]


def corrections(scope: Scope) -> list[dict]:
    """What came in or was taken back after the period was reported, latest first."""
    rows = scope.facts(Fact.objects.filter(**{scope.late: True}))
    head = ("contract", "contract__title", "contract__filing_number", "unit__name", "sign", "at")
    return list(rows.values(*head).annotate(agreed=Sum(AGREED)).order_by("-at", "-contract")[:CORRECTIONS])


@require_safe
def contracts(request):
    """The contracts behind one figure."""
    scope = Scope.of(request)
    of = request.GET.get("of", "total")
    if of not in KEYS:
        raise Http404
    label, key = KEYS[of]
    late = request.GET.get("late") == "1"
    request.menu_url = "report"
    page = listed(scope, key, late)
    found = Figures(scope.year, scope.quarter, scope.units)
    context = {
        "title": f"{scope.period} · {'更正清单' if late else label}", "scope": scope, "page": page,
        "late": late,
        "sums": found.late if late else None if key[0] in ("nature", "returned") else found.of(key),
        "back": reverse("report") + scope.query(),
    }  # fmt: skip
    return render(request, "contracts/statistics_contracts.html", context)


def listed(scope: Scope, key, late: bool) -> lists.Page:
    """A page of contracts, newest first, each with what it adds to the figure."""
    rows = scope.facts(Fact.objects.filter(condition(key), **{scope.late: late}))
    planned, agreed = columns(key)
    sums = rows.values("contract").annotate(n=Sum("sign"), planned=Sum(planned), agreed=Sum(agreed))
    sums = sums if late else sums.exclude(n=0)
    page = lists.keyset(Grouped(sums), scope.request.GET)
    related = ("unit", "approved_plan")
    papers = Contract.objects.select_related(*related).in_bulk([one.pk for one in page.rows])
    visible = set(
        Contract.objects.visible_to(scope.request.user).filter(pk__in=papers).values_list("pk", flat=True)
    )
    for one in page.rows:
        one.paper, one.open = papers[one.pk], one.pk in visible
    return page


class Grouped:
    """Sums by contract, as `keyset` asks for rows: by key, in order, a slice."""

    def __init__(self, rows):
        self.rows = rows

    def filter(self, **bounds) -> "Grouped":
        return Grouped(
            self.rows.filter(**{name.replace("pk", "contract"): pk for name, pk in bounds.items()})
        )

    def order_by(self, by: str) -> "Grouped":
        return Grouped(self.rows.order_by(by.replace("pk", "contract")))

    def __getitem__(self, part: slice) -> list[SimpleNamespace]:
        return [SimpleNamespace(pk=one["contract"], **one) for one in self.rows[part]]


def columns(key):
    """Plan and contract money that counts under a key."""
    if key[0] != "nature":
        return F("sign") * PLANNED, F("sign") * AGREED
    number = int(key[1][0])
    return F("sign") * F(f"planned_{PLAN_COLUMN[number]}"), F("sign") * F(f"agreed_{number}")


@both
def report(request):
    """上报, asked once more before it is done: it cannot be undone."""
    need(request, {Post.APPROVER}, "统计报表上报")
    scope = Scope.of(request)
    why = reporting.obstacle(scope.year, scope.quarter)
    request.menu_url = "report"
    if request.method == "POST":
        try:
            sent = reporting.send(scope.year, scope.quarter, request.user)
        except ValidationError as refused:
            why = refused.messages[0]
        else:
            messages.success(request, f"{sent}统计报表已上报，数据已锁定。")
            return redirect(reverse("report") + scope.query(unit=""))
    context = {
        "title": f"上报{period_name(scope.year, scope.quarter)}统计报表", "scope": scope, "why": why,
        "total": Figures(scope.year, scope.quarter).total,
        "back": reverse("report") + scope.query(unit=""),
    }  # fmt: skip
    return render(
        request, "contracts/statistics_report.html", context, status=409 if why and request.POST else 200
    )
