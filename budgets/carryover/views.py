"""Pages beside those of the stage: choosing, the closed page, decisions line by line, the window."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render

from accounts.models import Post
from procurement import clock
from procurement.flow import form_pages
from procurement.flow.list_pages import need
from procurement.flow.models import Conflict, Desk
from procurement.flow.paper_pages import fetch

from . import closing, windows
from .forms import RulingForm, WindowForm
from .models import CarryOver, Ruling
from .stages import CarryOverStage, chosen, window_of
from .windows import CarryWindow


def start(request):
    """新增: outside the window a page that says when; else what can be carried, to tick; then the form."""
    need(request, {Post.CLERK}, CarryOverStage.entry)
    if request.method == "POST" or "draft" in request.GET:
        return form_pages.new(CarryOverStage, request)
    window, today = window_of(request), clock.today()
    request.menu_url = "carryover-list"
    if not window.is_open(today):
        context = {
            "window": window, "today": today, "title": CarryOverStage.entry, "stage": CarryOverStage,
            "may_extend": window.year in windows.settable(today),
        }  # fmt: skip
        return render(request, "budgets/carryover_closed.html", context)
    paper = CarryOverStage.blank(request)
    if chosen(request, paper):
        return form_pages.new(CarryOverStage, request)
    return pick(request, paper, window)


def pick(request, paper: CarryOver, window):
    """Everything the ledger says is left of the year, on which ground."""
    offered = list(paper.offered.values())
    context = {
        "title": "选择要结转的资金", "stage": CarryOverStage, "window": window, "offered": offered,
        "list_url": CarryOverStage.url("list"), "nothing_ticked": "next" in request.GET,
        "total": sum(one.balance for one in offered), "paper": paper,
    }  # fmt: skip
    return render(request, "budgets/carryover_pick.html", context)


def rulings(request, pk: int):
    """逐行核定: the office refuses single lines, and decides on second-year money (domain.md §15b)."""
    paper = fetch(CarryOverStage, request, pk)
    guard(paper, request.user)
    lines = list(paper.lines.select_related("confirmation__quota", "holder", "ruling"))
    form = RulingForm(request.POST or None, paper=paper, lines=lines)
    if request.method == "POST" and form.is_valid():
        rule(paper, form, request.user)
        messages.success(request, f"已保存 {paper.number} 的核定意见，通过后按此结转。")
        return redirect(CarryOverStage.url("detail", pk))
    request.menu_url = "carryover-review"
    context = {"paper": paper, "stage": CarryOverStage, "form": form, "title": "逐行核定"}
    return render(request, "budgets/carryover_rulings.html", context)


def guard(paper: CarryOver, user) -> None:
    if paper.state != Desk.OFFICE:
        raise Conflict(f"单据现在是“{paper.status}”，不能逐行核定。")
    if obstacle := paper.obstacle("approve", user):
        raise obstacle[0](obstacle[1])


@transaction.atomic
def rule(paper: CarryOver, form: RulingForm, by) -> None:
    """Nobody approves what somebody else has just decided otherwise: the version goes up."""
    fresh = CarryOver.objects.locked(paper.pk)
    guard(fresh, by)
    if fresh.version != form.cleaned_data["version"]:
        raise Conflict
    for line in form.lines:
        said, reason = (form.cleaned_data[f"{name}-{line.pk}"] for name in ("allowed", "reason"))
        if not said:
            Ruling.objects.filter(line=line).delete()
            continue
        values = {"allowed": said == "yes", "reason": reason, "by": by, "at": clock.now()}
        Ruling.objects.update_or_create(line=line, defaults=values)
    fresh.version += 1
    fresh.save(update_fields=["version"])


def asked_window(request, years: list[int], today) -> windows.Window:
    asked = request.GET.get("year", "")
    if not asked:
        return windows.current(today)
    if asked not in map(str, years):
        raise Http404
    return windows.windows(int(asked))[int(asked)]


def window(request):
    """开放时间: the office sets the days of a year, and may let them run on to the 20th of January."""
    need(request, {Post.APPROVER}, "结转开放时间")
    today = clock.today()
    years = [year for year in windows.settable(today) if not closing.is_closed(year)]
    now = asked_window(request, years, today)
    blank = CarryWindow(fiscal_year=now.year, set_by=request.user)
    given = {"opens_on": now.opens, "closes_on": now.closes}
    form = WindowForm(request.POST or None, instance=blank, initial=given)
    if request.method == "POST" and form.is_valid():
        row = form.save()
        messages.success(
            request, f"{row.fiscal_year} 年结转申请开放时间：{row.opens_on} 至 {row.closes_on}。"
        )
        return redirect(f"{request.path}?year={row.fiscal_year}")
    request.menu_url = "carryover-window"
    context = {
        "title": "结转开放时间", "section": CarryOverStage.section, "form": form, "window": now,
        "years": years, "is_open": now.is_open(today), "today": today, "last": windows.latest_close(now.year),
        "history": CarryWindow.objects.select_related("set_by")[:20],
    }  # fmt: skip
    return render(request, "budgets/carryover_window.html", context)
