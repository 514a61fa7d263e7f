"""Since when somebody practises, and what he opened; all else is asked of the papers themselves."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from procurement import clock


class Practice(models.Model):
    """One learner; starting over moves both moments, and nothing done before them counts."""

    user = models.OneToOneField(User, models.PROTECT, related_name="+", verbose_name="学员")
    since = models.DateTimeField("开始时间", default=clock.now)  # by the papers' clock
    opened_at = models.DateTimeField("打开时间", default=timezone.now)  # by the machine's: visits, logins

    class Meta:
        verbose_name = verbose_name_plural = "练习"
        default_permissions = ()

    def __str__(self):
        return f"{self.user} {self.since:%Y-%m-%d %H:%M}"


class Visit(models.Model):
    """A page somebody saw, when last; one row however often. Kept only of pages an exercise asks about."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="学员")
    page = models.CharField("页面", max_length=60)  # as the exercise asks: plan-new?kind=mall
    desk = models.CharField(
        "单据环节", max_length=10, blank=True
    )  # where the paper lay when it was looked at
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "练习访问"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "page", "desk"], name="visit_once")]

    def __str__(self):
        return f"{self.user} {self.page} {self.at:%Y-%m-%d %H:%M}"
