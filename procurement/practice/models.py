"""Since when somebody practises; all else is asked of the papers themselves."""

from django.db import models

from accounts.models import User
from procurement import clock


class Practice(models.Model):
    """One learner; starting over moves the moment, and nothing done before it counts."""

    user = models.OneToOneField(User, models.PROTECT, related_name="+", verbose_name="学员")
    since = models.DateTimeField("开始时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "练习"
        default_permissions = ()

    def __str__(self):
        return f"{self.user} {self.since:%Y-%m-%d %H:%M}"
