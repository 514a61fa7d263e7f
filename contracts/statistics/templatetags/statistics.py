"""Amounts as the report prints them."""

from decimal import Decimal

from django import template

from contracts.statistics.chart import wan

register = template.Library()


@register.filter
def wanyuan(amount) -> str:
    """Yuan as 万元 with two places."""
    return "—" if amount is None else wan(Decimal(amount))


@register.filter
def yuan(fen) -> Decimal | None:
    """Whole fen as yuan."""
    return None if fen is None else Decimal(fen) / 100
