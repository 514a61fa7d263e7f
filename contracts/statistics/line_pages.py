"""财政部报表统计信息 of a contract: the page that fills it in, and the card on the contract's pages."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from contracts import deadlines
from contracts.models import Contract
from procurement.flow.models import Conflict, Desk

from . import checks
from .defaults import Defaults, concerned, items_of, row_of
from .forms import StatisticsForm
from .models import LineStatistics
from .models.lines import MONEY, PLAN

COUNTRIES = {
    "USA": "美国", "DEU": "德国", "JPN": "日本", "GBR": "英国", "FRA": "法国", "CHE": "瑞士", "NLD": "荷兰",
    "ITA": "意大利", "KOR": "韩国", "SWE": "瑞典", "CAN": "加拿大", "AUT": "奥地利", "DNK": "丹麦",
    "FIN": "芬兰", "ISR": "以色列", "SGP": "新加坡", "AUS": "澳大利亚", "BEL": "比利时", "TWN": "中国台湾",
}  # fmt: skip
LOST = "这份单据在您填写期间已被他人修改。"


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk: int):
    """All lines of one contract; saving keeps what is typed, submission asks for the rest."""
    rows = Contract.objects.visible_to(request.user).select_related("unit", "approved_plan")
    paper = get_object_or_404(rows, pk=pk)
    if obstacle := paper.obstacle("submit", request.user):
        raise obstacle[0](obstacle[1])
    request.menu_url = "contract-list"
    items = items_of(paper)
    defaults = Defaults(paper, items)
    if request.method == "POST" and request.POST.get("action") == "share":
        return share_again(request, paper, items, defaults)
    forms = built(request, paper, items, defaults)
    if request.method == "POST" and not any(form.errors for form in forms):
        if request.POST.get("version") != str(paper.version):
            raise Conflict(LOST)
        store(paper, [form.save(commit=False) for form in forms])
        return saved(request, paper)
    return show(request, paper, forms, defaults)


def built(request, paper: Contract, items: list, defaults: Defaults) -> list[StatisticsForm]:
    """A form for each line; a line without a row starts from its defaults."""
    data = request.POST if request.method == "POST" else None
    return [StatisticsForm(data, instance=row_of(item) or defaults.row(item), item=item) for item in items]


@transaction.atomic
def store(paper: Contract, rows: list[LineStatistics]) -> None:
    """Write the rows as part of the contract: its version moves on, a second writer hears of it."""
    fresh = Contract.objects.locked(paper.pk)
    if fresh.version != paper.version or fresh.state != Desk.CLERK:
        raise Conflict(LOST)
    fresh.version += 1
    fresh.save(update_fields=["version"])
    LineStatistics.objects.bulk_create(row for row in rows if row.pk is None)
    names = [
        field.name for field in LineStatistics._meta.local_fields if field.editable and not field.primary_key
    ]
    LineStatistics.objects.bulk_update([row for row in rows if row.pk], names)


def share_again(request, paper: Contract, items: list, defaults: Defaults):
    """Money pro rata once more, for all lines; the rest of the rows stays as stored."""
    rows = []
    for item in items:
        row = row_of(item) or defaults.row(item)
        for name, amount in (defaults.plan_money(item) | defaults.contract_money(item)).items():
            setattr(row, name, amount)
        rows.append(row)
    store(paper, rows)
    messages.success(request, "已按计划和合同的资金构成重新分摊各项金额。")
    return redirect("contract-statistics", paper.pk)


def saved(request, paper: Contract):
    """Back to the contract when all is said; else here again, with what is missing."""
    if left := checks.faults(paper):
        messages.warning(request, f"已保存；提交合同前还有 {len(left)} 处需要补齐。")
        return redirect("contract-statistics", paper.pk)
    messages.success(request, "已保存报表统计信息，内容齐全。")
    return redirect("contract-edit", paper.pk)


def show(request, paper: Contract, forms: list[StatisticsForm], defaults: Defaults):
    """The forms, each with what is wrong beside the fields and what is odd above the money."""
    reserved = bool(paper.approved_plan.sme_reserved)
    lines = []
    for number, form in enumerate(forms, start=1):
        planned = defaults.planned(form.item)
        line = checks.Line(number, form.item, form.instance, planned, reserved)
        lines.append(
            {"form": form, "line": line, "odd": [] if form.errors else checks.odd(line),
             "open": len(forms) <= 5, "faults": {} if form.is_bound and form.errors else checks.judged(line),
             "stored": form.instance.pk is not None}
        )  # fmt: skip
    context = {
        "title": "财政部报表统计信息", "paper": paper, "lines": lines, "countries": COUNTRIES,
        "concerned": concerned(paper), "wrong": any(form.errors for form in forms),
        "back": reverse("contract-edit", args=[paper.pk]), "names": [*PLAN, *MONEY],
    }  # fmt: skip
    return render(request, "contracts/statistics_lines.html", context)


def card(request, paper: Contract) -> dict:
    """What a contract's page shows of its statistics; None of it where the report does not ask."""
    found = {"template": "contracts/statistics_card.html", "shown": bool(paper.pk) and concerned(paper)}
    if not found["shown"]:
        return found
    open_ = paper.obstacle("submit", request.user) is None
    writing = paper.state == Desk.CLERK
    lines, missing = checks.lines_of(paper) if writing else (checks.settled(paper), [])
    wrong = {line.number: list(checks.judged(line).values()) for line in lines if writing}
    return found | {
        "lines": lines, "missing": missing, "faults": sum(map(len, wrong.values())) + len(missing),
        "wrong": wrong, "odd": {line.number: checks.odd(line) for line in lines},
        "url": reverse("contract-statistics", args=[paper.pk]) if open_ else "",
        "due": deadlines.statistics(paper) if open_ else None,
    }  # fmt: skip
