"""The end of a filed contract: 履约完成, or 终止 with the money that was not paid (domain.md §15.3)."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone

from budgets.models import Ledger
from plans.models import Plan

from . import notice
from .models.choices import Sort, Standing
from .sums import shares, total

PASSED = "passed"


def paid(contract) -> Decimal:
    return total(contract.paid.values_list("amount", flat=True))


def completed(contract, log) -> None:
    """Accepted as a whole, it is done."""
    independent(contract)
    if not contract.accepted.filter(verdict=PASSED).exists():
        raise ValidationError("登记验收合格后才能办理履约完成。")
    close(contract, Standing.COMPLETED, log)


def terminated(contract, log) -> None:
    """What was not paid is the plan's reservation again, in proportion over its quotas; told to the public.

    No rule we know orders a notice of a termination as such; it changes a published contract more than
    any change of terms does, and that is published within two working days (domain.md §22, D07; 政府采购法
    第五十条 lets a contract end only in the public's interest). So it is owed at once, like a change.
    """
    independent(contract)
    plan = Plan.objects.locked(contract.approved_plan_id)
    rows = [row for row in contract.fundings.all() if row.amount]
    contract.returned = contract.amount - paid(contract)
    parts = shares(contract.returned, [row.amount for row in rows])
    back = {row.confirmation_id: part for row, part in zip(rows, parts, strict=True) if part}
    Ledger(plan, log.by, move=log, paper=contract).uncommit(back)
    close(contract, Standing.TERMINATED, log)
    if not contract.is_secret:
        notice.terminate(contract, log)


def independent(contract) -> None:
    """Its supplements end first, each with its own money."""
    open_ones = contract.followers.filed().filter(sort=Sort.SUPPLEMENT, standing=Standing.IN_FORCE)
    if other := open_ones.first():
        raise ValidationError(f"补充合同 {other.contract_no} 还在履行，请先办理它的终止或履约完成。")


def close(contract, standing: str, log) -> None:
    contract.standing, contract.ended_on = standing, timezone.localdate(log.at)
    contract.save(update_fields=["standing", "ended_on", "returned"])
