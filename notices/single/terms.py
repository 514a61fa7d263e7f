"""公示期限: from the day the portal published to the end of the fifth working day after it (D02)."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from procurement.flow.templatetags.paper import worked_days
from procurement.reference.workdays import CalendarUnknown, add_workdays

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """When objections are possible. `end` is None while the calendar does not reach that far."""

    start: date
    end: date | None
    days: int
    why: str = ""  # what is missing, when the end is unknown
    expected: date | None = None  # then: counted as if only weekends were free, never to be relied upon

    def is_over(self, today: date) -> bool:
        """Never before the last working day has passed, and never on a guess."""
        return self.end is not None and today > self.end

    @property
    def sentence(self) -> str:
        """The term in words, for people outside as well."""
        if self.end:
            return f"{self.start:%Y-%m-%d} 至 {self.end:%Y-%m-%d}（{self.days} 个工作日）"
        return (
            f"自 {self.start:%Y-%m-%d} 起 {self.days} 个工作日。{self.why}；"
            f"按双休日推算不早于 {self.expected:%Y-%m-%d}，以导入日历后的日期为准"
        )


def term(start: date, days: int, known: date | None = None) -> Term:
    """The term that began on `start`; an end once `known` may move back, never forward."""
    try:
        end = add_workdays(start, days)
    except CalendarUnknown as unknown:
        return Term(start, None, days, str(unknown), weekdays_after(start, days))
    return Term(start, max(end, known or end), days)


def weekdays_after(day: date, count: int) -> date:
    """The count-th Monday-to-Friday after `day`."""
    while count:
        day += DAY
        count -= day.weekday() < 5
    return day


def days_left(today: date, end: date) -> int:
    """Working days from tomorrow to `end`, out of the remembered calendar: for show only; -1 when over."""
    if today > end:
        return -1
    worked, _ = worked_days()
    return bisect_right(worked, end) - bisect_right(worked, today)
