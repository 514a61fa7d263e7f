"""预算录入: money that finance has not pushed as a quota (M 3.1)."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.models import Organization
from procurement.flow.models import Desk, Document
from procurement.reference import numbers
from procurement.reference.models import Category

from .fields import Money, money
from .quotas import AdjustmentKind, Quota


class EntryType(models.TextChoices):
    PRE = "pre", "预采购"
    UNIFIED = "unified", "统采预算"
    OTHER = "other", "其他资金"


class FundSource(models.TextChoices):
    """Where the money comes from; which may be chosen depends on the type."""

    NOT_APPROVED = "not_approved", "年初预算未批复"
    SUPPLEMENT_DUE = "supplement_due", "追加待下达"
    SUPERIOR_DUE = "superior_due", "上级专项待下达"
    DEPARTMENT = "department", "部门统采资金"
    ON_BEHALF = "on_behalf", "代编预算"
    BUSINESS = "business", "事业收入"
    OPERATING = "operating", "经营收入"
    OTHER_LEVEL = "other_level", "非同级财政拨款"
    DONATION = "donation", "捐赠"
    LOAN = "loan", "债券/贷款"
    RESEARCH = "research", "科研经费"
    SELF_RAISED = "self_raised", "其他自筹"


SOURCES = {
    EntryType.PRE: [FundSource.NOT_APPROVED, FundSource.SUPPLEMENT_DUE, FundSource.SUPERIOR_DUE],
    EntryType.UNIFIED: [FundSource.DEPARTMENT, FundSource.ON_BEHALF],
    EntryType.OTHER: [
        FundSource.BUSINESS,
        FundSource.OPERATING,
        FundSource.OTHER_LEVEL,
        FundSource.DONATION,
        FundSource.LOAN,
        FundSource.RESEARCH,
        FundSource.SELF_RAISED,
    ],
}
FUND_PROOF = "fund_proof"


class BudgetEntry(Document, Money):
    """A budget entry; approved at the last desk it becomes a quota."""

    desks = [Desk.UNIT, Desk.DIVISION, Desk.OFFICE]
    line_sets = ["lines", "beneficiaries"]

    entry_type = models.CharField("录入类型", max_length=8, choices=EntryType)
    fund_source = models.CharField("资金来源", max_length=16, choices=FundSource)
    basis_doc_no = models.CharField("依据文号", max_length=80, blank=True)
    expected_issue_date = models.DateField("预计下达时间", null=True, blank=True)
    remark = models.TextField("说明", max_length=1000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "预算录入"
        default_permissions = ()

    @classmethod
    def new_number(cls, unit: Organization, year: int) -> str:
        return f"YS{year}{unit.region}{numbers.take('YS', year, region=unit.region):05d}"

    def check_complete(self) -> None:
        """What must be true before anybody is asked to review it (domain.md 5)."""
        problems = [sentence for wrong, sentence in self.requirements() if wrong]
        if problems:
            raise ValidationError(problems)

    def requirements(self):
        """(is it wrong, what to do) of every rule."""
        pre, unified = self.entry_type == EntryType.PRE, self.entry_type == EntryType.UNIFIED
        total = self.lines.aggregate(total=models.Sum("total_price"))["total"]
        yield total is None, "请至少填写一条采购内容。"
        yield total is not None and total != self.amount, "采购内容合计与预算金额不一致，请重新保存。"
        yield pre and not self.basis_doc_no, "预采购须填写依据文号。"
        yield pre and self.expected_issue_date is None, "预采购须填写预计下达时间。"
        given = self.beneficiaries.aggregate(total=models.Sum("amount"))["total"] or Decimal(0)
        yield unified and given != self.amount, "受益单位金额合计须等于预算金额。"
        proved = unified or self.attachments.filter(category=FUND_PROOF).exists()
        yield not proved, "请上传资金证明（银行或财政证明、会议纪要等）。"

    def finish(self, log) -> None:
        """The quota exists in the same transaction; a second approval of the same paper makes none."""
        quota, made = Quota.objects.get_or_create(
            entry_id=self.pk,
            defaults={
                "quota_no": self.number,
                "doc_no": self.basis_doc_no,
                "description": self.remark[:500],
                "unit": self.unit,
                "division": self.division,
                "fiscal_year": self.fiscal_year,
                "source_type": self.entry_type,
                "provisional": self.entry_type == EntryType.PRE,
                "case": self.case,
                **{field.name: getattr(self, field.name) for field in Money._meta.fields},
            },
        )
        if made:
            quota.change(
                AdjustmentKind.ISSUE, self.amount, by=log.by, reason=f"预算录入 {self.number} 审核通过"
            )


class BudgetEntryLine(models.Model):
    """One row of 采购内容."""

    class Mode(models.TextChoices):
        BY_UNIT = "by_unit", "单价×数量"
        BY_TOTAL = "by_total", "总价÷数量"

    entry = models.ForeignKey(BudgetEntry, models.CASCADE, related_name="lines")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name="品目")
    content = models.CharField("采购内容", max_length=200)
    entry_mode = models.CharField("填报方式", max_length=8, choices=Mode, default=Mode.BY_UNIT)
    unit_price = models.DecimalField("单价（元）", max_digits=20, decimal_places=6, blank=True)
    quantity = models.DecimalField("数量", max_digits=18, decimal_places=4)
    measure = models.CharField("计量单位", max_length=10)
    total_price = money("总价（元）", blank=True, default=None)
    is_import = models.BooleanField("进口产品", default=False)
    planned_month = models.DateField("拟采购时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "采购内容"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, total_price__gt=0, unit_price__gte=0),
                name="entry_line_above_zero",
            )
        ]

    def __str__(self):
        return self.content

    @property
    def type(self) -> str:
        return self.category.type.label


class Beneficiary(models.Model):
    """A unit that gets part of a unified budget."""

    entry = models.ForeignKey(BudgetEntry, models.CASCADE, related_name="beneficiaries")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="受益单位")
    amount = money("金额（元）", default=None)

    class Meta:
        verbose_name = verbose_name_plural = "受益单位"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "organization"], name="beneficiary_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="beneficiary_above_zero"),
        ]

    def __str__(self):
        return self.organization.label
