"""采购方式变更 begins with a filed plan (manual 3.5.5, steps 1 and 2)."""

from django.shortcuts import render

from accounts.models import Post
from procurement.flow import form_pages
from procurement.flow.context import fiscal_year
from procurement.flow.list_pages import need

from .stages import ChangeStage, chosen, filed_plans

SHOWN = 200


def start(request):
    """First the plan, then the form with its data."""
    need(request, {Post.CLERK}, ChangeStage.entry)
    if chosen(request):
        return form_pages.new(ChangeStage, request)
    request.menu_url = "methodchange-list"
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    plans = filed_plans(request).in_year(fiscal_year(request)).matching(words)
    context = {
        "stage": ChangeStage, "title": "选择要变更采购方式的计划", "words": words,
        "plans": plans.exclude(method_changes__is_open=True).order_by("-pk")[:SHOWN],
        "list_url": ChangeStage.url("list"),
    }  # fmt: skip
    return render(request, "tasks/change_pick.html", context)
