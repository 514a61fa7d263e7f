"""发布工作台: what is owed to the portal, and sending it again by hand."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Post
from procurement.flow import lists
from procurement.flow.list_pages import need
from procurement.flow.menu import READERS
from procurement.flow.models import Document
from procurement.flow.moves import Refused

from .models import Publication

TITLE = "发布工作台"
READING = frozenset([Post.CLERK, Post.REVIEWER, Post.APPROVER]) | READERS


def visible_to(user):
    """Publications of the papers this user may see."""
    papers = Document.objects.visible_to(user).values("pk")
    return Publication.objects.filter(document__in=papers)


def may_retry(user, publication: Publication) -> bool:
    """The unit's clerk and the office, as they stand behind the notice."""
    paper = publication.document
    return user.posts.holds(Post.CLERK, paper.unit_id) or user.posts.holds(Post.APPROVER, paper.office_id)


@require_GET
def workbench(request):
    """Stuck ones first; the rest one tab away."""
    need(request, READING, TITLE)
    mine = visible_to(request.user)
    tabs = {
        "stuck": ("待处理", mine.stuck()),
        "pending": ("发布中", mine.filter(state=Publication.State.PENDING)),
        "sent": ("已发布", mine.filter(state=Publication.State.SENT)),
        "all": ("全部", mine),
    }
    current = request.GET.get("tab") if request.GET.get("tab") in tabs else "stuck"
    found = tabs[current][1].select_related("document__unit")
    page = lists.keyset(found, request.GET)
    context = {
        "title": TITLE,
        "tabs": lists.tab_bar(tabs, current, request.GET, lambda rows: rows),
        "page": page,
        "rows": [(row, row.stuck and may_retry(request.user, row)) for row in page.rows],
    }
    return render(request, "notices/workbench.html", context)


@require_POST
def retry(request, pk: int):
    """立即重发: the tries begin anew."""
    publication = get_object_or_404(visible_to(request.user).select_related("document"), pk=pk)
    if not may_retry(request.user, publication):
        raise Refused("只有本单位经办岗或政府采购处可以重新发布公告。")
    if publication.send_again():
        messages.success(request, "已安排重新发布，稍后刷新查看结果。")
    else:
        messages.warning(request, f"公告现在是“{publication.status}”，不需要重新发布。")
    return redirect(next_address(request))


def next_address(request) -> str:
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else "publication-list"
