"""Pages of announcements beside those of the stage: choosing a format, the preview."""

from django.shortcuts import render

from accounts.models import OrgKind, Post
from procurement.flow import form_pages
from procurement.flow.list_pages import need
from procurement.flow.paper_pages import fetch

from . import article
from .formats import FORMATS, STANDARD, Writer
from .stage import AnnouncementStage


def start(request):
    """新增: first which of the formats, then its form."""
    need(request, {Post.CLERK}, AnnouncementStage.entry)
    if request.method == "POST" or "kind" in request.GET:
        return form_pages.new(AnnouncementStage, request)
    request.menu_url = "announcement-list"
    office = request.user.current.content_object.kind == OrgKind.OFFICE
    writer = Writer.OFFICE if office else Writer.UNIT
    context = {
        "stage": AnnouncementStage, "title": "选择公告类型", "standard": STANDARD,
        "offered": [one for one in FORMATS.values() if one.writer == writer],
        "automatic": [one for one in FORMATS.values() if one.writer == Writer.MODULE],
        "others": [one for one in FORMATS.values() if one.writer not in (writer, Writer.MODULE)],
        "office": office, "list_url": AnnouncementStage.url("list"),
    }  # fmt: skip
    return render(request, "notices/announcement_choose.html", context)


def preview(request, pk: int):
    """The announcement as the portal will show it, by the renderer of what is sent."""
    paper = fetch(AnnouncementStage, request, pk)
    publication = paper.publication
    context = {
        "paper": paper,
        "publication": publication,
        "sections": article.sections(paper),
        "on": paper.publication_day(),
        "files": paper.attachments.filter(category="public").order_by("pk"),
    }
    return render(request, "notices/announcement_preview.html", context)
