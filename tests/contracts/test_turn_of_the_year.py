"""Signed in December, filed in January: numbers, days, statistics, money that was carried over meanwhile."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from budgets.models import QuotaConfirmation
from budgets.verification import problems
from contracts import deadlines
from contracts.statistics.models import Fact
from tests.budgets.carryover.makers import DECEMBER, JANUARY, application, approved, at
from tests.budgets.carryover.test_rollover import run
from tests.world import YEAR, fresh

from . import makers

pytestmark = pytest.mark.django_db
SIGNED = date(YEAR, 12, 29)
DAYS = {"signed_on": SIGNED, "starts_on": SIGNED, "ends_on": SIGNED + timedelta(days=60)}
NUMBER = "HT{}340001{:06d}"


def test_the_days_count_over_the_holiday(confirmed):
    """2025-12-29: two days of December, then Sunday 4 January, which is worked, and the days after it."""
    day = date(2025, 12, 29)
    assert deadlines.notice_by(day) == date(2025, 12, 31)
    assert deadlines.statistics_by(day) == date(2026, 1, 4)
    assert deadlines.file_by(day) == date(2026, 1, 8)


def test_a_contract_goes_over_the_turn_of_the_year(people, book, confirmed, as_user):
    clerk, reviewer = people.clerk, people.reviewer
    with at(DECEMBER):
        first = makers.filed(
            book, clerk, reviewer, "400.00", signed_on=date(YEAR, 12, 9), late="补录往期合同"
        )
    approved(application(book.unit, clerk), people)
    with at(DECEMBER, days=19):
        second = makers.approved(book, clerk, reviewer, "500.00", **DAYS)
    run()
    with at(JANUARY):
        assert (
            "还占用 600.00 元"
            in as_user(clerk).get(f"/contracts/new/?kind=entry&plan={book.approved_plan_id}").text
        )
        second = second.perform("file", clerk, "跨年备案，年前签订")
        third = makers.filed(book, clerk, reviewer, "50.00", signed_on=SIGNED, late="跨年备案，年前签订")
    assert first.filing_number == NUMBER.format(YEAR, 1)
    assert [paper.filing_number for paper in (second, third)] == [NUMBER.format(YEAR + 1, n) for n in (1, 2)]
    assert set(Fact.objects.values_list("year", "quarter")) == {(YEAR, 4)}  # where they were signed
    new = QuotaConfirmation.objects.get(origin=confirmed)
    assert (new.quota.fiscal_year, new.reserved_amount, new.committed_amount) == (YEAR + 1, 50, 950)
    assert list(problems()) == []


def test_what_was_filed_in_december_is_undone_in_january(people, book, confirmed):
    with at(DECEMBER):
        paper = makers.filed(
            book, people.clerk, people.reviewer, "400.00", signed_on=date(YEAR, 12, 9), late="补录往期合同"
        )
    approved(application(book.unit, people.clerk), people)
    run()
    with at(JANUARY):
        paper.perform("cancel", fresh(people.officer), "合同有误，重新签订")
    new = QuotaConfirmation.objects.get(origin=confirmed)
    assert (new.reserved_amount, new.committed_amount) == (Decimal("1000.00"), 0)
    assert list(problems()) == []
