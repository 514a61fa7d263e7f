"""转正: what a unit has procured ahead of its budget is joined to the quota finance has issued since."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from accounts.models import Organization
from procurement.flow.desks import REVIEWING
from procurement.flow.models import Desk, Document
from procurement.reference import numbers
from procurement.reference.money import plain

from ..models.confirmations import QuotaConfirmation
from ..models.fields import money
from ..models.quotas import Quota
from . import moving


class Conversion(Document):
    """An application to join a provisional quota to a formal one; the division passes it (domain.md §5)."""

    desks = [Desk.DIVISION]
    line_sets: list[str] = []

    provisional = models.ForeignKey(
        Quota, models.PROTECT, related_name="conversions_from", verbose_name="预采购指标"
    )
    formal = models.ForeignKey(Quota, models.PROTECT, related_name="conversions_to", verbose_name="正式指标")
    remark = models.TextField("说明", max_length=1000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "预采购转正"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(provisional=F("formal")), name="conversion_joins_two")
        ]

    @classmethod
    def new_number(cls, unit: Organization, year: int) -> str:
        return f"ZZ{year}{unit.region}{numbers.take('ZZ', year, region=unit.region):05d}"

    def check_complete(self) -> None:
        """What must be true when it is submitted, and again when it is passed."""
        problems = [sentence for wrong, sentence in self.requirements() if wrong]
        if problems:
            raise ValidationError(problems)

    def requirements(self):
        """(is it wrong, what to do) of every rule."""
        old, new = self.provisional, self.formal
        yield not old.provisional, f"指标 {old.quota_no} 不是预采购指标，或者已经转正。"
        yield new.provisional, f"指标 {new.quota_no} 也是预采购指标，请选择财政已下达的正式指标。"
        same = (old.unit_id, old.fiscal_year) == (new.unit_id, new.fiscal_year)
        yield not same, "两条指标须属于同一单位、同一年度。"
        yield not old.confirmed_amount, f"指标 {old.quota_no} 没有有效的确认，不需要转正。"
        short = old.confirmed_amount - new.confirmable
        yield (
            short > 0,
            (
                f"正式指标可确认 {plain(new.confirmable)} 元，预采购已确认 {plain(old.confirmed_amount)} 元，"
                f"差额 {plain(max(short, 0))} 元。"
            ),
        )
        rivals = Conversion.objects.filter(provisional=old, state__in=REVIEWING).exclude(pk=self.pk)
        yield rivals.exists(), f"指标 {old.quota_no} 的另一份转正申请正在审核，请勿重复办理。"

    def cautions(self) -> list[str]:
        """What the division should look at; none of it stops the paper."""
        old, new = self.provisional, self.formal
        pairs = [
            (old.project_name != new.project_name, "两条指标的预算项目名称不一致。"),
            (old.fund_nature_id != new.fund_nature_id, "两条指标的资金性质不一致。"),
            (old.dept_econ_id != new.dept_econ_id, "两条指标的部门经济分类不一致。"),
        ]
        return [sentence for differs, sentence in pairs if differs]

    def finish(self, log) -> None:
        """Passed: confirmations change their quota, with everything plans and contracts hold of them."""
        moving.lock(self)
        self.check_complete()
        moving.move(self, log)


class ConversionLine(models.Model):
    """One confirmation as it went over: the record of both sides."""

    conversion = models.ForeignKey(Conversion, models.PROTECT, related_name="lines")
    confirmation = models.ForeignKey(QuotaConfirmation, models.PROTECT, related_name="conversions")
    seq_before = models.PositiveIntegerField("原次数")
    seq_after = models.PositiveIntegerField("现次数")
    amount = money("确认金额")
    reserved_amount = money("已占用")
    committed_amount = money("已签合同")

    class Meta:
        verbose_name = verbose_name_plural = "转正明细"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["conversion", "confirmation"], name="converted_once"),
        ]

    def __str__(self):
        return f"{self.confirmation_id} {self.amount}"
