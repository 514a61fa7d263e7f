"""The six menus over one page (manual 3.6.1–3.6.6), 已下达任务书, and their export."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from accounts.models import Post
from plans.models import Plan, PlanItem
from plans.stages import PlanStage
from procurement.flow import detail, list_pages, lists
from procurement.flow.context import fiscal_year
from procurement.flow.desks import Desk
from procurement.flow.export import download, workbook
from procurement.flow.lists import Column, FilterForm

from . import columns, filing, kinds
from .models import BookKind, Channel, Execution, ExecutionResult, TaskBook
from .models.book import OWN
from .stages import ISSUED, MENUS, POSTS, BookStage

MALLS = [Channel.HUICAI, Channel.WANCAI]


@dataclass(frozen=True)
class Tab:
    """A tab of one of the lists: which papers, in which columns."""

    label: str
    papers: object
    columns: list[Column]
    prepared: Callable = list  # rows of one page -> the same with what the columns need besides


def within(request, model):
    """This year's papers of the post: a clerk works on his own unit's."""
    papers = model.objects.visible_to(request.user).in_year(fiscal_year(request))
    current = request.user.current
    return papers.filter(unit=current.content_object_id) if current.post == Post.CLERK else papers


def tabs_of_kind(request, kind: str) -> dict[str, Tab]:
    """待备案 (plans, nothing exists before 备案), 已备案, 已撤销."""
    list_pages.need(request, POSTS, MENUS[kind])
    plans = filing.waiting(within(request, Plan).filter(kinds.of_kind(kind))).select_related("agency")
    books = within(request, TaskBook).filter(kind_of_book=kind).select_related("executor", "approved_plan")
    return {
        "waiting": Tab("待备案", plans, columns.OF_PLAN),
        "filed": Tab("已备案", books.filter(state=Desk.DONE), columns.OF_BOOK),
        "revoked": Tab("已撤销", books.filter(state=Desk.VOID), columns.OF_REVOKED),
    }


def tabs_of_issued(request) -> dict[str, Tab]:
    """Books that are with an executor, by what he has said."""
    list_pages.need(request, POSTS, ISSUED)
    books = within(request, TaskBook).filter(state=Desk.DONE).exclude(channel__in=OWN)
    books = books.select_related("executor", "approved_plan")
    found = {"all": Tab("全部", books, columns.OF_ISSUED)}
    malls = books.filter(channel__in=MALLS)
    found["mall"] = Tab("商城", malls, columns.OF_MALL, with_quantities)
    for execution in Execution:
        found[execution.value] = Tab(execution.label, books.filter(execution=execution), columns.OF_ISSUED)
    return found


def with_quantities(books) -> list[TaskBook]:
    """采购数量, 已完成数量 of e-mall books; 可用数量 is the difference. Two queries for a whole page."""
    rows = list(books)
    items = PlanItem.objects.filter(plan__in=[book.approved_plan_id for book in rows]).order_by()
    ordered = dict(items.values_list("plan").annotate(Sum("quantity")))
    bought = ExecutionResult.objects.quantities(rows)
    for book in rows:
        book.ordered = ordered.get(book.approved_plan_id, Decimal(0))
        book.bought = bought.get(book.pk, Decimal(0))
    return rows


def listing(request, kind: str):
    return show(request, MENUS[kind], tabs_of_kind(request, kind), kind)


def issued(request):
    return show(request, ISSUED, tabs_of_issued(request), "issued")


def show(request, title: str, tabs: dict[str, Tab], kind: str):
    current = chosen(request, tabs)
    filters = FilterForm(request.GET)
    pairs = {key: (tab.label, tab.papers) for key, tab in tabs.items()}
    tab = tabs[current]
    page = lists.keyset(filters.apply(tab.papers.for_list()), request.GET)
    context = {
        "stage": BookStage, "which": "filing", "title": title, "tab": current, "filters": filters,
        "tabs": lists.tab_bar(pairs, current, request.GET, filters.apply), "page": page,
        "rows": [row(paper, tab.columns, request.user) for paper in tab.prepared(page.rows)],
        "columns": tab.columns, "total": sum(paper.amount for paper in page.rows),
        "export_url": f"{reverse('taskbook-export', args=[kind])}?{request.GET.urlencode()}",
        "own": request.user.current.post == Post.CLERK,
    }  # fmt: skip
    return render(request, "tasks/taskbook_list.html", context)


def chosen(request, tabs: dict) -> str:
    return request.GET.get("tab") if request.GET.get("tab") in tabs else next(iter(tabs))


def row(paper, shown: list[Column], user) -> dict:
    """One line: a plan with its 备案 button, or a book."""
    waits = isinstance(paper, Plan)
    return {
        "paper": paper,
        "url": (PlanStage if waits else BookStage).url("detail", paper.pk),
        "cells": [{"column": column, "value": column.value(paper)} for column in shown],
        "actions": [file_action(paper)] if waits and filing.seat_obstacle(paper, user) is None else [],
        "steps": detail.steps(paper),
    }


def file_action(plan) -> dict:
    return {"verb": "file", "label": "备案", "tone": "primary", "url": f"{filing_url(plan)}?verb=file"}


def filing_url(plan) -> str:
    return reverse("taskbook-file", args=[plan.pk])


def export(request, kind: str):
    """The list as shown, as .xlsx."""
    if kind not in (*BookKind.values, "issued"):
        raise Http404
    title = MENUS.get(kind, ISSUED)
    tabs = tabs_of_issued(request) if kind == "issued" else tabs_of_kind(request, kind)
    tab = tabs[chosen(request, tabs)]
    papers = FilterForm(request.GET).apply(tab.papers.for_list()).order_by("-pk")[: list_pages.EXPORT_ROWS]
    head = ["编号", "名称", *(column.label for column in tab.columns), "状态"]
    papers = tab.prepared(papers)
    rows = ([p.number, p.title, *(column.value(p) for column in tab.columns), p.status] for p in papers)
    return download(f"{title}-{tab.label}.xlsx", workbook(title, head, rows))
