"""Pages of single-source notices beside those of the stage: picking the quota, the preview."""

from django.shortcuts import render

from accounts.models import Post
from procurement.flow import form_pages, years
from procurement.flow.context import fiscal_year
from procurement.flow.list_pages import need
from procurement.flow.paper_pages import fetch

from .models import OPEN
from .sources import chosen, open_to
from .stages import SingleSourceStage
from .wording import objection_address

SHOWN = 200


def start(request):
    """新增: first the confirmed quota (M 3.4), then the form."""
    need(request, {Post.CLERK}, SingleSourceStage.entry)
    if request.method == "POST" or "draft" in request.GET or chosen(request):
        return form_pages.new(SingleSourceStage, request)
    years.guard(fiscal_year(request), "单一来源公示")
    request.menu_url = "singlesourcenotice-list"
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    offered = open_to(request)
    if words:
        offered = offered.filter(quota__project_name__icontains=words) | offered.filter(
            quota__doc_no__icontains=words
        )
    context = {
        "stage": SingleSourceStage, "title": "选择采购指标", "words": words, "offered": offered[:SHOWN],
        "nothing_picked": "next" in request.GET, "list_url": SingleSourceStage.url("list"),
    }  # fmt: skip
    return render(request, "notices/singlesource_pick.html", context)


def preview(request, pk: int):
    """The notice as the portal will show it."""
    paper = fetch(SingleSourceStage, request, pk)
    files = paper.attachments.filter(category=OPEN).order_by("pk")
    context = {
        "paper": paper, "experts": paper.experts.all(), "publication": paper.publication,
        "objections": objection_address(paper), "files": files,
    }  # fmt: skip
    return render(request, "notices/singlesource_preview.html", context)
