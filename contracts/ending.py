"""The end of a filed contract: 履约完成, or 终止 with the money that was not paid (domain.md §15.3)."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone

from budgets.models import Ledger
from plans.models import Plan

from .models.choices import Standing
from .sums import shares, total

PASSED = "passed"


def paid(contract) -> Decimal:
    return total(contract.paid.values_list("amount", flat=True))


def completed(contract, log) -> None:
    """Accepted as a whole, it is done."""
    if not contract.accepted.filter(verdict=PASSED).exists():
        raise ValidationError("登记验收合格后才能办理履约完成。")
    close(contract, Standing.COMPLETED, log)


def terminated(contract, log) -> None:
    """What was not paid is the plan's reservation again, in proportion over its quotas."""
    plan = Plan.objects.locked(contract.approved_plan_id)
    rows = [row for row in contract.fundings.all() if row.amount]
    contract.returned = contract.amount - paid(contract)
    parts = shares(contract.returned, [row.amount for row in rows])
    back = {row.confirmation_id: part for row, part in zip(rows, parts, strict=True) if part}
    Ledger(plan, log.by, move=log, paper=contract).uncommit(back)
    close(contract, Standing.TERMINATED, log)


def close(contract, standing: str, log) -> None:
    contract.standing, contract.ended_on = standing, timezone.localdate(log.at)
    contract.save(update_fields=["standing", "ended_on", "returned"])
