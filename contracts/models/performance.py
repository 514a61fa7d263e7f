"""履约: what was paid, how it was accepted; written once, never changed (domain.md §15.3)."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from procurement import clock

from .contract import Contract
from .fields import money, text


class PaymentRecord(models.Model):
    """One payment made; a refund or a correction is a record of its own, below zero."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="paid")
    paid_on = models.DateField("支付日期")
    amount = money("支付金额（元）")
    voucher = text("支付凭证号", 80)
    remark = text("说明", 300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "付款记录"
        default_permissions = ("view",)
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="paid_is_not_nothing")]

    def __str__(self):
        return f"{self.paid_on} {self.amount}"


class AcceptanceRecord(models.Model):
    """One acceptance, of the whole or a part."""

    class Verdict(models.TextChoices):
        PASSED = "passed", "合格"
        PART = "part", "部分合格"
        FAILED = "failed", "不合格"

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="accepted")
    accepted_on = models.DateField("验收日期")
    verdict = models.CharField("验收结论", max_length=6, choices=Verdict)
    inspectors = models.CharField("验收人员", max_length=200)
    summary = models.CharField("验收意见", max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("登记时间", default=clock.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "验收记录"
        default_permissions = ("view",)
        ordering = ["pk"]

    def __str__(self):
        return f"{self.accepted_on} {self.get_verdict_display()}"

    @property
    def tone(self) -> str:
        return {self.Verdict.PASSED: "g", self.Verdict.PART: "o"}.get(self.verdict, "r")
