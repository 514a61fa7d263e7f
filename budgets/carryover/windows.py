"""When applications may be made: 1–31 December unless the office sets other days (domain.md §22 D19)."""

from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from procurement import clock


def latest_close(year: int) -> date:
    """The office may let a year's window run on to the 20th of January, not longer."""
    return date(year + 1, 1, 20)


class CarryWindow(models.Model):
    """The days the office set for one year; the last row of a year counts, the older ones are its history."""

    fiscal_year = models.PositiveSmallIntegerField("年度")
    opens_on = models.DateField("开放日期")
    closes_on = models.DateField("截止日期")
    reason = models.CharField("依据或原因", max_length=200)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="设置人")
    set_at = models.DateTimeField("设置时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "结转申请开放时间"
        default_permissions = ("view",)
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(opens_on__lte=F("closes_on")), name="window_opens_first")
        ]

    def __str__(self):
        return f"{self.fiscal_year} 年 {self.opens_on} 至 {self.closes_on}"

    def clean(self):
        """Within the year, and not beyond the 20th of January after it."""
        if self.opens_on is None or self.closes_on is None:
            return
        if self.opens_on.year != self.fiscal_year:
            raise ValidationError({"opens_on": f"开放日期须在 {self.fiscal_year} 年内。"})
        if self.closes_on < self.opens_on:
            raise ValidationError({"closes_on": "截止日期不能早于开放日期。"})
        if self.closes_on > (last := latest_close(self.fiscal_year)):
            raise ValidationError({"closes_on": f"截止日期最晚可延至 {last.year} 年 1 月 20 日。"})


class Window(NamedTuple):
    """The days in force for one year, both included, Asia/Shanghai."""

    year: int
    opens: date
    closes: date

    def is_open(self, day: date) -> bool:
        return self.opens <= day <= self.closes


def usual(year: int) -> Window:
    return Window(year, date(year, 12, 1), date(year, 12, 31))


def windows(*years: int) -> dict[int, Window]:
    """The windows of these years; one query."""
    found = {year: usual(year) for year in years}
    for row in CarryWindow.objects.filter(fiscal_year__in=years).order_by("pk"):
        found[row.fiscal_year] = Window(row.fiscal_year, row.opens_on, row.closes_on)
    return found


def open_now(found: dict[int, Window], day: date) -> Window:
    """The one that is open, the old year's first; when none is, the one of this year."""
    return next((one for _, one in sorted(found.items()) if one.is_open(day)), found[day.year])


def settable(day: date) -> list[int]:
    """Years whose days the office may still move: this one, and until the 20th of January the last."""
    return [year for year in (day.year - 1, day.year) if day <= latest_close(year)]


def current(day: date | None = None) -> Window:
    day = day or clock.today()
    return open_now(windows(day.year - 1, day.year), day)
