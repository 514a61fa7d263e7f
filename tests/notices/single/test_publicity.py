"""公示期: five working days after the portal's day, over the real calendar, never early, closed by itself."""

import threading
from datetime import date

import pytest
from django.db import connections

from notices.models import SingleSourceNotice
from notices.publicity import publicity
from notices.single.jobs import settle_all
from notices.single.settling import settle
from notices.single.terms import term
from procurement.reference.models import CalendarDay

from . import makers
from .conftest import moment

pytestmark = pytest.mark.django_db
Outcome = SingleSourceNotice.Outcome
LEAP_YEAR = {
    "year": 2028,
    "days": [{"date": "2028-01-01", "name": "元旦", "isOffDay": True}]
    + [{"date": f"2028-01-{day}", "name": "春节", "isOffDay": True} for day in range(25, 32)],
}


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-09-30", "2026-10-13"),  # National Day, and the Saturday worked for it
        ("2026-09-29", "2026-10-12"),
        ("2026-02-11", "2026-02-25"),  # Spring Festival; Saturday the 14th is worked
        ("2026-02-16", "2026-02-28"),  # published on a day off; Saturday the 28th is the fifth
        ("2025-12-29", "2026-01-06"),  # year end; Sunday the 4th is worked
        ("2028-02-24", "2028-03-02"),  # over the leap day
        ("2028-02-22", "2028-02-29"),  # ends on it
    ],
)
def test_a_term_ends_on_the_fifth_working_day_after_the_portals_day(announced, start, end):
    CalendarDay.objects.load_holiday_cn(LEAP_YEAR)
    found = term(date.fromisoformat(start), 5)
    assert (found.end, found.why) == (date.fromisoformat(end), "")
    assert not found.is_over(found.end)


def at(time_machine, text: str) -> None:
    time_machine.move_to(moment(text), tick=False)


def test_the_day_is_the_portals_and_the_last_second_still_counts(
    calendar, unit, clerk, officer, time_machine
):
    paper = makers.published(unit, clerk, officer, at=moment("2026-09-30 23:59:59"))
    at(time_machine, "2026-10-01 00:01")
    assert settle_all() == 1
    paper = makers.again(paper)
    assert (paper.publicity_start, paper.publicity_end) == (date(2026, 9, 30), date(2026, 10, 13))
    for clock in ("2026-10-10 12:00", "2026-10-13 00:00", "2026-10-13 23:59:59.999999"):
        at(time_machine, clock)
        assert settle(paper.pk).outcome == Outcome.PUBLICIZING
        assert settle(paper.pk).open_to_objections
        assert not SingleSourceNotice.objects.linkable(unit)
    at(time_machine, "2026-10-14 00:00")
    assert publicity([paper.case]) == {paper.case: False}
    assert settle_all() == 1
    done = SingleSourceNotice.objects.linkable(unit).get()
    assert (done.outcome, done.open_to_objections) == (Outcome.COMPLETED, False)
    assert done.closed_at == moment("2026-10-14 00:00")
    assert settle_all() == 0
    assert publicity([paper.case]) == {paper.case: True}


def test_a_year_nobody_announced_is_said_and_never_guessed(
    announced, as_user, unit, clerk, officer, time_machine
):
    paper = makers.published(unit, clerk, officer, at=moment("2026-12-28 10:00"))
    at(time_machine, "2027-03-01 09:00")
    settle_all()
    paper = SingleSourceNotice.objects.get(pk=paper.pk)
    assert (paper.outcome, paper.publicity_end) == (Outcome.PUBLICIZING, None)
    assert paper.open_to_objections
    assert "2027 年的工作日安排尚未导入" in paper.term.sentence
    assert "不早于 2027-01-04" in paper.term.sentence
    new_year = [{"date": f"2027-01-0{day}", "name": "元旦", "isOffDay": True} for day in (1, 2, 3)]
    CalendarDay.objects.load_holiday_cn({"year": 2027, "days": new_year})
    settle_all()
    paper = makers.again(paper)
    assert (paper.outcome, paper.publicity_end) == (Outcome.COMPLETED, date(2027, 1, 5))


def test_a_corrected_calendar_moves_the_end_back_and_never_forward(
    calendar, unit, clerk, officer, time_machine
):
    paper = makers.published(unit, clerk, officer, at=moment("2026-09-30 10:00"))
    at(time_machine, "2026-10-09 10:00")
    settle(paper.pk)
    CalendarDay.objects.filter(date="2026-10-10").update(is_workday=False)
    at(time_machine, "2026-10-14 08:00")
    paper = settle(paper.pk)
    assert (paper.outcome, paper.publicity_end) == (Outcome.PUBLICIZING, date(2026, 10, 14))
    CalendarDay.objects.filter(date__in=["2026-10-06", "2026-10-07"]).update(is_workday=True)
    assert settle(paper.pk).publicity_end == date(2026, 10, 14)


def test_nothing_starts_before_the_portal_has_it(calendar, unit, clerk, officer):
    paper = makers.approved(unit, clerk, officer)
    assert settle_all() == 0
    paper = settle(paper.pk)
    assert (paper.outcome, paper.publicity_start, paper.term) == (Outcome.NONE, None, None)


def test_a_longer_term_may_be_set_and_a_shorter_one_not(calendar, unit, clerk, officer, settings):
    settings.SINGLE_SOURCE_DAYS = 3
    assert makers.approved(unit, clerk, officer).publicity_days == 5
    settings.SINGLE_SOURCE_DAYS = 7
    paper = makers.published(unit, clerk, officer, at=moment("2026-09-29 10:00"))
    assert "7 个工作日" in paper.deliveries.get().body["html"]
    assert settle(paper.pk).publicity_end == date(2026, 10, 14)


@pytest.mark.django_db(transaction=True)
def test_two_workers_complete_it_once(calendar, unit, clerk, officer):
    paper = makers.published(unit, clerk, officer, at=moment("2026-09-28 10:00"))
    gate, closed = threading.Barrier(2), []

    def work():
        gate.wait()
        try:
            closed.append(settle(paper.pk).closed_at)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    paper = makers.again(paper)
    assert closed == [paper.closed_at] * 2
    assert paper.outcome == Outcome.COMPLETED


def test_the_scheduler_asks_one_question_when_nothing_is_due(
    calendar, unit, clerk, officer, django_assert_num_queries
):
    makers.approved(unit, clerk, officer)
    with django_assert_num_queries(1):
        settle_all()
