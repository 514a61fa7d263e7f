"""Money at the year's end, and applications for it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import time_machine
from django.db import transaction

from accounts.models import Organization, User
from budgets.models import CarryOver, CarryOverLine, Ledger, QuotaConfirmation
from tests.budgets import makers
from tests.world import YEAR

D = Decimal
DECEMBER = datetime(YEAR, 12, 10, 2, tzinfo=UTC)  # ten in the morning in Hefei
JANUARY = datetime(YEAR + 1, 1, 4, 2, tzinfo=UTC)


def at(moment: datetime, **offset):
    """The clock stands there; sessions and log rows of the block belong to that moment."""
    return time_machine.travel(moment + timedelta(**offset), tick=False)


def money(unit: Organization, clerk: User, no: str = "ZB1", **fields) -> QuotaConfirmation:
    """100.00 confirmed of 120.00: 40 under contract, 35 in the same plan, 25 free."""
    quota = makers.quota(unit, "120.00", no, **fields)
    row = quota.confirm(D("100.00"), clerk)
    plan = makers.paper(unit, clerk, f"JH-{no}")
    Ledger(plan, clerk).reserve({row.pk: D("75.00")})
    Ledger(plan, clerk).commit({row.pk: D("40.00")})
    return QuotaConfirmation.objects.get(pk=row.pk)


@transaction.atomic
def application(unit: Organization, clerk: User, **amounts: str) -> CarryOver:
    """Everything that can be carried, `contracted="10"` less of that."""
    paper = CarryOver.begin(unit, clerk, year=YEAR, title="年终结转", remark="项目未完成")
    paper.assign_number()
    paper.save()
    for one in paper.offered.values():
        amount = D(amounts.get(one.basis, str(one.balance)))
        if amount:
            CarryOverLine.objects.create(
                carry_over=paper, confirmation=one.confirmation, holder=one.holder, basis=one.basis,
                second_year=one.second_year, balance=one.balance, amount=amount, reason="under_way",
                expected_finish=f"{YEAR + 1}-06-30",
            )  # fmt: skip
            paper.amount += amount
    paper.save()
    return paper


def approved(paper: CarryOver, people) -> CarryOver:
    """Through all three desks, in December."""
    with at(DECEMBER):
        paper = paper.perform("submit", people.clerk)
        for person in (people.reviewer, people.divisional, people.officer):
            paper = paper.perform("approve", person)
    return paper
