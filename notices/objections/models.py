"""异议: what anybody may hold against a single-source notice while it stands (74号令第三十九、四十条)."""

import secrets

from django.db import models
from django.db.models import Q

from accounts.models import User
from notices.single.models import SingleSourceNotice
from procurement import clock

from .files import stored_at

KIND = "objection"  # as the menu counts what waits without being a paper


def receipt() -> str:
    """A code nobody guesses: 80 bits."""
    return secrets.token_hex(10)


class ObjectionQuerySet(models.QuerySet):
    """Reads of objections."""

    def standing(self) -> "ObjectionQuerySet":
        """Neither refused nor answered: the notice cannot be completed."""
        return self.filter(state__in=[Objection.State.RECEIVED, Objection.State.ACCEPTED])

    def released(self) -> "ObjectionQuerySet":
        """What the office has released: all that the public ever sees of them."""
        return self.filter(state__in=[Objection.State.ACCEPTED, Objection.State.CLOSED]).order_by("pk")

    def visible_to(self, user) -> "ObjectionQuerySet":
        return self.filter(notice__in=SingleSourceNotice.objects.visible_to(user).values("pk"))


class Objection(models.Model):
    """One objection, as it was typed by somebody nobody knows."""

    class State(models.TextChoices):
        RECEIVED = "received", "待受理"
        REFUSED = "refused", "不予受理"
        ACCEPTED = "accepted", "已受理"
        CLOSED = "closed", "已答复"

    notice = models.ForeignKey(
        SingleSourceNotice, models.PROTECT, related_name="objections", verbose_name="单一来源公示"
    )
    code = models.CharField("回执号", max_length=20, unique=True, default=receipt, editable=False)
    name = models.CharField("异议人", max_length=100)
    contact = models.CharField("联系方式", max_length=100)
    reason = models.TextField("异议内容和理由", max_length=3000)
    digest = models.CharField(max_length=64)  # of all that was sent: the same twice is one objection
    source = models.CharField(max_length=64)  # keyed hash of the sender's address, for the limit only
    lodged_at = models.DateTimeField("提出时间", default=clock.now)
    state = models.CharField("状态", max_length=10, choices=State, default=State.RECEIVED)
    public_text = models.TextField("公开的异议内容", max_length=3000, blank=True)
    note = models.CharField("不予受理的理由", max_length=300, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="受理人")
    decided_at = models.DateTimeField("受理时间", null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "异议"
        default_permissions = ("view",)
        indexes = [models.Index(fields=["source", "lodged_at"], name="objections_by_source")]
        constraints = [
            models.UniqueConstraint(fields=["notice", "digest"], name="an_objection_once"),
            models.CheckConstraint(
                condition=Q(state="received", decided_at=None, decided_by=None)
                | (~Q(state="received") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="decided_objections_say_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(state="received", public_text="", note="")
                | Q(state="refused", public_text="") & ~Q(note="")
                | Q(state__in=["accepted", "closed"], note="") & ~Q(public_text=""),
                name="nothing_public_before_its_release",
            ),
        ]

    def __str__(self):
        return f"{self.notice_id} {self.code}"

    @property
    def tone(self) -> str:
        return {"received": "o", "accepted": "b", "closed": "g"}.get(self.state, "n")


class ObjectionFile(models.Model):
    """One PDF sent along; never public."""

    objection = models.ForeignKey(Objection, models.CASCADE, related_name="files")
    name = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to=stored_at)
    size = models.PositiveIntegerField("大小")
    sha256 = models.CharField("摘要", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "异议材料"
        default_permissions = ("view",)

    def __str__(self):
        return self.name
