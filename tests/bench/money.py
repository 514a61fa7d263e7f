"""Quotas and confirmations in bulk, with the ledger they would have."""

from decimal import Decimal

from budgets.models import AdjustmentKind, LedgerEntry, Quota, QuotaAdjustment, QuotaConfirmation
from procurement.reference.models import FundNature

MANY = 10_000
BATCH = 1000  # rows of one INSERT: with bound parameters there may be 65,535 of those
PLENTY = Decimal("90000000.00")


def nature() -> FundNature:
    return FundNature.objects.get_or_create(
        code="1", defaults={"name": "一般公共预算资金", "is_fiscal": True, "stat_bucket": 1}
    )[0]


def quotas(unit, count: int, amount: Decimal = PLENTY, prefix: str = "ZB") -> list[Quota]:
    """Issued quotas of a unit, each with its row in finance's record."""
    kind = nature()
    made = Quota.objects.bulk_create((
        Quota(
            quota_no=f"{prefix}{number:06d}", unit=unit, division=unit.division, fiscal_year=2026,
            source_type="year_start", project_name="教学设备更新", fund_nature=kind, issued_amount=amount,
        )
        for number in range(count)), batch_size=BATCH
    )  # fmt: skip
    QuotaAdjustment.objects.bulk_create(
        (QuotaAdjustment(quota=quota, kind=AdjustmentKind.ISSUE, amount=amount) for quota in made),
        batch_size=BATCH,
    )
    return made


def confirmed(quotas: list[Quota], by, amount: Decimal) -> list[QuotaConfirmation]:
    """One confirmation of `amount` on each quota."""
    made = QuotaConfirmation.objects.bulk_create(
        (QuotaConfirmation(quota=quota, seq=1, amount=amount, confirmed_by=by) for quota in quotas),
        batch_size=BATCH,
    )
    LedgerEntry.objects.bulk_create(
        (LedgerEntry(confirmation=row, kind="confirm", amount=amount, by=by) for row in made),
        batch_size=BATCH,
    )
    keys = [quota.pk for quota in quotas]
    Quota.objects.filter(pk__in=keys).update(confirmed_amount=amount, confirmed_count=1, last_seq=1)
    return made
