"""Money nobody applied for: when its year is closed it returns to finance (预算法 art. 42; domain.md §15b).

What living papers hold is left to them, or no running plan could end; as soon as one lets go of it, the next
run takes it back too. Whatever is taken is frozen in its quota, so nobody can confirm or plan with it again.
"""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q, Sum

from procurement import clock
from procurement.flow.models import Desk

from ..models.confirmations import QuotaConfirmation
from ..models.ledger import LedgerEntry, LedgerKind
from ..models.quotas import AdjustmentKind, Quota, QuotaAdjustment
from .models import CarryOverLine, YearClose

ZERO = Decimal(0)


def quotas(year: int) -> Iterable[int]:
    """Quotas of the year with something free in them; 预采购 that was never formal is nobody's money yet."""
    mine = Quota.objects.filter(fiscal_year=year, is_procurement=True, provisional=False)
    free = Q(available__gt=0) | Q(pk__in=idle(year).values("quota"))
    return list(mine.filter(free).order_by("pk").values_list("pk", flat=True))


def idle(year: int):
    """Confirmed, in no plan, and in no application that still waits for its end."""
    rows = QuotaConfirmation.objects.active().filter(quota__fiscal_year=year, available__gt=0)
    return rows.filter(quota__provisional=False).exclude(pk__in=awaited(year))


def awaited(year: int):
    """One that was returned to its unit may be handed in again."""
    lines = CarryOverLine.objects.filter(carry_over__fiscal_year=year, carry_over__executed_at=None)
    return lines.exclude(carry_over__state=Desk.VOID).values("confirmation")


def unclaimed(year: int) -> Decimal:
    """How much the closing will take back."""
    mine = Quota.objects.filter(fiscal_year=year, is_procurement=True, provisional=False, available__gt=0)
    sums = [rows.aggregate(sum=Sum("available"))["sum"] or ZERO for rows in (mine, idle(year))]
    return sum(sums, ZERO)


def take_back(close: YearClose) -> Decimal:
    """One transaction for each quota: wherever it dies, the next run goes on from there."""
    return sum((take(close, pk) for pk in quotas(close.fiscal_year)), ZERO)


@transaction.atomic
def take(close: YearClose, pk: int) -> Decimal:
    """Everything free of one quota. Confirmations before quotas, each in the order of the keys."""
    waiting = set(awaited(close.fiscal_year).values_list("confirmation", flat=True))
    active = QuotaConfirmation.objects.active().filter(quota=pk).order_by("pk")
    rows = [row for row in active.select_for_update() if row.available > 0 and row.pk not in waiting]
    quota = Quota.objects.select_for_update(of=("self",)).get(pk=pk)
    gone = [empty(row, close) for row in rows]
    freed = sum((back for back, _ in gone), ZERO)
    total = freed + quota.confirmable
    if total:
        freeze(quota, close, total, freed, sum(wholly for _, wholly in gone))
        YearClose.objects.filter(pk=close.pk).update(returned=F("returned") + total)
    return total


def empty(row: QuotaConfirmation, close: YearClose) -> tuple[Decimal, bool]:
    """(what it gives back, is nothing left of it); wholly given back it is as a deleted one."""
    back = row.available
    wholly = back == row.amount
    if wholly:  # it keeps what it was
        row.status, row.deleted_by_id, row.deleted_at = (
            QuotaConfirmation.Status.DELETED, close.asked_by_id, clock.now(),
        )  # fmt: skip
    else:
        row.amount -= back
    row.save(update_fields=["amount", "status", "deleted_by", "deleted_at"])
    LedgerEntry.objects.create(
        confirmation=row, kind=LedgerKind.SURRENDER, amount=-back, by_id=close.asked_by_id
    )
    return back, wholly


def freeze(quota: Quota, close: YearClose, total: Decimal, freed: Decimal, gone: int) -> None:
    """One statement: nobody can slip in between."""
    Quota.objects.filter(pk=quota.pk).update(
        confirmed_amount=F("confirmed_amount") - freed, confirmed_count=F("confirmed_count") - gone,
        frozen_amount=F("frozen_amount") + total,
    )  # fmt: skip
    QuotaAdjustment.objects.create(
        quota=quota, kind=AdjustmentKind.FREEZE, amount=total, by_id=close.asked_by_id,
        reason=f"{close.fiscal_year} 年度关账，未申请结转，交回财政",
    )  # fmt: skip
