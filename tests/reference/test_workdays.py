"""Working days: the library, the holiday-cn files as a second oracle, and years nobody announced."""

import json
from datetime import date, timedelta

import chinese_calendar
import pytest

from procurement.reference.models import CalendarDay
from procurement.reference.workdays import (
    CalendarUnknown,
    add_workdays,
    is_workday,
    roll_forward,
    workdays_between,
)
from tests.absent import shared

pytestmark = pytest.mark.django_db
YEARS = (2024, 2025, 2026)


@pytest.fixture
def calendar():
    for year in YEARS:
        CalendarDay.objects.load_library(year)


def holiday_cn(year: int) -> dict:
    return json.loads(shared("calendar", f"{year}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("year", YEARS)
def test_the_library_and_the_announced_days_tell_the_same(year):
    CalendarDay.objects.load_library(year)
    library = dict(CalendarDay.objects.values_list("date", "is_workday"))
    CalendarDay.objects.load_holiday_cn(holiday_cn(year))
    assert dict(CalendarDay.objects.values_list("date", "is_workday")) == library
    assert len(library) == 366 - bool(year % 4)


def test_publicity_across_the_national_day_of_2026(calendar):
    """domain.md 25 scenario 4: published 09-30, five working days end on 10-13."""
    assert add_workdays(date(2026, 9, 30), 5) == date(2026, 10, 13)


def test_make_up_days_are_worked_and_the_holiday_is_not(calendar):
    assert is_workday(date(2026, 2, 14))
    assert not is_workday(date(2026, 2, 16))
    assert roll_forward(date(2026, 10, 1)) == date(2026, 10, 8)
    assert roll_forward(date(2026, 10, 10)) == date(2026, 10, 10)


def test_counting_and_adding_are_inverse(calendar):
    day = date(2024, 1, 1)
    while day < date(2026, 9, 1):
        for count in (1, 2, 5, 23):
            assert workdays_between(day, add_workdays(day, count)) == count
        day += timedelta(days=17)
    assert workdays_between(day, day) == 0


def test_two_hundred_working_days_are_found_in_few_queries(calendar, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        end = add_workdays(date(2025, 1, 1), 200)
    worked = chinese_calendar.get_workdays(date(2025, 1, 2), end)
    assert len(worked) == 200
    assert worked[-1] == end


def test_less_than_one_working_day_is_no_question(calendar):
    with pytest.raises(ValueError, match="at least one"):
        add_workdays(date(2026, 1, 5), 0)


@pytest.mark.parametrize(
    "question",
    [
        lambda: is_workday(date(2027, 3, 1)),
        lambda: add_workdays(date(2026, 12, 31), 1),
        lambda: add_workdays(date(2026, 12, 28), 5),
        lambda: workdays_between(date(2026, 12, 1), date(2027, 1, 1)),
        lambda: workdays_between(date(2023, 12, 30), date(2024, 1, 5)),
        lambda: roll_forward(date(2027, 1, 1)),
    ],
)
def test_a_year_without_data_is_an_error_not_a_guess(calendar, question):
    with pytest.raises(CalendarUnknown, match="年的工作日安排尚未导入"):
        question()


def test_a_missing_day_inside_a_year_is_noticed(calendar):
    CalendarDay.objects.filter(date=date(2026, 6, 10)).delete()
    with pytest.raises(CalendarUnknown, match="2026-06-10"):
        workdays_between(date(2026, 6, 1), date(2026, 6, 30))
    with pytest.raises(CalendarUnknown, match="2026-06-10"):
        add_workdays(date(2026, 6, 1), 20)


BAD_FILES = [
    {},
    [],
    {"year": 2027, "days": []},
    {"year": 2026, "days": [{"date": "2026-02-30", "isOffDay": True, "name": "x"}]},
    {"year": 2026, "days": [{"date": "2026-02-03", "isOffDay": "yes", "name": "x"}]},
    {"year": 99999, "days": [{"date": "2026-02-03", "isOffDay": True, "name": "x"}]},
    {"year": None, "days": None},
]


@pytest.mark.parametrize("content", BAD_FILES)
def test_a_file_that_is_no_calendar_is_refused_in_chinese(content):
    with pytest.raises(ValueError, match=r"不是 holiday-cn|尚未公布"):
        CalendarDay.objects.load_holiday_cn(content)
    assert not CalendarDay.objects.exists()
