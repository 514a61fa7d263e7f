"""Random money, random applications, random refusals: what was there is carried, returned or still there."""

import random
from decimal import Decimal

import pytest
from django.db.models import Sum

from budgets.carryover.jobs import roll_over
from budgets.models import CarryOver, Ledger, Quota, QuotaConfirmation, Ruling
from budgets.verification import problems
from procurement.flow.models import Desk
from tests.budgets import makers
from tests.world import YEAR

from .makers import JANUARY, D, application, approved, at

pytestmark = pytest.mark.django_db


def fen(dice: random.Random, most: Decimal) -> Decimal:
    """Some of it, now and then all or nothing."""
    return dice.choice([D("0.00"), most, D(dice.randint(0, int(most * 100))).scaleb(-2)])


def furnish(dice: random.Random, unit, clerk) -> None:
    """Quotas with several confirmations, each drawn on by several papers."""
    plans = [makers.paper(unit, clerk, f"JH{number}") for number in range(3)]
    for number in range(4):
        quota = makers.quota(unit, "1000.00", f"ZB{number}")
        for _ in range(dice.randint(1, 3)):
            row = quota.confirm(D(dice.randint(1, 30000)).scaleb(-2), clerk)
            for plan in plans:
                free = QuotaConfirmation.objects.get(pk=row.pk).available
                ledger = Ledger(plan, clerk)
                if taken := fen(dice, free):
                    ledger.reserve({row.pk: taken})
                    if owed := fen(dice, taken):
                        ledger.commit({row.pk: owed})


def decide(dice: random.Random, paper: CarryOver, officer) -> None:
    """Some lines ask for less, some are refused."""
    for line in paper.lines.all():
        line.amount = max(fen(dice, line.balance), D("0.01"))
        line.save(update_fields=["amount"])
        if dice.random() < 0.3:
            Ruling.objects.create(line=line, allowed=dice.random() < 0.5, reason="核定", by=officer)


@pytest.mark.parametrize("seed", range(6))
def test_no_fen_is_made_or_lost(people, unit, clerk, officer, seed):
    dice = random.Random(seed)
    furnish(dice, unit, clerk)
    before = QuotaConfirmation.objects.aggregate(sum=Sum("amount"))["sum"]
    issued = Quota.objects.aggregate(sum=Sum("available"))["sum"]
    paper = application(unit, clerk)
    decide(dice, paper, officer)
    assert approved(paper, people).state == Desk.DONE
    with at(JANUARY):
        assert [roll_over(), roll_over()] == [1, 0]
    assert list(problems()) == []
    lines = CarryOver.objects.get().lines.aggregate(a=Sum("carried_amount"), b=Sum("returned_amount"))
    old = QuotaConfirmation.objects.active().filter(quota__fiscal_year=YEAR)
    left = old.aggregate(sum=Sum("amount") - Sum("carried_amount"))["sum"] or 0
    assert lines["a"] + lines["b"] + left == before
    fresh = Quota.objects.filter(fiscal_year=YEAR + 1).aggregate(a=Sum("issued_amount"), b=Sum("available"))
    assert (fresh["a"], fresh["b"]) == (lines["a"], 0)
    now = Quota.objects.filter(fiscal_year=YEAR).aggregate(a=Sum("available"), b=Sum("frozen_amount"))
    assert (now["a"], now["b"]) == (issued, lines["b"])
