"""备案 of one plan, and the official paper of a book."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from plans.models import Plan
from plans.stages import PlanStage
from procurement.flow.models import Conflict, Desk, Refused
from procurement.flow.signing import hand

from . import checks, filing, kinds
from .models import TaskBook
from .models.choices import BookKind
from .stages import MENUS, BookStage


def file(request, pk: int):
    """GET shows what is checked and asks; POST files, once, and leads to the book."""
    plan = get_object_or_404(
        Plan.objects.visible_to(request.user).select_related("unit", "division", "office", "agency"), pk=pk
    )
    if missing := filing.seat_obstacle(plan, request.user):
        raise Refused(missing)
    if book := plan.books.filter(revoked_at=None).first():
        raise Conflict(f"该计划已经备案，任务书 {book.number}。")
    problems = []
    if request.method == "POST":
        try:
            book = filing.file_book(pk, request.user, version=version(request), **hand(request))
        except ValidationError as problem:
            problems = problem.messages
        else:
            messages.success(request, f"任务书 {book.number} 已备案，{next_step(book)}。")
            return redirect(BookStage.url("detail", book.pk))
    return ask(request, plan, problems)


def version(request) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def next_step(book: TaskBook) -> str:
    if book.is_secret:
        return "请按保密规定送达执行机构"
    if book.kind_of_book == BookKind.OTHER:
        return "仅作记录，不下达"
    return f"正在下达给{book.executor_name}"


def ask(request, plan: Plan, problems: list[str]):
    found = checks.findings(plan)
    kind = kinds.book_kind(plan)
    request.menu_url = f"taskbook-{kind}"
    executor = kinds.executor_of(plan)
    context = {
        "stage": BookStage, "plan": plan, "paper": plan, "kind": kind, "menu_label": MENUS[kind],
        "findings": found, "blocked": [one for one in found if one.severity == "red"], "problems": problems,
        "executor": executor.name if executor else kinds.channel_of(plan).label,
        "list_url": reverse(f"taskbook-{kind}"), "back": back(request, plan),
        "title": f"备案：{plan.title}",
    }  # fmt: skip
    fragment = request.headers.get("X-Fragment")
    return render(request, "tasks/file_fragment.html" if fragment else "tasks/file.html", context)


def back(request, plan: Plan) -> str:
    """Where 取消 leads: the list it came from, else the plan."""
    wanted = request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, None) else PlanStage.url("detail", plan.pk)


def visible(request, pk: int) -> TaskBook:
    return get_object_or_404(TaskBook.objects.visible_to(request.user).select_related("unit"), pk=pk)


def official(request, pk: int):
    """The newest sealed paper of the book; until there is one, the page that shows how far it is."""
    book = visible(request, pk)
    paper = book.sealed.exclude(file="").first()
    return redirect("sealed-file", paper.pk) if paper else redirect(BookStage.url("detail", book.pk))


def reseal(request, pk: int):
    """重新签章: same number, same content, a new signature."""
    book = visible(request, pk)
    paper = book.sealed.first()
    if paper is None:
        raise Http404
    if why := reseal_obstacle(book, paper, request.user):
        raise Refused(why)
    try:
        with transaction.atomic():
            paper.reseal(request.user)
    except ValidationError as problem:
        messages.warning(request, problem.messages[0])
    else:
        messages.success(request, f"任务书 {book.number} 已安排重新签章，编号和内容不变。")
    return redirect(BookStage.url("detail", book.pk))


def reseal_obstacle(book: TaskBook, paper, user) -> str | None:
    """Why this user cannot have it sealed anew."""
    if missing := book.seat_obstacle(user, Desk.FILING):
        return missing
    if book.state != Desk.DONE:
        return "任务书已撤销，不能重新签章。"
    return paper.reseal_obstacle()
