"""Filters and tags for papers; built in, so no template loads them."""

from bisect import bisect_right
from datetime import date
from decimal import Decimal

from django import template
from django.core.cache import cache
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html

from procurement.reference import money as amounts
from procurement.reference.models import CalendarDay

register = template.Library()


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
    """2026-11-22."""
    return value.strftime("%Y-%m-%d") if value else "—"


@register.filter
def clock(value) -> str:
    """2026-11-22 09:31, Shanghai."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else "—"


@register.filter
def waited(since) -> str:
    """How long something lies here: 3 小时 on the first day, then working days."""
    if since is None:
        return "—"
    hours = int((timezone.now() - since).total_seconds() // 3600)
    days = waited_days(since)
    return f"{days} 个工作日" if days else f"{hours} 小时" if hours else "不到 1 小时"


@register.filter
def waited_days(since) -> int:
    """Working days since a moment; days past the announced calendar count as they come."""
    start, today = timezone.localtime(since).date(), timezone.localdate()
    worked, last = worked_days()
    counted = bisect_right(worked, today) - bisect_right(worked, start)
    return counted + max((today - max(last, start)).days, 0)


def worked_days() -> tuple[list[date], date]:
    """Every announced working day in order, and the last announced day; remembered for a minute."""
    table = cache.get("worked-days")
    if table is None:
        rows = list(CalendarDay.objects.order_by("date").values_list("date", "is_workday"))
        table = [day for day, worked in rows if worked], rows[-1][0] if rows else date.min
        cache.set("worked-days", table, 60)
    return table


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
    sprite = static("icons.svg")
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, sprite, name)
