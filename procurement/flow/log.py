"""The review log 流程轨迹: one row a move, each holding the hash of the one before it."""

from django.db import models

from accounts.models import Organization, Post, User
from procurement import clock

from .desks import Desk, ReturnReason
from .snapshots import digest


class Move(models.Model):
    """One move of one paper: who, in which post, from where to where, with what opinion, about what."""

    document = models.ForeignKey("flow.Document", models.PROTECT, related_name="moves")
    verb = models.CharField("动作", max_length=20)
    source = models.CharField("自", max_length=10, choices=Desk)
    target = models.CharField("至", max_length=10, choices=Desk)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    post = models.CharField("岗位", max_length=10, choices=Post)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="单位")
    opinion = models.CharField("意见", max_length=500, blank=True)
    reason = models.CharField("退回原因", max_length=20, choices=ReturnReason, blank=True)
    at = models.DateTimeField("时间", default=clock.now)
    key = models.CharField("证书指纹", max_length=64, blank=True)
    content_sha256 = models.CharField("内容摘要", max_length=64, blank=True)
    snapshot = models.JSONField("提交内容", null=True)
    previous = models.CharField("上一步摘要", max_length=64, blank=True)
    sha256 = models.CharField("本步摘要", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "流程记录"
        default_permissions = ("view",)
        ordering = ["pk"]
        constraints = [
            # two moves can never follow the same one: the chain has no forks
            models.UniqueConstraint(fields=["document", "previous"], name="one_next_move"),
        ]

    def __str__(self):
        return f"{self.document_id} {self.verb} {self.at:%Y-%m-%d %H:%M}"

    def facts(self) -> dict:
        """What the hash covers."""
        return {
            "document": self.document_id,
            "verb": self.verb,
            "source": str(self.source),
            "target": str(self.target),
            "by": self.by_id,
            "post": str(self.post),
            "organization": self.organization_id,
            "opinion": self.opinion,
            "reason": self.reason,
            "at": self.at.isoformat(),
            "key": self.key,
            "content_sha256": self.content_sha256,
            "previous": self.previous,
        }

    def chain(self, previous: str, content_sha256: str) -> None:
        """Bind this move to the one before it and to the content it decides on."""
        self.previous, self.content_sha256 = previous, content_sha256
        self.sha256 = digest(self.facts())


def first_break(document) -> Move | None:
    """The first move whose hash, predecessor or snapshot does not fit; None when the chain is whole."""
    previous = ""
    for entry in document.moves.order_by("pk"):
        content = entry.snapshot is None or digest(entry.snapshot) == entry.content_sha256
        if entry.previous != previous or entry.sha256 != digest(entry.facts()) or not content:
            return entry
        previous = entry.sha256
    return None
