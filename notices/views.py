"""发布工作台: what is owed to the portal, sent, stuck or drifting, and what a person can do about it."""

import json

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Post
from procurement.flow import lists
from procurement.flow.list_pages import need
from procurement.flow.menu import READERS
from procurement.flow.moves import Refused
from procurement.flow.outbox import wake

from .enclosures import named
from .models import Difference, Event, Inspection, Publication
from .workbench import comparing, queries
from .workbench.article import clean

TITLE = "发布工作台"
READING = frozenset([Post.CLERK, Post.REVIEWER, Post.APPROVER]) | READERS


def may_retry(user, publication: Publication) -> bool:
    """The unit's clerk and the office, as they stand behind the notice."""
    paper = publication.document
    return user.posts.holds(Post.CLERK, paper.unit_id) or user.posts.holds(Post.APPROVER, paper.office_id)


def visible(request, pk: int) -> Publication:
    """For everybody else there is none."""
    need(request, READING, TITLE)
    rows = queries.visible_to(request.user).select_related("document__unit", "document__clerk")
    return get_object_or_404(rows, pk=pk)


@require_GET
def workbench(request):
    """Stuck ones first; the rest one tab away."""
    need(request, READING, TITLE)
    tabs, filters = queries.tabs(request.user), queries.PublicationFilter(request.GET)
    current = request.GET.get("tab") if request.GET.get("tab") in tabs else "stuck"
    page = lists.keyset(filters.apply(queries.for_list(tabs[current][1])), request.GET)
    drift = current == "drift"
    context = {
        "title": TITLE, "page": page, "tab": current, "filters": filters, "drift": drift,
        "tabs": lists.tab_bar(tabs, current, request.GET, filters.apply),
        "rows": [(row, not drift and row.stuck and may_retry(request.user, row)) for row in page.rows],
        "inspection": Inspection.objects.first(),
    }  # fmt: skip
    return render(request, "notices/workbench.html", context)


@require_GET
def detail(request, pk: int):
    """One publication: exactly what was or will be sent, how it looks, and what befell it."""
    row = visible(request, pk)
    differences = list(row.differences.order_by("-pk"))
    context = {
        "title": row.body["title"], "row": row, "paper": row.document,
        "may_act": may_retry(request.user, row),
        "article": clean(row.body["html"]),
        "files": named(row.body),
        "payload": json.dumps(row.body, ensure_ascii=False, indent=2, sort_keys=True),
        "size": len(row.content),
        "events": list(row.events.select_related("by").order_by("-pk")),
        "differences": differences,
        "open": next((compared(one, row) for one in differences if not one.closed_at), None),
    }  # fmt: skip
    return render(request, "notices/publication.html", context)


@require_GET
def difference(request, pk: int):
    """One difference: ours beside the portal's; of a stray only the portal's."""
    need(request, READING, TITLE)
    rows = queries.differences_visible_to(request.user).select_related("delivery__document")
    one = get_object_or_404(rows, pk=pk)
    article = clean(str(one.copy.get("html", ""))) if one.copy else ""
    context = {"title": one.title, "difference": compared(one, one.delivery), "article": article}
    return render(request, "notices/difference.html", context)


def compared(one: Difference, delivery) -> dict:
    """What a template shows of a difference."""
    ours, theirs = delivery.body if delivery else {}, one.copy
    both = bool(ours) and theirs is not None
    return {
        "row": one,
        "changes": comparing.changes(ours, theirs) if both else [],
        "lines": comparing.article(ours["html"], str(theirs.get("html", ""))) if both else [],
    }


@require_GET
def payload(request, pk: int):
    """The exact bytes of the body, whose SHA-256 the portal was told."""
    row = visible(request, pk)
    answer = HttpResponse(row.content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{row.key}.json"'
    return answer


def need_to_act(request, row: Publication, what: str) -> None:
    if not may_retry(request.user, row):
        raise Refused(f"只有本单位经办岗或政府采购处可以{what}公告。")


@require_POST
def retry(request, pk: int):
    """立即重发: the tries begin anew, on record; of two who press at once one is told it is done."""
    row = visible(request, pk)
    need_to_act(request, row, "重新发布")
    with transaction.atomic():
        again = row.send_again()
        if again:
            Event.objects.create(
                delivery_id=row.pk, what=Event.What.AGAIN, by=request.user, text=row.last_error
            )
    if again:
        messages.success(request, "已安排重新发布，稍后刷新查看结果。")
    else:
        row.refresh_from_db()
        messages.warning(request, f"公告现在是“{row.status}”，不需要重新发布。")
    return redirect(next_address(request))


@require_POST
def check(request, pk: int):
    """立即核对: the worker reads this one back now."""
    row = visible(request, pk)
    need_to_act(request, row, "核对")
    if row.state == Publication.State.SENT:
        transaction.on_commit(lambda: wake("portal.check_one", row.pk), robust=True)
        messages.success(request, "已安排读回门户公告核对，稍后刷新查看结果。")
    else:
        messages.warning(request, f"公告现在是“{row.status}”，发布后才能核对。")
    return redirect("publication-detail", row.pk)


def next_address(request) -> str:
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else "publication-list"
