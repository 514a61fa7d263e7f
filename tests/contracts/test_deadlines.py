"""The days of the law: counted in the list, reminded of, reported by unit (domain.md §22)."""

from datetime import date, timedelta

import pytest

from contracts import deadlines
from contracts.models import Contract
from tests.remembered import load_calendar
from tests.tasks.costs import cost

from . import makers

pytestmark = pytest.mark.django_db
LONG_AGO = makers.TODAY - timedelta(days=40)
OLD = {"signed_on": LONG_AGO, "starts_on": LONG_AGO}


@pytest.fixture
def calendar(db):
    """The working days of the years that were announced are in the table."""
    load_calendar(2025, 2026)


def test_the_three_last_days_skip_the_holiday(calendar):
    assert deadlines.file_by(date(2026, 9, 30)) == date(2026, 10, 15)  # 10-08 … 10-10, 10-12 … 10-15
    assert deadlines.notice_by(date(2026, 9, 30)) == date(2026, 10, 9)
    assert deadlines.sign_by(date(2026, 9, 1)) == date(2026, 10, 8)  # 10-01 is a holiday


def test_a_year_nobody_announced_has_no_last_day(calendar):
    assert deadlines.file_by(date(2026, 12, 30)) is None


def test_the_list_counts_down_and_the_report_names_who_is_late(as_user, book, clerk, reviewer, officer):
    late = makers.draft(book, clerk, "300.00", signed_on=LONG_AGO, starts_on=LONG_AGO)
    makers.filed(
        book, clerk, reviewer, "300.00", late="供应商盖章延误", signed_on=LONG_AGO, starts_on=LONG_AGO
    )
    makers.filed(book, clerk, reviewer, "300.00")
    assert "备案逾期" in as_user(clerk).get("/contracts/").text
    page = as_user(clerk).get("/contracts/deadlines/")
    assert [(row["n"], row["n_open_late"], row["n_filed_late"]) for row in page.context["units"]] == [
        (3, 1, 1)
    ]
    assert late.number in page.text
    late.perform("submit", clerk)
    office = as_user(officer).get("/contracts/deadlines/")
    assert office.context["units"][0]["unit__name"] == "安徽示例大学"
    assert late.number in office.text


def test_an_award_without_a_contract_is_a_task_until_there_is_one(as_user, book, clerk, reviewer):
    client = as_user(clerk)
    result = makers.result(book, clerk, award_notice_date=str(LONG_AGO))
    home = client.get("/")
    assert "合同待录入" in home.text
    assert home.context["todo_count"] == 1
    assert "签订逾期" in client.get("/contracts/deadlines/").text
    makers.draft(book, clerk, result=result)
    assert client.get("/contracts/deadlines/").context["awards"] == []
    assert as_user(reviewer).get("/contracts/deadlines/").status_code == 200


def test_a_draft_whose_statistics_are_due_is_a_task(as_user, book, clerk, reviewer):
    """D15: three working days after signing."""
    client = as_user(clerk)
    fresh, late = makers.draft(book, clerk, "300.00"), makers.draft(book, clerk, "300.00", **OLD)
    home = client.get("/")
    assert "合同期限提醒" in home.text
    assert home.context["todo_count"] == 1
    assert "填报逾期" in client.get(f"/contracts/{late.pk}/edit/").text
    assert "填报剩" in client.get(f"/contracts/{fresh.pk}/").text
    late.perform("submit", clerk)
    assert client.get("/").context["todo_count"] == 0
    assert "填报" not in client.get(f"/contracts/{late.pk}/").text


def test_a_stranger_sees_nothing_of_it(as_user, stranger, admin, book, clerk):
    makers.draft(book, clerk, signed_on=LONG_AGO, starts_on=LONG_AGO)
    assert as_user(stranger).get("/contracts/deadlines/").context["units"] == []
    assert as_user(admin).get("/contracts/deadlines/").status_code == 403


def test_pages_cost_the_same_whatever_the_rows(as_user, book, clerk, reviewer):
    client = as_user(clerk)
    addresses = [
        "/contracts/?tab=all",
        "/contracts/filing/",
        "/contracts/deadlines/",
        "/contracts/new/?kind=entry",
    ]
    first = makers.approved(book, clerk, reviewer, "10.00")
    makers.result(book, clerk, "10.00", number="A-1", lines=[])
    client.get("/contracts/?tab=all")  # what a process remembers is read once
    before = [cost(client, address) for address in addresses]
    for number in range(4):
        makers.approved(book, clerk, reviewer, "10.00")
        makers.result(book, clerk, "10.00", number=f"B-{number}", lines=[])
    after = [cost(client, address) for address in addresses]
    assert after == before
    assert max(before[:2]) <= 6
    assert cost(client, f"/contracts/{first.pk}/") <= 11  # four of them are tables of rows
    assert Contract.objects.count() == 5
