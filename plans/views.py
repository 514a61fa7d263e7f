"""Pages of plans beside those of the stage."""

from django.shortcuts import render

from accounts.models import Post
from procurement.flow import form_pages
from procurement.flow.list_pages import need

from .models import PlanType
from .sources import chosen, intents_open_to, numbers, open_to
from .stages import PlanStage

SHOWN = 200


def start(request):
    """新增: first the published intent or the confirmed quotas (manual 3.5.1), then the form."""
    need(request, {Post.CLERK}, PlanStage.entry)
    kind = PlanStage.kind(request)
    ready = {"blank", "draft"} & set(request.GET) or PlanStage.intent(request) is not None
    if request.method == "POST" or ready or chosen(request, kind):
        return form_pages.new(PlanStage, request)
    request.menu_url = "plan-list"
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    offered = [row for row in open_to(request, kind) if matches(row.quota, words)]
    intents = []
    if kind == PlanType.PROJECT:
        intents = intents_open_to(request).filter(project_name__icontains=words)[:SHOWN]
    context = {
        "stage": PlanStage, "title": f"新增{PlanType(kind).label}", "kind": kind, "words": words,
        "offered": offered[:SHOWN], "intents": intents, "nothing_ticked": "next" in request.GET,
        "list_url": PlanStage.url("list"),
    }  # fmt: skip
    return render(request, "plans/pick.html", context)


def assist(request):
    """辅助填报 of what is typed, recomputed; nothing is written."""
    need(request, {Post.CLERK}, PlanStage.entry)
    keys = numbers(request.GET.getlist("plan"))
    paper = form_pages.editable(PlanStage, request, keys[0]) if keys else PlanStage.blank(request)
    form = PlanStage.build_form(request, paper, request.POST, request.FILES)
    return render(request, "plans/assistant.html", {"panel": form.panel})


def matches(quota, words: str) -> bool:
    return not words or words in quota.project_name or words in quota.doc_no or words in quota.quota_no
