"""Time: edges of windows, leap years, midnight in Hefei, a clock that goes back, the old year's lists."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from budgets.carryover import rollover, windows
from budgets.carryover.jobs import roll_over
from budgets.models import CarryOver, CarryWindow, Quota
from budgets.verification import problems
from tests.papers import entry
from tests.world import YEAR

from .makers import DECEMBER, JANUARY, application, approved, at, money

pytestmark = pytest.mark.django_db

# (today, what the office set for 2026, the window that counts, whether it is open)
DAYS = [
    (date(2026, 11, 30), None, 2026, False),
    (date(2026, 12, 1), None, 2026, True),
    (date(2026, 12, 31), None, 2026, True),
    (date(2027, 1, 1), None, 2027, False),
    (date(2027, 1, 1), (date(2026, 12, 1), date(2027, 1, 20)), 2026, True),
    (date(2027, 1, 20), (date(2026, 12, 1), date(2027, 1, 20)), 2026, True),
    (date(2027, 1, 21), (date(2026, 12, 1), date(2027, 1, 20)), 2027, False),
    (date(2026, 11, 15), (date(2026, 11, 15), date(2026, 12, 20)), 2026, True),
    (date(2026, 12, 21), (date(2026, 11, 15), date(2026, 12, 20)), 2026, False),
    (date(2026, 2, 28), (date(2026, 2, 28), date(2026, 2, 28)), 2026, True),
    (date(2028, 2, 29), None, 2028, False),  # a leap day is a day of its year
    (date(2028, 12, 31), None, 2028, True),  # the 366th
    (date(2024, 2, 29), None, 2024, False),
    (date(2028, 11, 30), None, 2028, False),
    (date(2028, 12, 1), None, 2028, True),
    (date(2029, 1, 1), None, 2029, False),
    (date(2025, 12, 31), None, 2025, True),  # the year before has its own days
    (date(2026, 1, 1), None, 2026, False),
    (date(2026, 1, 1), (date(2026, 1, 1), date(2026, 12, 31)), 2026, True),
    (date(2025, 12, 31), (date(2026, 1, 1), date(2026, 12, 31)), 2025, True),
    (date(2026, 12, 31), (date(2026, 12, 31), date(2026, 12, 31)), 2026, True),
    (date(2026, 12, 30), (date(2026, 12, 31), date(2026, 12, 31)), 2026, False),
    (date(2027, 12, 1), (date(2026, 12, 1), date(2027, 1, 20)), 2027, True),
    (date(2027, 1, 19), (date(2026, 12, 1), date(2027, 1, 18)), 2027, False),
    (date(2027, 2, 28), (date(2026, 12, 1), date(2027, 1, 20)), 2027, False),
]


@pytest.mark.parametrize(("today", "given", "year", "is_open"), DAYS)
def test_the_window_of_a_day(officer, today, given, year, is_open):
    if given:
        opens, closes = given
        CarryWindow.objects.create(fiscal_year=2026, opens_on=opens, closes_on=closes, set_by=officer)
    found = windows.current(today)
    assert (found.year, found.is_open(today)) == (year, is_open)


def test_the_last_row_of_a_year_counts(officer):
    for closes in (date(2027, 1, 20), date(2026, 12, 25)):
        CarryWindow.objects.create(
            fiscal_year=2026, opens_on=date(2026, 12, 1), closes_on=closes, set_by=officer
        )
    assert windows.current(date(2026, 12, 26)).is_open(date(2026, 12, 26)) is False


# moments in UTC around midnight in Hefei (UTC+8): may it be submitted, is it executed?
MOMENTS = [
    (datetime(YEAR, 11, 30, 15, 59, 59, tzinfo=UTC), False, False),
    (datetime(YEAR, 11, 30, 16, 0, 0, tzinfo=UTC), True, False),
    (datetime(YEAR, 12, 31, 15, 59, 59, tzinfo=UTC), True, False),
    (datetime(YEAR, 12, 31, 16, 0, 0, tzinfo=UTC), False, True),
    (datetime(YEAR, 12, 31, 16, 0, 1, tzinfo=UTC), False, True),
    (datetime(YEAR, 12, 31, 23, 59, 59, tzinfo=UTC), False, True),
    (datetime(YEAR + 2, 2, 28, 16, 0, 0, tzinfo=UTC), False, True),  # 29 February in Hefei, if there is one
]


@pytest.mark.parametrize(("moment", "submits", "executes"), MOMENTS)
def test_midnight_is_midnight_in_hefei(people, unit, clerk, moment, submits, executes):
    money(unit, clerk)
    paper = application(unit, clerk)
    with at(moment), nullcontext() if submits else pytest.raises(ValidationError, match="开放时间"):
        paper.perform("submit", clerk)
    if submits:
        CarryOver.objects.get().perform("withdraw", clerk)
    approved(paper, people)
    with at(moment):
        assert rollover.execute(paper.pk) is executes


def test_a_returned_paper_was_handed_in_in_time(people, unit, clerk):
    money(unit, clerk)
    with at(DECEMBER):
        paper = application(unit, clerk).perform("submit", clerk)
    with at(JANUARY):
        paper.perform("send_back", people.reviewer, "请补充材料", to="clerk", reason="materials")
        assert CarryOver.objects.get().perform("submit", clerk).state == "unit"


def test_a_clock_that_goes_back_undoes_and_repeats_nothing(people, unit, clerk):
    money(unit, clerk)
    paper = approved(application(unit, clerk), people)
    with at(JANUARY) as clock:
        assert roll_over() == 1
        clock.shift(-timedelta(days=20))
        assert roll_over() == 0
        assert rollover.execute(paper.pk) is False
        clock.shift(timedelta(days=400))
        assert roll_over() == 0
    assert Quota.objects.filter(carried_by=paper).count() == 1
    assert list(problems()) == []


def test_money_goes_over_two_turns_of_the_year(people, unit, clerk, officer):
    """The second year only what is owed goes on by itself; the ledger adds up in all three."""
    money(unit, clerk)
    approved(application(unit, clerk), people)
    with at(JANUARY):
        roll_over()
    second = CarryOver.begin(unit, clerk, year=YEAR + 1, title="再次结转", remark="合同未完")
    found = {one.basis: one for one in second.offered.values()}
    assert all(one.second_year for one in found.values())
    assert {name for name, one in found.items() if one.needs_ruling} == {"planned", "idle"}
    second.assign_number()
    second.save()
    one = found["contracted"]
    second.lines.create(
        confirmation=one.confirmation, holder=one.holder, basis=one.basis, balance=one.balance,
        second_year=True, amount=one.balance, reason="contract", expected_finish=date(YEAR + 2, 2, 28),
    )  # fmt: skip
    with at(DECEMBER, days=365):
        for verb, person in zip(
            ["submit", "approve", "approve", "approve"],
            [clerk, people.reviewer, people.divisional, officer],
            strict=True,
        ):
            second.perform(verb, person)
    with at(JANUARY, days=365):
        assert roll_over() == 1
    last = Quota.objects.get(fiscal_year=YEAR + 2)
    assert (last.carry_years, last.issued_amount, last.origin.carry_years) == (2, 40, 1)
    assert list(problems()) == []


def test_numbers_begin_anew_with_the_year(unit, clerk):
    made = [CarryOver.new_number(unit, year) for year in (YEAR, YEAR, YEAR + 1, YEAR, YEAR + 1)]
    assert [number[-4:] for number in made] == ["0001", "0002", "0001", "0003", "0002"]
    assert made[2].startswith(f"JZ{YEAR + 1}")


def test_the_old_year_stays_readable_in_the_new_one(as_user, unit, clerk, people):
    money(unit, clerk)
    entry(unit, clerk, title="旧年草稿")
    approved(application(unit, clerk), people)
    with at(JANUARY):
        roll_over()
        client, lists = as_user(clerk), "/budgets/carryovers/?tab=all"
        assert f"JZ{YEAR}34" not in client.get(lists).content.decode()
        assert "上年结转" in client.get("/budgets/quotas/").content.decode()
        client.post("/accounts/year/", {"year": YEAR, "next": lists})
        assert f"JZ{YEAR}34" in client.get(lists).content.decode()
        assert "已结转" in client.get(lists).content.decode()
        assert "旧年草稿" in client.get("/budgets/entries/?tab=all").content.decode()
        text = client.get(f"/budgets/quotas/{Quota.objects.get(quota_no='ZB1').pk}/").content.decode()
        for shown in ("结转至", "结转转出", "已结转"):
            assert shown in text
        fresh = Quota.objects.get(fiscal_year=YEAR + 1)
        assert "结转自" in client.get(f"/budgets/quotas/{fresh.pk}/").content.decode()
