"""What befell a publication, how the portal's copies differ from ours, and how far tonight's check is."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from procurement.flow.outbox import Delivery


class Event(models.Model):
    """One thing that befell a delivery: a failed try, a retry by hand, a difference or its end."""

    class What(models.TextChoices):
        FAILED = "failed", "发送失败"
        REFUSED = "refused", "对方拒绝"
        AGAIN = "again", "人工重发"
        DIFFERS = "differs", "核对发现差异"
        HEALED = "healed", "差异消除"

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="events", verbose_name="发送")
    what = models.CharField("事项", max_length=10, choices=What)
    text = models.CharField("说明", max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "发送记录"
        default_permissions = ("view",)
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_what_display()} {self.text}"

    @property
    def tone(self) -> str:
        """The tag's colour."""
        good, calm = (self.What.HEALED,), (self.What.AGAIN,)
        return "g" if self.what in good else "b" if self.what in calm else "r"


class Difference(models.Model):
    """Something that stood at the portal, or did not, otherwise than we sent it; open until it heals."""

    class Kind(models.TextChoices):
        CONTENT = "content", "内容不一致"
        MISSING = "missing", "门户缺失"
        STRAY = "stray", "非本系统发送"

    class Outcome(models.TextChoices):
        HEALED = "healed", "已恢复一致"
        CHANGED = "changed", "又有变化"

    delivery = models.ForeignKey(
        Delivery, models.PROTECT, null=True, related_name="differences", verbose_name="发送"
    )  # nothing for a stray
    key = models.CharField("公告编码", max_length=80)
    kind = models.CharField("差异", max_length=10, choices=Kind)
    remote_id = models.CharField("门户编号", max_length=80, blank=True)
    remote_url = models.CharField("门户地址", max_length=300, blank=True)
    copy = models.JSONField("门户内容", null=True)
    copy_sha256 = models.CharField("门户内容校验值", max_length=64, blank=True)
    found_at = models.DateTimeField("发现时间", default=timezone.now)
    seen_at = models.DateTimeField("最近核对时间", default=timezone.now)
    closed_at = models.DateTimeField("消除时间", null=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "门户差异"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(closed_at=None), name="one_open_difference_a_notice"
            ),
            models.CheckConstraint(
                condition=Q(kind="stray", delivery=None) | (~Q(kind="stray") & Q(delivery__isnull=False)),
                name="only_a_stray_has_no_delivery",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | (Q(closed_at__isnull=False) & Q(outcome__in=["healed", "changed"])),
                name="a_closed_difference_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.key} {self.get_kind_display()}"

    @property
    def title(self) -> str:
        """What it is about, as a list names it."""
        return self.delivery.body["title"] if self.delivery else str((self.copy or {}).get("title", self.key))

    def close(self, outcome: str) -> None:
        self.closed_at, self.outcome = timezone.now(), outcome
        self.save(update_fields=["closed_at", "outcome"])


class Inspection(models.Model):
    """核对: one pass over everything that stands at the portal; it goes on where it stopped."""

    class Stage(models.TextChoices):
        NOTICES = "notices", "逐件读回"
        LISTING = "listing", "核对门户清单"
        STRAYS = "strays", "复核多出的公告"
        DONE = "done", "完成"

    day = models.DateField("日期", unique=True)
    stage = models.CharField("进度", max_length=10, choices=Stage, default=Stage.NOTICES)
    cursor = models.CharField("读到", max_length=100, default="0")
    senders = models.JSONField("发送证书", default=list)  # under which our notices stand, to ask for the list
    checked = models.PositiveIntegerField("已核对", default=0)
    unread = models.PositiveIntegerField("未能读回", default=0)
    found = models.PositiveIntegerField("新发现差异", default=0)
    last_error = models.CharField("中断原因", max_length=300, blank=True)
    lease_until = models.DateTimeField("占用到", null=True)
    fence = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField("开始时间", default=timezone.now)
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "门户核对"
        default_permissions = ("view",)
        ordering = ["-day"]

    def __str__(self):
        return f"{self.day} {self.get_stage_display()}"
