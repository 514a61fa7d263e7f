"""Pages of intents beside those of the stage: picking quotas, the preview."""

from django.shortcuts import render
from django.utils import timezone

from accounts.models import Post
from procurement import clock
from procurement.flow import form_pages, years
from procurement.flow.context import fiscal_year
from procurement.flow.list_pages import need
from procurement.flow.paper_pages import fetch

from .models import Notice
from .sources import chosen, open_to
from .stages import IntentStage

SHOWN = 200


def start(request):
    """新增: first the confirmed quotas to tick (M 3.3), then the form."""
    ready = any(name in request.GET for name in (Notice.CHANGE, Notice.CANCEL, "draft"))
    need(request, {Post.CLERK}, IntentStage.entry)
    if request.method == "POST" or ready or chosen(request):
        return form_pages.new(IntentStage, request)
    years.guard(fiscal_year(request), "采购意向")
    request.menu_url = "intent-list"
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    offered = open_to(request)
    if words:
        offered = offered.filter(quota__project_name__icontains=words) | offered.filter(
            quota__doc_no__icontains=words
        )
    context = {
        "stage": IntentStage, "title": "选择采购指标", "words": words, "offered": offered[:SHOWN],
        "nothing_ticked": "next" in request.GET, "list_url": IntentStage.url("list"),
    }  # fmt: skip
    return render(request, "intents/pick.html", context)


def preview(request, pk: int):
    """The notice as the portal will show it."""
    paper = fetch(IntentStage, request, pk)
    publication = paper.publication
    context = {
        "paper": paper,
        "items": paper.lines,
        "publication": publication,
        "on": timezone.localdate(publication.created_at) if publication else clock.today(),
    }
    return render(request, "intents/preview.html", context)
