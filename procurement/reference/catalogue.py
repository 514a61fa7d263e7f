"""Loading an edition of the catalogue from rows; running it twice changes nothing."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from pypinyin import Style, lazy_pinyin

from .models import CatalogueEdition, Category

FLAGS = ["mall_allowed", "central", "energy_saving", "environmental"]
TREE = ["name", "parent_code", "level", "is_leaf", "initials"]


def initials(name: str) -> str:
    """Pinyin initials, what a clerk types to find a category."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore")).lower()[:60]


def ancestors(code: str) -> list[str]:
    """Nearest first: the last pair that is not zero is zeroed, down to the letter."""
    letter, pairs = code[:1], [code[i : i + 2] for i in range(1, len(code), 2)]
    found = []
    for depth in range(len(pairs) - 1, 0, -1):
        if pairs[depth] != "00":
            pairs[depth] = "00"
            found.append(letter + "".join(pairs))
    return [*found, letter] if pairs else []


def attach(rows: list[dict]) -> list[tuple[str, str, str]]:
    """Give every row a parent that exists; returns (code, missing parent, parent taken instead)."""
    codes, repaired = {row["code"] for row in rows}, []
    for row in rows:
        wanted = row.get("parent", "")
        row["parent"] = (
            wanted if wanted in codes else next((c for c in ancestors(row["code"]) if c in codes), "")
        )
        if wanted and row["parent"] != wanted:
            repaired.append((row["code"], wanted, row["parent"]))
    return repaired


@transaction.atomic
def load(edition: str, name: str, valid_from: date, rows: Iterable[dict], flags: bool = False) -> list[tuple]:
    """Insert or update the rows of one edition; returns the parents that had to be repaired."""
    rows = list(rows)
    repaired = attach(rows)
    owner, _ = CatalogueEdition.objects.get_or_create(
        code=edition, defaults={"name": name, "valid_from": valid_from}
    )
    parents = {row["parent"] for row in rows}
    known = set(
        owner.categories.exclude(code__in=[row["code"] for row in rows]).values_list("parent_code", flat=True)
    )
    Category.objects.bulk_create(
        [_category(owner, row, row["code"] not in parents | known) for row in rows],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["edition", "code"],
        update_fields=TREE + (FLAGS if flags else []),
    )
    return repaired


def _category(owner: CatalogueEdition, row: dict, is_leaf: bool) -> Category:
    marks = row.get("flags", "").split()
    return Category(
        edition=owner,
        code=row["code"],
        name=row["name"],
        parent_code=row["parent"],
        level=int(row["level"]),
        is_leaf=is_leaf,
        initials=initials(row["name"]),
        **{flag: flag in marks for flag in FLAGS},
    )
