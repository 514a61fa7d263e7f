"""Decisions that carry their maker's own signature."""

from django.db import models
from django.utils import timezone

from .certificates import AppendOnlyQuerySet, UserCertificate


class DecisionSignature(models.Model):
    """What somebody decided about one version of one paper, signed by certificate key; never changed."""

    subject = models.CharField("对象", max_length=60)  # "budgetentry:17": accounts knows no papers
    version = models.PositiveIntegerField("版本")
    action = models.CharField("操作", max_length=20)
    certificate = models.ForeignKey(
        UserCertificate, models.PROTECT, related_name="decisions", verbose_name="证书"
    )
    content = models.TextField("签名内容")
    cms = models.BinaryField("签名")
    sha256 = models.CharField("签名指纹", max_length=64, unique=True)
    previous = models.CharField("上一签名指纹", max_length=64, blank=True)
    evidence = models.JSONField("吊销依据", default=list)
    created_at = models.DateTimeField("时间", default=timezone.now)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "业务签名"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("subject", "previous", name="decision_signature_chain")]

    def __str__(self):
        return f"{self.subject} {self.action}"
