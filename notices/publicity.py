"""单一来源公示: what a plan asks before a single-source purchase (政府采购法实施条例第三十八条)."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef

from procurement.flow.models import Desk

from .models import SingleSourceNotice


def publicity(cases: Iterable[UUID]) -> dict[UUID, bool]:
    """Of each case with a single-source notice: has its term ended without a standing objection?

    One question for many cases, so that a list asks once. A case without a notice is not in the answer:
    nothing is known of it, and whoever asks must say so.
    """
    wanted = set(cases)
    if not wanted:
        return {}
    notices = SingleSourceNotice.objects.filter(case__in=wanted).exclude(state=Desk.VOID)
    good = Exists(SingleSourceNotice.objects.closed_well().filter(pk=OuterRef("pk")))
    found: dict[UUID, bool] = {}
    for case, closed in notices.values_list("case", good):
        found[case] = found.get(case, False) or closed
    return found
