"""The turn of the year: money goes on, exactly once."""

import pytest
from django.core.exceptions import ValidationError

from budgets.carryover import rollover
from budgets.carryover.jobs import roll_over
from budgets.models import CarryOver, Holding, Ledger, Quota, QuotaConfirmation
from budgets.verification import problems
from tests.world import YEAR

from .makers import DECEMBER, JANUARY, D, application, approved, at, money

pytestmark = pytest.mark.django_db


def run() -> int:
    with at(JANUARY):
        return roll_over()


def test_money_goes_on_into_the_next_year_with_the_papers_that_hold_it(people, unit, clerk):
    old = money(unit, clerk)
    approved(application(unit, clerk), people)
    assert run() == 1
    fresh = Quota.objects.get(fiscal_year=YEAR + 1)
    assert (fresh.origin, fresh.carry_years, fresh.source_type) == (old.quota, 1, "carryover")
    assert (fresh.issued_amount, fresh.available) == (D("100.00"), 0)
    row = fresh.confirmations.get()
    assert (row.amount, row.reserved_amount, row.committed_amount, row.available) == (100, 35, 40, 25)
    assert row.origin == old
    old.refresh_from_db()
    assert (old.carried_amount, old.reserved_amount, old.committed_amount, old.available) == (100, 0, 0, 0)
    held = Holding.objects.get(confirmation=row)
    assert (held.reserved_amount, held.committed_amount) == (35, 40)
    assert list(problems()) == []


def test_it_happens_once_however_often_it_runs(people, unit, clerk):
    money(unit, clerk)
    paper = approved(application(unit, clerk), people)
    assert [run(), run(), run()] == [1, 0, 0]
    with at(JANUARY):
        assert rollover.execute(paper.pk) is False
    assert Quota.objects.filter(fiscal_year=YEAR + 1).count() == 1


def test_it_waits_for_the_turn_of_the_year(people, unit, clerk):
    money(unit, clerk)
    paper = approved(application(unit, clerk), people)
    with at(DECEMBER):
        assert roll_over() == 0
        assert rollover.execute(paper.pk) is False


def test_what_is_not_carried_returns_to_finance_frozen(people, unit, clerk):
    old = money(unit, clerk)
    approved(application(unit, clerk, contracted="30.00", planned="35.00", idle="5.00"), people)
    run()
    old.refresh_from_db()
    # ten of the contract were paid in the old year and stay, twenty that nobody planned go back
    assert (old.amount, old.carried_amount, old.committed_amount, old.available) == (80, 70, 10, 0)
    quota = Quota.objects.get(pk=old.quota_id)
    assert (quota.frozen_amount, quota.confirmed_amount, quota.available) == (20, 80, 20)
    assert quota.adjustments.get(kind="freeze").amount == 20
    assert Quota.objects.get(fiscal_year=YEAR + 1).issued_amount == 70
    assert list(problems()) == []


def test_a_running_plan_goes_on_under_the_name_its_papers_know(people, unit, clerk):
    old = money(unit, clerk)
    plan = Holding.objects.get().document
    approved(application(unit, clerk, contracted="30.00"), people)
    run()
    fresh = QuotaConfirmation.objects.get(origin=old)
    ledger = Ledger(plan, clerk)
    ledger.commit({old.pk: D("35.00")})  # its last contract is filed in the new year
    fresh.refresh_from_db()
    assert (fresh.reserved_amount, fresh.committed_amount) == (0, 65)
    ledger.uncommit({old.pk: D("75.00")})  # all of it is undone: ten in the old year, the rest in the new
    with pytest.raises(ValidationError, match="差额 66"):
        ledger.release({old.pk: D("76.00")})
    ledger.release()
    assert list(problems()) == []
    fresh.refresh_from_db()
    assert fresh.available == 90


def test_a_contract_filed_after_the_application_is_carried_as_one(people, unit, clerk):
    old = money(unit, clerk)
    paper = application(unit, clerk)
    approved(paper, people)
    plan = Holding.objects.get().document
    Ledger(plan, clerk).commit({old.pk: D("30.00")})
    Ledger(plan, clerk).release({old.pk: D("5.00")})  # saved
    run()
    fresh = QuotaConfirmation.objects.get(origin=old)
    assert (fresh.amount, fresh.committed_amount) == (95, 70)
    assert list(problems()) == []
    assert CarryOver.objects.get().executed_at
