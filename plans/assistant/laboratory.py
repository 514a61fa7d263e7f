"""规则试验室: change a threshold in a dry run and see which plans would be judged otherwise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.apps import apps
from django.utils import timezone

from procurement.flow.models import Desk

from .context import Context
from .facts import PlanFacts
from .registry import RULES, examine
from .rules import office_reasons

MOST = 500  # plans in one trial


@dataclass(frozen=True)
class Flip:
    """One rule that would judge one plan otherwise; severity is empty where it says nothing."""

    plan: object
    code: str
    title: str
    before: str
    after: str
    office_before: bool
    office_after: bool


def trial(year: int, changes: Mapping[tuple[str, str], Decimal]) -> Iterator[Flip]:
    """Flips among the submitted plans of a year; nothing is written."""
    plans = apps.get_model("plans", "Plan").objects.in_year(year).filter(submitted_at__isnull=False)
    for plan in plans.exclude(state=Desk.VOID).select_related("unit").order_by("pk")[:MOST]:
        yield from flips(plan, changes)


def flips(plan, changes: Mapping[tuple[str, str], Decimal]) -> Iterator[Flip]:
    """As the plan stood on the day of its submission."""
    facts = PlanFacts.of(plan)
    context = Context.at(timezone.localdate(plan.submitted_at), plan.unit, facts)
    was, would = examine(facts, context), examine(facts, replace(context, limits=context.limits | changes))
    before, after = ({finding.code: finding.severity for finding in found} for found in (was, would))
    offices = bool(office_reasons(was, facts)), bool(office_reasons(would, facts))
    for code in sorted(before.keys() | after.keys()):
        if before.get(code) != after.get(code):
            yield Flip(plan, code, RULES[code].title, before.get(code, ""), after.get(code, ""), *offices)
