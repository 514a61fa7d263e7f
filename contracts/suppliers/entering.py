"""Suppliers of a filed contract enter the register; what it says of them already stays."""

from collections.abc import Iterable

from accounts.models import User

from .choices import Investment, Size, Special
from .models import COPIED, Supplier


def enter(rows: Iterable, by: User) -> None:
    """`rows` have the columns of the register; by code, so that filings wait in one order."""
    for row in sorted(rows, key=lambda row: row.uscc):
        card = {name: getattr(row, name) for name in COPIED}
        card["size"], card["special"] = card["size"] or Size.OTHER, card["special"] or Special.OTHER
        if not card["country"]:
            card["investment"] = Investment.DOMESTIC
        if card["investment"] == Investment.DOMESTIC:
            card["country"] = ""
        Supplier.objects.remember(card.pop("uscc"), card.pop("name"), by, **card)
