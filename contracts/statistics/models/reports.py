"""上报: the figures of a period as they were sent, and who sent them when."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q

from accounts.models import User
from procurement import clock

ANNUAL = 0


class Report(models.Model):
    """One reported period; `figures` is what the digest covers and is never written again."""

    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField("季度", default=ANNUAL)
    figures = models.JSONField("上报数据")
    sha256 = models.CharField("校验值", max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上报人")
    at = models.DateTimeField("上报时间", default=clock.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "统计报表"
        default_permissions = ("view",)
        ordering = ["-year", "-quarter"]
        constraints = [
            models.UniqueConstraint(fields=["year", "quarter"], name="period_reported_once"),
            models.CheckConstraint(condition=Q(quarter__range=(0, 4)), name="report_of_quarter_or_year"),
        ]

    def __str__(self):
        return period_name(self.year, self.quarter)


def period_name(year: int, quarter: int) -> str:
    return f"{year} 年第 {quarter} 季度" if quarter else f"{year} 年度"


def ends(year: int, quarter: int) -> date:
    """The last day of a period."""
    month = quarter * 3 or 12
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
