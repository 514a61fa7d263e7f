"""The turn of the year: money goes on, exactly once."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Organization
from budgets.carryover import rollover
from budgets.carryover.jobs import roll_over
from budgets.models import CarryOver, Holding, Ledger, Quota, QuotaConfirmation
from budgets.verification import problems
from procurement.reference.models import CalendarDay
from tests.budgets import makers
from tests.intents.makers import confirmation
from tests.papers import entry
from tests.plans import makers as plans
from tests.tasks import change_makers as changes
from tests.tasks import makers as books
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


def test_money_follows_a_plan_whose_method_was_changed_meanwhile(people, unit, clerk, reviewer, officer):
    """The application names the plan of December; by the turn its next version holds the money."""
    plans.catalogue()
    confirmed = confirmation(unit, clerk)
    book = books.filed(unit, clerk, reviewer, confirmed, "decentralized", amount="600000.00")
    paper = application(unit, clerk, idle="0")
    approved(paper, people)
    with at(DECEMBER, days=10):
        plan = changes.approved(book.approved_plan, clerk, reviewer, officer).new_plan
    assert run() == 1
    fresh = QuotaConfirmation.objects.get(origin=confirmed)
    held = Holding.objects.get(confirmation=fresh)
    assert (fresh.reserved_amount, held.document_id, held.reserved_amount) == (600000, plan.pk, 600000)
    assert CarryOver.objects.get().lines.get().carried_amount == 600000
    Ledger(plan, clerk).commit({confirmed.pk: D("600000.00")})  # its contract is filed in the new year
    assert list(problems()) == []


def test_money_that_went_there_and_back_is_found(people, unit, clerk):
    row = money(unit, clerk)
    first, second = makers.paper(unit, clerk, "JH-A"), makers.paper(unit, clerk, "JH-B")
    Ledger(first, clerk).reserve({row.pk: D("20.00")})
    paper = approved(application(unit, clerk), people)
    why = entry(unit, clerk).perform("submit", clerk).perform("withdraw", clerk)
    for (holder, to), move in zip([(first, second), (second, first)], why.moves.order_by("pk"), strict=True):
        Ledger(holder, clerk, move=move, paper=why).hand_over(to)
    assert run() == 1
    line = CarryOver.objects.get(pk=paper.pk).lines.get(holder=first)
    assert (line.carried_amount, line.returned_amount) == (20, 0)
    assert Holding.objects.get(document=first, confirmation__origin=row).reserved_amount == 20
    assert list(problems()) == []


@pytest.mark.parametrize(("division", "kept"), [(True, True), (False, False)])
def test_a_unit_or_a_division_that_is_gone_holds_up_nothing(people, places, unit, clerk, division, kept):
    """Money of a closed unit is still owed; what a dissolved division had its unit's present one sees."""
    money(unit, clerk)
    approved(application(unit, clerk), people)
    Organization.objects.filter(pk=unit.pk).update(is_active=False, division=places.foreign_division)
    Organization.objects.filter(pk=places.division.pk).update(is_active=division)
    assert run() == 1
    fresh = Quota.objects.get(fiscal_year=YEAR + 1)
    assert (fresh.unit, fresh.division) == (unit, places.division if kept else places.foreign_division)
    assert list(problems()) == []


def test_it_needs_no_calendar(people, unit, clerk):
    """The next year's working days are announced in November, or later."""
    money(unit, clerk)
    approved(application(unit, clerk), people)
    assert not CalendarDay.objects.exists()
    assert run() == 1
