"""What the office refuses returns to finance; second-year money goes on only where it is owed (§15b)."""

import pytest
from django.core.exceptions import ValidationError

from budgets.carryover import closing
from budgets.carryover.jobs import close_years, roll_over
from budgets.models import CarryOver, Quota, QuotaAdjustment, Ruling, YearClose
from budgets.verification import problems
from tests.world import YEAR

from .makers import DECEMBER, JANUARY, application, approved, at, money

pytestmark = pytest.mark.django_db


def ruled(people, unit, clerk, **refused: str) -> CarryOver:
    """Through all desks; the office refuses the lines on these grounds."""
    with at(DECEMBER):
        paper = application(unit, clerk).perform("submit", clerk)
        for person in (people.reviewer, people.divisional):
            paper = paper.perform("approve", person)
        for basis, reason in refused.items():
            line = paper.lines.get(basis=basis)
            Ruling.objects.create(line=line, allowed=False, reason=reason, by=people.officer)
        return paper.perform("approve", people.officer)


def test_a_refused_line_returns_to_finance_frozen_and_the_others_go_on(people, unit, clerk):
    money(unit, clerk)
    ruled(people, unit, clerk, idle="当年已无需求")
    with at(JANUARY):
        assert roll_over() == 1
    old, fresh = Quota.objects.get(quota_no="ZB1"), Quota.objects.get(fiscal_year=YEAR + 1)
    assert (old.frozen_amount, fresh.issued_amount) == (25, 75)
    assert QuotaAdjustment.objects.get(kind="freeze").amount == 25
    line = CarryOver.objects.get().lines.get(basis="idle")
    assert (line.carried_amount, line.returned_amount) == (0, 25)
    assert list(problems()) == []


def test_money_owed_under_a_contract_is_never_given_back(people, unit, clerk):
    row = money(unit, clerk)
    ruled(people, unit, clerk, contracted="须在当年付清")
    with at(JANUARY):
        roll_over()
    row.refresh_from_db()
    assert (row.committed_amount, row.quota.adjustments.filter(kind="freeze").count()) == (40, 0)
    assert list(problems()) == []


def test_what_was_refused_is_frozen_once_though_the_year_is_closed_later(people, unit, clerk, officer, admin):
    money(unit, clerk)
    ruled(people, unit, clerk, idle="当年已无需求", planned="可以下年重新申报")
    with at(JANUARY):
        roll_over()
        closing.ask(YEAR, officer)
        closing.confirm(YEAR, admin)
        close_years()
    old = Quota.objects.get(quota_no="ZB1")
    assert (old.frozen_amount, YearClose.objects.get().returned) == (
        80,
        20,
    )  # 25 + 35, and 20 never confirmed
    assert list(problems()) == []


def test_second_year_money_without_a_contract_waits_for_the_offices_word(people, unit, clerk):
    money(unit, clerk)
    approved(application(unit, clerk), people)
    with at(JANUARY):
        roll_over()
    fresh = Quota.objects.get(fiscal_year=YEAR + 1)
    second = CarryOver.begin(unit, clerk, year=YEAR + 1, title="再次结转", remark="项目未完成")
    second.assign_number()
    second.save()
    for one in second.offered.values():
        second.lines.create(
            confirmation=one.confirmation, holder=one.holder, basis=one.basis, balance=one.balance,
            second_year=one.second_year, amount=one.balance, reason="under_way",
            expected_finish=f"{YEAR + 2}-06-30",
        )  # fmt: skip
    with at(DECEMBER, days=365):
        second = second.perform("submit", clerk)
        for person in (people.reviewer, people.divisional):
            second = second.perform("approve", person)
        with pytest.raises(ValidationError, match="有 2 行是第二年结转且未签合同的资金"):
            second.perform("approve", people.officer)
        for line in second.lines.exclude(basis="contracted"):
            Ruling.objects.create(line=line, allowed=False, reason="连续两年未使用", by=people.officer)
        second.perform("approve", people.officer)
    with at(JANUARY, days=365):
        assert roll_over() == 1
    fresh.refresh_from_db()
    third = Quota.objects.get(fiscal_year=YEAR + 2)
    assert (fresh.frozen_amount, third.issued_amount, third.carry_years) == (60, 40, 2)
    assert list(problems()) == []
