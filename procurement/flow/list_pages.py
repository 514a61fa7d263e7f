"""The three lists of a stage: 录入 (list), 审核 (review), 备案 (filing), and their export."""

from django.http import Http404
from django.shortcuts import render

from accounts.models import Post

from . import detail, lists
from .drafts import offers
from .export import download, workbook
from .menu import READERS
from .moves import Refused, details_of

EXPORT_ROWS = 5000


def need(request, posts, label: str) -> None:
    """Refuse unless the post being acted in is one of these."""
    if request.user.current is None or request.user.current.post not in posts:
        needed = "、".join(Post(post).label for post in sorted(set(posts) - READERS))
        raise Refused(f"“{label}”由{needed}办理，您当前的岗位不能打开。")


def tabs_of(stage, request, which: str) -> tuple[str, dict]:
    """(page title, tabs) of one of the lists, after checking the post."""
    if which == "list":
        need(request, {Post.CLERK}, stage.entry)
        mine = stage.papers(request).filter(unit=request.user.current.content_object_id)
        return stage.entry, lists.entry_tabs(mine)
    if which == "filing":
        need(request, {Post.CLERK}, stage.filing)
        mine = stage.papers(request).filter(unit=request.user.current.content_object_id)
        return stage.filing, lists.filing_tabs(mine)
    need(request, stage.review_posts() | READERS, stage.review)
    return stage.review, lists.review_tabs(stage.papers(request), request.user)


def listing(stage, request, which: str):
    title, tabs = tabs_of(stage, request, which)
    current = request.GET.get("tab") if request.GET.get("tab") in tabs else next(iter(tabs))
    filters = stage.filter_form(request.GET)
    bar = lists.tab_bar(tabs, current, request.GET, filters.apply)
    page = lists.keyset(filters.apply(tabs[current][1].for_list()), request.GET)
    rows = [row(stage, paper, request.user) for paper in page.rows]
    context = {
        "stage": stage, "which": which, "title": title, "tabs": bar, "tab": current, "filters": filters,
        "page": page, "rows": rows,
        "columns": stage.columns, "total": sum(paper.amount for paper in page.rows),
        "export_url": f"{stage.url('export', which)}?{request.GET.urlencode()}",
        **new_links(stage, which), "batch_url": batch_url(stage, which, rows),
        "keeping": {"offers": offers(stage, request.user) if (which, current) == ("list", "draft") else []},
    }  # fmt: skip
    own = stage.templates("list" if which == "list" else f"{which}_list")[0]
    return render(request, [own, "flow/list.html"], context)


def new_links(stage, which: str) -> dict:
    """The 新增 button, one or a menu."""
    if which != "list":
        return {"new_url": "", "new_choices": []}
    new = stage.url("new")
    return {
        "new_url": new,
        "new_choices": [(label, f"{new}?kind={kind}") for kind, label in stage.kinds.items()],
    }


def batch_url(stage, which: str, rows: list[dict]) -> str:
    """批量通过 is offered where at least one row of the page qualifies."""
    offered = which == "review" and any(row["pick"] and not row["pick"]["why"] for row in rows)
    return stage.url("batch") if offered else ""


def row(stage, paper, user) -> dict:
    """One line of a list: the paper, its cells, what this user can do with it."""
    open_actions = actions(stage, paper, user)
    decides = any(action["verb"] == "approve" for action in open_actions)
    return {
        "paper": paper,
        "url": stage.url("detail", paper.pk),
        "cells": [{"column": column, "value": column.value(paper)} for column in stage.columns],
        "actions": open_actions,
        "pick": {"value": f"{paper.pk}-{paper.version}", "why": stage.batchable(paper)} if decides else None,
        "edit_url": stage.url("edit", paper.pk) if paper.obstacle("submit", user) is None else "",
        "delete_url": stage.url("delete", paper.pk) if detail.deletable(paper, user) else "",
        "steps": detail.steps(paper),
    }


def actions(stage, paper, user) -> list[dict]:
    """The buttons; approve and send_back share one, 审核."""
    return [
        {
            "verb": verb,
            "label": "审核" if verb == "approve" else paper.verb_label(verb),
            "tone": "primary" if verb == "approve" else details_of(getattr(stage.model, verb))["tone"],
            "url": f"{stage.url('move', paper.pk)}?verb={verb}",
        }
        for verb in paper.open_verbs(user)
        if verb != "send_back"
    ]


def export(stage, request, which: str):
    """The list as shown, as .xlsx; the same filters, no paging, at most EXPORT_ROWS rows."""
    if which not in ("list", "review", "filing") or (which != "list" and not getattr(stage, which)):
        raise Http404
    title, tabs = tabs_of(stage, request, which)
    current = request.GET.get("tab") if request.GET.get("tab") in tabs else next(iter(tabs))
    papers = stage.filter_form(request.GET).apply(tabs[current][1].for_list()).order_by("-pk")[:EXPORT_ROWS]
    head = ["编号", "名称", *(column.label for column in stage.columns), "状态"]
    rows = ([p.number, p.title, *(column.value(p) for column in stage.columns), p.status] for p in papers)
    return download(f"{title}-{tabs[current][0]}.xlsx", workbook(title, head, rows))
