"""Plain functions that make what the tests of budgets work on."""

from decimal import Decimal

from accounts.models import Organization, User
from budgets.models import AdjustmentKind, BudgetEntry, Quota
from tests.papers import nature
from tests.world import YEAR


def quota(unit: Organization, amount="100.00", no: str = "ZB1", **fields) -> Quota:
    """An issued quota of a unit."""
    defaults = {
        "project_name": "教学设备更新",
        "fund_nature": nature(),
        "division": unit.division,
        "fiscal_year": YEAR,
        "source_type": "year_start",
    }
    row = Quota.objects.create(quota_no=no, unit=unit, **(defaults | fields))
    row.change(AdjustmentKind.ISSUE, Decimal(amount))
    return Quota.objects.get(pk=row.pk)


def paper(unit: Organization, by: User, number: str = "JH1") -> BudgetEntry:
    """Some paper that can hold money; until plans exist a budget entry stands in for one."""
    entry = BudgetEntry.begin(
        unit, by, year=YEAR, number=number, title="实训台", project_name="实训台", fund_nature=nature(),
        entry_type="other", fund_source="business",
    )  # fmt: skip
    entry.save()
    return entry
