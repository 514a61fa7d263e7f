"""What has grown out of a plan in the apps that build on plans; they register, the plan asks."""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Exists

from procurement.flow.documents import DocumentQuerySet


class Grown(NamedTuple):
    """Papers that stand in the way of giving a plan up."""

    exists: Callable[[], Exists]  # of the plan OuterRef("pk")
    sentence: str


KINDS: dict[str, Grown] = {}


class PlanQuerySet(DocumentQuerySet):
    """Lists know what has grown out of each plan: still one query."""

    def for_list(self):
        return super().for_list().annotate(**{f"has_{name}": one.exists() for name, one in KINDS.items()})


def obstacle(plan) -> str | None:
    """Why the plan may not be voided."""
    for name, one in KINDS.items():
        mine = type(plan).objects.filter(one.exists(), pk=plan.pk)
        if getattr(plan, f"has_{name}", None) or (not hasattr(plan, f"has_{name}") and mine.exists()):
            return one.sentence
    return None
