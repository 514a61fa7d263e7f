"""What every page shows around its content: menu with counts, posts, year, support phone."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Min
from django.urls import reverse

from accounts import years
from accounts.models import Appointment
from procurement import clock

from .menu import sections
from .models import Document

YEAR_KEY = "fiscal_year"
FORM_YEAR = "form_year"  # hidden in every paper's form
WAITING = []  # seat -> rows (kind, desk, n, oldest) of what waits without being a paper yet, or None


def fiscal_year(request) -> int:
    """The year chosen in the top bar, else this one; a form keeps the year it was opened in, past midnight
    and whatever another tab has chosen since."""
    offered, opened = years.offered(), request.POST.get(FORM_YEAR, "") or getattr(request, "kept_year", "")
    if opened in map(str, [*offered, offered[-1] - 1]):
        return int(opened)
    return request.session.get(YEAR_KEY) or offered[1]


class Seat(NamedTuple):
    """What the question of what waits hangs on: who sits where, and the day."""

    post: str
    content_object_id: int
    user_id: int
    day: date


def waiting(request) -> dict[tuple[str, str], dict]:
    """{(kind, desk): {"n": …, "oldest": …}} on the current desk; one query a request."""
    if not hasattr(request, "_waiting"):
        request._waiting = {(row["kind"], row["state"]): row for row in counted(request.user.current)}
    return request._waiting


def counted(current: Appointment | None) -> list[dict]:
    asked = current and question(seat_of(current))
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*asked)
        return [dict(zip(("kind", "state", "n", "oldest"), row, strict=True)) for row in cursor.fetchall()]


def seat_of(current: Appointment) -> Seat:
    return Seat(current.post, current.content_object_id, current.user_id, clock.today())


@lru_cache(maxsize=2048)
def question(seat: Seat) -> tuple[str, tuple] | None:
    """SQL and values, the same on every page of a seat all day: putting it together takes longer than the
    answer. None where nothing can wait."""
    rows = (
        Document.objects.waiting_at(seat)
        .values("kind", "state")
        .annotate(n=Count("pk"), oldest=Min("desk_since"))
        .order_by()
    )
    more = [found for count in WAITING if (found := count(seat)) is not None]
    rows = rows.union(*more, all=True) if more else rows
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None


def menu(request) -> list[dict]:
    """The menu of the current post with its badges."""
    numbers = {key: row["n"] for key, row in waiting(request).items()}
    groups = []
    for label, icon, entries in sections(request.user.current.post):
        items = [menu_item(request, entry, numbers) for entry in entries]
        groups.append(
            {
                "label": label,
                "icon": icon,
                "url": items[0]["url"],
                "count": sum(item["count"] for item in items),
                "active": any(item["active"] for item in items),
                "children": items if len(items) > 1 or items[0]["label"] != label else [],
            }
        )
    return groups


def menu_item(request, entry, numbers: dict) -> dict:
    url = reverse(entry.url_name)
    return {
        "label": entry.label,
        "url": url,
        "count": entry.count(numbers),
        "active": request.path == url or getattr(request, "menu_url", "") == entry.url_name,
    }


def shell(request) -> dict:
    """Context processor; an anonymous page gets only the phone."""
    context = {"support_phone": settings.SUPPORT_PHONE, "demo": settings.MODE == "demo"}
    context["practice"] = settings.PRACTICE
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or getattr(user, "current", None) is None:
        return context
    groups = menu(request)
    return context | {
        "menu": [{"label": "业务办理", "items": groups}],
        "user_posts": [
            {
                "id": a.pk,
                "label": a.label,
                "organization": a.content_object.label,
                "current": a is user.current,
            }
            for a in user.posts
        ],
        "todo_count": sum(row["n"] for row in waiting(request).values()),
        "fiscal_year": fiscal_year(request),
        "years": years.offered(),
    }
