"""Small phrases the rules share."""

from collections.abc import Iterable
from decimal import Decimal

from procurement.reference.money import plain

from .facts import ItemFacts


def yuan(amount: Decimal) -> str:
    return f"{plain(amount)} 元"


def number(quantity: Decimal) -> str:
    """12.50 as 12.5, 100 as 100."""
    return f"{quantity.normalize():f}"


def rows(items: Iterable[ItemFacts]) -> str:
    """第 1、3、5 项; long lists are cut."""
    numbers = [str(item.number) for item in items]
    return f"第 {'、'.join(numbers[:8])}{' 等 ' + str(len(numbers)) if len(numbers) > 8 else ''} 项"


def listed(words: Iterable[str], most: int = 6) -> str:
    words = list(dict.fromkeys(words))
    return "、".join(words[:most]) + (f"等 {len(words)} 项" if len(words) > most else "")


def anchor(items: list[ItemFacts], name: str) -> str:
    """The field of the first row concerned."""
    return items[0].at(name) if items else "s-items"


def share(factor: Decimal) -> str:
    """0.305 as 30.5%."""
    text = f"{factor * 100:.2f}".rstrip("0").rstrip(".")
    return f"{text}%"
