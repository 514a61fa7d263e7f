"""Cases of announced days: leap days, holidays that move, make-up days, years nobody has announced."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from contracts import deadlines
from notices.announcements.terms import earliest
from notices.single.terms import term
from procurement.flow.templatetags.paper import waited, waited_days
from procurement.reference.models import CalendarDay
from procurement.reference.workdays import (
    CalendarUnknown,
    add_workdays,
    is_workday,
    roll_forward,
    workdays_between,
)

from .clock import at, hefei

pytestmark = pytest.mark.django_db
CASES, D = [], date.fromisoformat


def case(function):
    """One case; its name is the sentence."""
    CASES.append(pytest.param(function, id=function.__name__))
    return function


@pytest.fixture
def calendar(db):
    """The announced days of three years."""
    for year in (2024, 2025, 2026):
        CalendarDay.objects.load_library(year)


# --- the calendar -----------------------------------------------------------------------------------------

# (from, working days, the day they end on)
SPANS = {
    "leap_day_is_worked": ("2024-02-28", 1, "2024-02-29"),
    "month_ends_after_the_leap_day": ("2024-02-29", 1, "2024-03-01"),
    "no_leap_day_in_2025": ("2025-02-28", 1, "2025-03-03"),
    "made_up_saturday_before_spring_festival": ("2026-02-13", 1, "2026-02-14"),
    "publicity_over_spring_festival": ("2026-02-13", 5, "2026-02-27"),
    "made_up_saturday_after_spring_festival": ("2026-02-27", 1, "2026-02-28"),
    "spring_festival_of_2025": ("2025-01-27", 1, "2025-02-05"),
    "publicity_over_national_day": ("2026-09-30", 5, "2026-10-13"),
    "national_day_with_mid_autumn": ("2025-09-30", 5, "2025-10-14"),
    "new_year_with_a_made_up_sunday": ("2025-12-31", 1, "2026-01-04"),
    "seven_days_over_two_years": ("2025-12-26", 7, "2026-01-07"),
    "labour_day": ("2026-04-30", 1, "2026-05-06"),
    "made_up_saturday_after_labour_day": ("2026-05-08", 1, "2026-05-09"),
    "begins_on_a_day_off": ("2026-10-03", 1, "2026-10-08"),
}


@pytest.mark.parametrize("name", SPANS)
def test_a_span_of_working_days(calendar, name):
    start, count, end = SPANS[name]
    assert add_workdays(D(start), count) == D(end)
    assert workdays_between(D(start), D(end)) == count


@case
def a_holiday_that_is_moved_moves_what_is_counted():
    CalendarDay.objects.filter(date="2026-10-08").update(is_workday=False)
    return add_workdays(D("2026-09-30"), 5) == D("2026-10-14")


@case
def an_end_once_told_never_moves_forward():
    told = term(D("2026-09-30"), 5).end
    CalendarDay.objects.filter(date="2026-10-01").update(is_workday=True)
    return term(D("2026-09-30"), 5, told).end == told


@case
def a_year_nobody_announced_is_no_guess():
    with pytest.raises(CalendarUnknown, match="2027 年"):
        add_workdays(D("2026-12-31"), 1)


@case
def a_term_into_the_unknown_year_has_no_end_and_is_never_over():
    found = term(D("2026-12-30"), 5)
    return (found.end, found.is_over(D("2030-01-01"))) == (None, False)


@case
def the_last_day_of_a_term_still_counts_the_next_does_not():
    found = term(D("2026-02-13"), 5)
    return (found.is_over(D("2026-02-27")), found.is_over(D("2026-02-28"))) == (False, True)


@case
def the_day_of_a_notice_is_the_day_in_hefei():
    return timezone.localdate(datetime(2026, 9, 30, 16, 0, tzinfo=UTC)) == D("2026-10-01")


# --- days of a contract -----------------------------------------------------------------------------------


@case
def thirty_days_that_end_in_a_holiday_run_on():
    return deadlines.sign_by(D("2026-09-01")) == D("2026-10-08")


@case
def thirty_days_may_end_on_a_leap_day():
    return deadlines.sign_by(D("2024-01-30")) == D("2024-02-29")


@case
def thirty_days_without_a_leap_day_run_over_the_weekend():
    return deadlines.sign_by(D("2025-01-30")) == D("2025-03-03")


@case
def two_working_days_skip_national_day():
    return deadlines.notice_by(D("2026-09-30")) == D("2026-10-09")


@case
def seven_working_days_over_spring_festival_count_made_up_days():
    return deadlines.file_by(D("2026-02-13")) == D("2026-03-02")


@case
def days_of_a_contract_past_the_calendar_are_open_not_wrong():
    return (deadlines.file_by(D("2026-12-30")), deadlines.sign_by(D("2026-12-15"))) == (None, None)


@case
def filing_on_the_last_day_is_in_time():
    paper = SimpleNamespace(file_by=D("2026-03-02"))
    return (deadlines.is_late(paper, D("2026-03-02")), deadlines.is_late(paper, D("2026-03-03"))) == (
        False, True,
    )  # fmt: skip


@case
def twenty_days_of_a_tender_do_not_count_their_first():
    days = SimpleNamespace(least=20, working=False)
    return earliest(days, D("2024-02-10")) == D("2024-03-01")


@case
def a_made_up_sunday_is_no_day_to_roll_from():
    return (is_workday(D("2026-01-04")), roll_forward(D("2026-01-03"))) == (True, D("2026-01-04"))


# --- waiting --------------------------------------------------------------------------------------------


@case
def what_came_before_spring_festival_waited_two_days():
    with at("2026-02-24 09:00"):
        return waited_days(hefei("2026-02-13 17:00")) == 2


@case
def a_clock_set_back_makes_nobody_wait_a_negative_time():
    with at("2026-03-10 09:00"):
        said = [waited(hefei(text)) for text in ("2026-03-10 15:00", "2026-03-12 09:00")]
        return said == ["不到 1 小时", "不到 1 小时"]


@pytest.mark.parametrize("one", CASES)
def test_counted_time(one, calendar):
    assert one() is not False
