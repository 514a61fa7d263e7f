"""What plans ask of task books: which of them a change of method holds, what came of the earlier ones."""

from collections.abc import Collection, Iterator

from django.db.models import Exists, Max, OuterRef, Sum

from plans.grown import Outcome

from .models import MethodChange
from .models.results import ResultLine, Standing


def pending():
    """Changes of method that were submitted and are neither approved nor given up."""
    return MethodChange.objects.filter(is_open=True, submitted_at__isnull=False)


def changing() -> Exists:
    """Of the plan OuterRef("pk"): its method is being changed."""
    return Exists(pending().filter(original_plan=OuterRef("pk")))


def locks(keys: Collection[int]) -> dict[int, str]:
    """Plans among these whose method is being changed, each with the number of the change."""
    return dict(pending().filter(original_plan__in=keys).values_list("original_plan", "number"))


def outcomes(units: Collection[int], categories: Collection[str]) -> Iterator[Outcome]:
    """Items of these categories with what effective results bought of them; one query."""
    rows = ResultLine.objects.filter(
        result__standing=Standing.EFFECTIVE, result__failed=False, plan_item__category__code__in=categories,
        plan_item__plan__unit__in=units,
    )  # fmt: skip
    item = "plan_item__"
    names = ("plan__unit", "category__code", "plan__number", "total_price", "quantity")
    grouped = rows.order_by().values_list(item + "pk", *(item + name for name in names))
    for _, unit, code, number, planned, many, day, bought, quantity in grouped.annotate(
        Max("result__result_date"), Sum("total"), Sum("quantity")
    ):
        yield Outcome(unit, code, day, number, planned, many, bought, quantity)
