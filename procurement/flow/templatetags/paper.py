"""Filters and tags for papers; built in, so no template loads them."""

import secrets
from bisect import bisect_right
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django import template
from django.core.cache import cache
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from procurement.clock import now, today
from procurement.reference import money as amounts
from procurement.reference.models import CalendarDay

register = template.Library()
TABLES: dict[str, tuple[list[date], date]] = {}  # at most one: the working days as last read


@register.filter
def money(value) -> str:
    """1,234.50; 「—」 where there is no amount."""
    return "—" if value in (None, "") else f"{Decimal(value):,.2f}"


@register.filter
def figure(value) -> str:
    """A quantity or unit price without idle zeros: 1,234.5."""
    if value in (None, ""):
        return "—"
    text = f"{Decimal(value):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def wan(value) -> str:
    return "—" if value in (None, "") else amounts.wan(Decimal(value))


@register.filter
def capitals(value) -> str:
    return amounts.capitals(Decimal(value or 0))


@register.filter
def day(value) -> str:
    """2026-11-22, Shanghai."""
    if not value:
        return "—"
    return f"{timezone.localtime(value) if isinstance(value, datetime) else value:%Y-%m-%d}"


@register.filter
def clock(value) -> str:
    """2026-11-22 09:31, Shanghai."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else "—"


@register.filter
def waited(since) -> str:
    """How long something lies here: 3 小时 on the first day, then working days."""
    if since is None:
        return "—"
    hours = max(int((now() - since).total_seconds() // 3600), 0)  # a clock may be set back
    days = waited_days(since)
    return f"{days} 个工作日" if days else f"{hours} 小时" if hours else "不到 1 小时"


@register.filter
def waited_days(since) -> int:
    """Working days since a moment; days past the announced calendar count as they come."""
    start, this = timezone.localtime(since).date(), today()
    worked, last = worked_days()
    counted = bisect_right(worked, this) - bisect_right(worked, start)
    return max(counted, 0) + max((this - max(last, start)).days, 0)


def worked_days() -> tuple[list[date], date]:
    """Every announced working day in order, and the last announced day; remembered for a minute.

    The cache holds only a mark: unpickling the table for every row of a list cost more than the rest.
    """
    mark = cache.get("worked-days")
    if mark not in TABLES:
        rows = list(CalendarDay.objects.order_by("date").values_list("date", "is_workday"))
        mark = secrets.token_hex(8)
        TABLES.clear()
        TABLES[mark] = [day for day, worked in rows if worked], rows[-1][0] if rows else date.min
        cache.set("worked-days", mark, 60)
    return TABLES[mark]


@register.simple_tag
def waited_tag(since) -> str:
    """已停留 as a list shows it: grey, orange over two working days, red over three."""
    if since is None:
        return "—"
    days = waited_days(since)
    if days <= 2:
        return format_html('<span class="muted num">{}</span>', waited(since))
    tone = "r" if days > 3 else "o"
    return format_html('<span class="tag {}">{}{}</span>', tone, icon("clock", "i i-s"), waited(since))


MINI = {"done": "d", "current": "c", "todo": ""}


@register.simple_tag
def steps_mini(steps, returned: bool = False) -> str:
    """The route in one line of a list, a dash a step."""
    marks = MINI | {"current": "b"} if returned else MINI
    dashes = format_html_join("", '<i class="{}"></i>', ((marks[step["state"]],) for step in steps))
    label = f"共 {len(steps)} 步"
    return format_html('<span class="steps-mini" role="img" aria-label="{}">{}</span>', label, dashes)


@register.filter
def get(mapping, key):
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.filter
def verb_name(move, paper) -> str:
    """What a move is called on this kind of paper."""
    return paper.verb_label(move.verb)


@register.filter
def paper_kind(model) -> str:
    return model._meta.verbose_name


@register.simple_tag
def icon(name: str, css: str = "i") -> str:
    """{% icon "search" "i i-s" %}: a symbol of the sprite, hidden from screen readers."""
    return drawn(name, css, static("icons.svg"))


@lru_cache(maxsize=500)
def drawn(name: str, css: str, sprite: str) -> str:
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, sprite, name)
