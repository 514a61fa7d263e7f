"""Filling the calendar: from the library, or from a holiday-cn JSON file an administrator uploads."""

from datetime import date, timedelta

import chinese_calendar
from django.db import models, transaction

PRESUMED = "推定"
COLUMNS = ["is_workday", "name", "source"]


class CalendarDayQuerySet(models.QuerySet):
    """How days come into the table."""

    def load_library(self, year: int) -> int:
        """All days of a year from the chinesecalendar package; NotImplementedError for an unknown year."""
        rows = []
        for day in days_of(year):
            resting, festival = chinese_calendar.get_holiday_detail(day)
            name = chinese_calendar.Holiday(festival).chinese if festival else ""
            rows.append(self.model(date=day, is_workday=not resting, name=name, source="chinesecalendar"))
        return self._replace(rows)

    def load_holiday_cn(self, content: dict) -> int:
        """All days of the year of a holiday-cn file; ValueError in Chinese when it is no such file."""
        year, announced, source = read_holiday_cn(content)
        rows = {
            day: self.model(date=day, is_workday=day.weekday() < 5, source=source) for day in days_of(year)
        }
        for day, name, resting in announced:
            if day in rows:  # a file may name days of the year before: New Year can start in December
                rows[day].name, rows[day].is_workday = name, not resting
        return self._replace(list(rows.values()))

    def presume(self, *years: int) -> None:
        """Monday to Friday, of days that nobody has announced yet; for worlds that are not real."""
        days = {day for year in years for day in days_of(year)}
        days -= set(self.filter(date__in=days).values_list("date", flat=True))
        rows = [self.model(date=day, is_workday=day.weekday() < 5, source=PRESUMED) for day in days]
        self.bulk_create(rows, ignore_conflicts=True)

    @transaction.atomic
    def _replace(self, rows) -> int:
        self.bulk_create(rows, update_conflicts=True, unique_fields=["date"], update_fields=COLUMNS)
        return len(rows)


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def read_holiday_cn(content: dict) -> tuple[int, list[tuple[date, str, bool]], str]:
    """Year, announced days and source of a holiday-cn file."""
    try:
        year, papers = int(content["year"]), content.get("papers") or ["holiday-cn"]
        days = [(date.fromisoformat(d["date"]), str(d["name"])[:40], d["isOffDay"]) for d in content["days"]]
        source = str(papers[0])[:100]
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise ValueError("不是 holiday-cn 格式的日历文件") from None
    if not all(isinstance(resting, bool) for _, _, resting in days):
        raise ValueError("不是 holiday-cn 格式的日历文件")
    if not days or not 2000 <= year <= 2100:
        raise ValueError(f"{year} 年的放假安排尚未公布，文件中没有任何日期")
    return year, days, source
