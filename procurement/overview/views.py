"""The home page, the search over all kinds of papers, and two addresses for whoever watches the server."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Organization, OrgKind, Post
from procurement import clock
from procurement.flow.context import fiscal_year, waiting
from procurement.flow.forms import AmountField
from procurement.flow.lists import Page, keyset
from procurement.flow.models import Document

from . import flowchart
from . import home as parts
from .kinds import listed, stages

SHORTEST, LONGEST = 2, 100


@require_safe
def home(request):
    """工作台 of the post being acted in."""
    current = request.user.current
    context = {"greeting": parts.greeting(), "today": timezone.localtime(clock.now()), "title": "工作台"}
    if current is None:
        return render(request, "overview/home.html", context | {"no_post": True})
    year, own = fiscal_year(request), current.content_object.kind == OrgKind.PURCHASER
    sums = parts.totals(current.content_object_id, year) if own else {}
    papers = parts.counted(current.content_object_id, year) if own else None
    found = parts.cards(request, sums)
    for card in found:
        card["url"] = reverse(card["url_name"]) + card["query"]
    context |= {
        "cards": found, "total": sum(row["n"] for row in waiting(request).values()),
        "late": sum(card["count"] for card in found if card["tone"] == "r"),
        "chart": flowchart.drawn(current.post, waiting(request), papers, sums.get("open")),
        "bars": parts.bars(sums) if sums.get("issued") else [], "own": own,
        "figures": parts.key_figures(sums) if own else [],
        "publications": parts.publications(current.content_object_id) if own else [],
        "new_choices": new_choices() if current.post == Post.CLERK else [],
    }  # fmt: skip
    if current.post == Post.CLERK:
        context["drafts"], context["submissions"] = parts.own_papers(request.user)
    if current.post in parts.REVIEWERS:
        context["queue"] = parts.queue(request.user)
    return render(request, "overview/home.html", context)


def new_choices() -> list[tuple[str, str]]:
    """What 新建业务 offers: every kind that is begun by itself."""
    return [
        (f"{stage.model._meta.verbose_name}{f'（{text}）' if text else ''}", f"{stage.url('new')}{query}")
        for stage in stages().values()
        if stage.begun_by_itself
        for text, query in ([(name, f"?kind={code}") for code, name in stage.kinds.items()] or [("", "")])
    ]


@require_safe
def search(request):
    """Papers of all kinds and years by number, title, unit or amount, as far as one may see them."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    found = (
        Document.objects.visible_to(request.user).filter(wanted(q)).for_list() if len(q) >= SHORTEST else None
    )
    page = keyset(found, request.GET) if found is not None else Page([])
    context = {
        "query": q, "page": page, "rows": listed(page.rows), "title": "搜索", "too_short": len(q) < SHORTEST
    }  # fmt: skip
    return render(request, "overview/search.html", context)


def wanted(q: str) -> Q:
    """Number, title or unit contains it, or the amount is it; % and _ mean themselves."""
    named = Organization.objects.filter(Q(name__icontains=q) | Q(short_name__icontains=q)).values("pk")
    match = Q(number__icontains=q) | Q(title__icontains=q) | Q(unit__in=named)
    try:
        amount = AmountField(max_digits=18, decimal_places=2).clean(q)
    except ValidationError:
        return match
    return match | Q(amount=amount)


@require_safe
@login_not_required
def healthz(request):
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@login_not_required
def readyz(request):
    """The database answers too; the broker is not asked, for losing it loses nothing (architecture.md §5)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ready", content_type="text/plain")
