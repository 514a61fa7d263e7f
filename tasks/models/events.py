"""The inbox of what executors tell us: every signed event is kept, with what was made of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import User
from procurement import clock

from .book import TaskBook
from .choices import Channel


class Kind(models.TextChoices):
    RECEIVED = "received", "接收任务书"
    RETURNED = "returned", "退回任务书"
    STARTED = "started", "开始执行"
    RESULT = "result", "报送结果"
    COMPLETED = "completed", "执行完成"


class Verdict(models.TextChoices):
    ACCEPTED = "accepted", "已采纳"
    LATE = "late", "迟到"
    CONTRADICTION = "contradiction", "有矛盾"
    UNKNOWN = "unknown", "查无任务书"


class EventQuerySet(models.QuerySet):
    """Reads of what executors told us."""

    def unassigned(self) -> "EventQuerySet":
        """Signed by one of them, about no book of ours."""
        return self.filter(book=None)


class ExecutorEvent(models.Model):
    """One event as the executor signed it, or as the clerk entered it for one without a system."""

    channel = models.CharField("渠道", max_length=8, choices=Channel)
    event_id = models.CharField("事件编号", max_length=80)  # the executor's own
    book = models.ForeignKey(
        TaskBook, models.PROTECT, null=True, related_name="events", verbose_name="任务书"
    )
    book_number = models.CharField("任务书编号", max_length=40)  # as sent; may name no book of ours
    kind = models.CharField("事件", max_length=9, choices=Kind)
    sequence = models.PositiveIntegerField(
        "序号"
    )  # grows by event of one book, whatever order they arrive in
    occurred_at = models.DateTimeField("发生时间")
    body = models.JSONField("内容")
    body_sha256 = models.CharField("内容校验值", max_length=64)
    keyid = models.CharField("签名证书", max_length=64, blank=True)
    signatures = ArrayField(models.CharField(max_length=64), default=list)  # hash of each that arrived
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    verdict = models.CharField("处理结果", max_length=13, choices=Verdict)
    sentence = models.CharField("说明", max_length=300, blank=True)
    needs_person = models.BooleanField("待人工核实", default=False)
    arrived_at = models.DateTimeField("到达时间", default=clock.now, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "执行反馈"
        default_permissions = ()
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["needs_person"], name="events_to_look_at", condition=Q(needs_person=True))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "event_id", "body_sha256"], name="event_heard_once",
            ),
            models.CheckConstraint(
                condition=Q(keyid="", entered_by__isnull=False) | (~Q(keyid="") & Q(entered_by=None)),
                name="event_signed_or_entered",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.book_number} {self.get_kind_display()}"

    @property
    def tone(self) -> str:
        return {"accepted": "g", "late": "n"}.get(self.verdict, "r")

    @property
    def reason(self) -> str:
        """Why a book was returned, in the executor's words."""
        return str(self.body.get("reason", ""))[:500]
