"""单一来源公示: what a plan asks before a single-source purchase (政府采购法实施条例第三十八条)."""

from collections.abc import Iterable
from uuid import UUID


def publicity(cases: Iterable[UUID]) -> dict[UUID, bool]:
    """Of each case with a single-source notice: has its term ended without a standing objection?

    One question for many cases, so that a list asks once. There are no such notices yet: nothing is
    known of any case, and whoever asks must say so.
    """
    return {}
