"""What has grown out of a plan in the apps that build on plans; they register, the plan asks."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Exists

from procurement.flow.documents import DocumentQuerySet


class Grown(NamedTuple):
    """Papers that stand in the way of giving a plan up."""

    exists: Callable[[], Exists]  # of the plan OuterRef("pk")
    sentence: str


class Outcome(NamedTuple):
    """What was bought on one row of an earlier plan."""

    unit: int
    category: str
    day: date
    plan: str  # its number
    planned: Decimal
    planned_quantity: Decimal
    bought: Decimal
    quantity: Decimal


KINDS: dict[str, Grown] = {}
LOCKS: list[Callable[[Collection[int]], dict[int, str]]] = []  # keys of plans -> number of what holds each
OUTCOMES: list[
    Callable[[Collection[int], Collection[str]], Iterable[Outcome]]
] = []  # of units, in categories


class PlanQuerySet(DocumentQuerySet):
    """Lists know what has grown out of each plan: still one query."""

    def for_list(self):
        return super().for_list().annotate(**{f"has_{name}": one.exists() for name, one in KINDS.items()})


def locks(keys: Collection[int]) -> dict[int, str]:
    """The plans among these something is pending about, each with the number of that paper."""
    found: dict[int, str] = {}
    for asked in LOCKS if keys else ():
        found |= asked(keys)
    return found


def outcomes(units: Collection[int], categories: Collection[str]) -> list[Outcome]:
    """What came of these units' earlier plans in these categories."""
    return [one for asked in OUTCOMES if categories for one in asked(units, categories)]


def obstacle(plan) -> str | None:
    """Why the plan may not be voided."""
    for name, one in KINDS.items():
        mine = type(plan).objects.filter(one.exists(), pk=plan.pk)
        if getattr(plan, f"has_{name}", None) or (not hasattr(plan, f"has_{name}") and mine.exists()):
            return one.sentence
    return None
