"""Remembers which pages a learner saw: only those an exercise asks about, only in practice mode."""

import logging
from datetime import datetime
from functools import cache
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from procurement.flow.models import Document

from .exercises import ALL
from .models import Visit

log = logging.getLogger(__name__)
KEY = "practice_visits"
BEFORE_LOGIN = {"driver-help", "login", "cakey-examine"}


@cache
def asked() -> dict[str, list[tuple[str, list[tuple[str, str]]]]]:
    """{name of a page: [(as the exercise asks, what the address must say)]}."""
    found: dict[str, list] = {}
    for page in sorted({page for one in ALL for fact in one.check.facts for page in fact.pages}):
        name, _, query = page.partition("?")
        found.setdefault(name, []).append((page, parse_qsl(query, keep_blank_values=True)))
    return found


@cache
def at_a_desk() -> set[str]:
    """Pages of which it matters where the paper lay."""
    return {page for one in ALL for fact in one.check.facts if fact.desks for page in fact.pages}


def seen(request) -> list[str]:
    """The asked pages this request was about; `?c` is met by any value, `?tab=done` by that one."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    return [
        page
        for page, wanted in asked().get(name, [])
        if all(key in request.GET and value in ("", request.GET[key]) for key, value in wanted)
    ]


class VisitMiddleware:
    """Stands innermost: what it sees answered is what the page itself answered."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if settings.PRACTICE and response.status_code == 200 and request.method != "HEAD":
            remember(request)
        return response


def remember(request) -> None:
    """A page is never lost over it."""
    pages, now = seen(request), timezone.now()
    if not request.user.is_authenticated:
        return carry(request, [page for page in pages if page in BEFORE_LOGIN], now)
    try:
        keep(request.user, claimed(request) + [(page, desk_of(page, request), now) for page in pages])
    except DatabaseError:
        log.exception("visit of %s not kept", request.path)


def carry(request, pages: list[str], now: datetime) -> None:
    """Nobody is logged in yet: the session keeps it, which a login takes over."""
    if pages:
        request.session[KEY] = request.session.get(KEY, {}) | {page: now.isoformat() for page in pages}


def claimed(request) -> list[tuple[str, str, datetime]]:
    """What this browser saw before its login."""
    if KEY not in request.session:
        return []
    return [(page, "", datetime.fromisoformat(at)) for page, at in request.session.pop(KEY).items()]


def desk_of(page: str, request) -> str:
    """Where the paper lies."""
    if page not in at_a_desk():
        return ""
    paper = Document.objects.filter(pk=request.resolver_match.kwargs["pk"])
    return paper.values_list("state", flat=True).first() or ""


def keep(user, visits: list[tuple[str, str, datetime]]) -> None:
    """One statement, or none."""
    Visit.objects.bulk_create(
        [Visit(user=user, page=page, desk=desk, at=at) for page, desk, at in visits],
        update_conflicts=True, unique_fields=["user", "page", "desk"], update_fields=["at"],
    )  # fmt: skip
