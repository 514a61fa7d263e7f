"""Counting in working days; a day nobody announced is an error, never a guess (domain.md 22)."""

from datetime import date, timedelta

from .models import CalendarDay

DAY = timedelta(days=1)


class CalendarUnknown(Exception):
    """The working days of that year are not in the table yet."""

    def __init__(self, day: date):
        self.day = day
        super().__init__(f"{day.year} 年的工作日安排尚未导入（{day:%Y-%m-%d}），请联系系统管理员导入日历")


def _days(first: date, last: date) -> dict[date, bool]:
    """Every day from first to last with whether it is a working day; raises on the first unknown one."""
    known = dict(
        CalendarDay.objects.filter(date__gte=first, date__lte=last).values_list("date", "is_workday")
    )
    for offset in range((last - first).days + 1):
        if first + offset * DAY not in known:
            raise CalendarUnknown(first + offset * DAY)
    return known


def is_workday(day: date) -> bool:
    return _days(day, day)[day]


def add_workdays(day: date, count: int) -> date:
    """The count-th working day after `day`, which itself is not counted (民法典第二百零一条)."""
    if count < 1:
        raise ValueError("count at least one working day")
    while True:
        # five of seven days are worked; ten more cover the longest holiday, most questions are one query
        span = _known_span(day, day + (count * 7 // 5 + 10) * DAY)
        for candidate, worked in span.items():
            count -= worked
            if count == 0:
                return candidate
        day = max(span)


def _known_span(day: date, last: date) -> dict[date, bool]:
    """The days after `day` up to `last`, or to the first unknown one; raises when that is the next."""
    rows = dict(CalendarDay.objects.filter(date__gt=day, date__lte=last).values_list("date", "is_workday"))
    span = {}
    for offset in range(1, (last - day).days + 1):
        if (candidate := day + offset * DAY) not in rows:
            break
        span[candidate] = rows[candidate]
    if not span:
        raise CalendarUnknown(day + DAY)
    return span


def workdays_between(after: date, until: date) -> int:
    """Working days in (after, until]; zero when `until` is not later."""
    if until <= after:
        return 0
    return sum(_days(after + DAY, until).values())


def roll_forward(day: date) -> date:
    """The day itself or the next working day, where a calendar-day period ends (民法典第二百零三条)."""
    return day if is_workday(day) else add_workdays(day, 1)
