"""Every import of quotas that was taken in."""

from django.db import models

from accounts.models import User
from procurement import clock


class QuotaImport(models.Model):
    """What came when, from where, and what it changed."""

    class Source(models.TextChoices):
        FILE = "file", "文件"
        FEED = "feed", "预算管理一体化系统"

    source = models.CharField("来源", max_length=4, choices=Source)
    name = models.CharField("名称", max_length=200)
    rows = models.PositiveIntegerField("条数")
    created = models.PositiveIntegerField("新增")
    changed = models.PositiveIntegerField("变动")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="操作人")
    at = models.DateTimeField("时间", default=clock.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "指标导入记录"
        default_permissions = ("view",)
        ordering = ["-pk"]

    def __str__(self):
        return f"导入 {self.rows} 条指标：新增 {self.created}，变动 {self.changed}"
