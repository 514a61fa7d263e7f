"""The review log 流程轨迹: one row a move, each holding the hash of the one before it."""

from django.db import models

from accounts.models import DecisionSignature, Organization, Post, User
from procurement import clock

from .desks import Desk, ReturnReason
from .snapshots import digest

HEAVY = [f"signature__{name}" for name in ("content", "cms", "evidence", "certificate__certificate")]


class MoveQuerySet(models.QuerySet):
    """Reads of the log."""

    def signed(self) -> "MoveQuerySet":
        """With whose signature each bears, but without the signatures themselves."""
        return self.select_related("signature__certificate").defer(*HEAVY)

    def shown(self) -> "MoveQuerySet":
        """As people read it."""
        return self.signed().select_related("by", "organization")


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
    signature = models.ForeignKey(
        DecisionSignature, models.PROTECT, null=True, related_name="moves", verbose_name="业务签名"
    )  # its own, or that of the decision it follows from
    content_sha256 = models.CharField("内容摘要", max_length=64, blank=True)
    snapshot = models.JSONField("提交内容", null=True)
    previous = models.CharField("上一步摘要", max_length=64, blank=True)
    sha256 = models.CharField("本步摘要", max_length=64)

    objects = MoveQuerySet.as_manager()

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

    @property
    def signer(self) -> str:
        """Whose signature it bears, as the certificate says it; read with `signed`."""
        return self.signature.certificate.common_name if self.signature_id else ""

    def decided(self) -> dict:
        """What its maker signs: all of it but the moment, which the signature has of its own."""
        return {
            "action": self.verb,
            "from": str(self.source),
            "to": str(self.target),
            "post": str(self.post),
            "organization": self.organization_id,
            "opinion": self.opinion,
            "reason": str(self.reason),
            "content_sha256": self.content_sha256,
            "head": self.previous,
        }

    def facts(self) -> dict:
        """What the hash covers."""
        signed = {"signature": self.signature.sha256} if self.signature_id else {}
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
            **signed,
        }

    def chain(self) -> None:
        """Bind it to the move before it, to the content it decides on and to its signature."""
        self.sha256 = digest(self.facts())


def first_break(document) -> Move | None:
    """The first move whose hash, predecessor or snapshot does not fit; None when the chain is whole."""
    previous = ""
    for entry in document.moves.signed().order_by("pk"):
        content = entry.snapshot is None or digest(entry.snapshot) == entry.content_sha256
        if entry.previous != previous or entry.sha256 != digest(entry.facts()) or not content:
            return entry
        previous = entry.sha256
    return None
