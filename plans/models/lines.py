"""采购清单, 资金构成, 采购包: the rows of a plan."""

from django.db import models
from django.db.models import F, Q

from budgets.models import QuotaConfirmation
from procurement.reference.models import Category

from . import choices
from .plan import Plan


def money(label: str, **options) -> models.DecimalField:
    return models.DecimalField(label, max_digits=18, decimal_places=2, **options)


class Row(models.Model):
    """A row of a plan; the form says in words what its constraints forbid."""

    class Meta:
        abstract = True

    def validate_constraints(self, exclude=None) -> None:
        """Left to the INSERT: asking the database first costs three queries a row."""


class PlanItem(Row):
    """One row of 采购清单 (domain.md §9.2); which of price and total is typed, `entry_mode` says."""

    class Mode(models.TextChoices):
        BY_UNIT = "by_unit", "单价×数量"
        BY_TOTAL = "by_total", "总价÷数量"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name="采购目录")
    content = models.CharField("采购内容", max_length=200)
    entry_mode = models.CharField("填报方式", max_length=8, choices=Mode, default=Mode.BY_UNIT)
    unit_price = models.DecimalField("单价（元）", max_digits=20, decimal_places=6, blank=True)
    quantity = models.DecimalField("数量", max_digits=18, decimal_places=4)
    measure = models.CharField("计量单位", max_length=10)
    total_price = money("总价（元）", blank=True)
    is_import = models.BooleanField("是否进口", default=False)
    requirement = models.TextField("采购需求描述", max_length=2000, blank=True)
    spec = models.TextField("规格参数", max_length=2000, blank=True)
    is_core = models.BooleanField("核心产品", default=False)
    energy_saving = models.BooleanField("强制节能", default=False)
    water_saving = models.BooleanField("节水", default=False)
    environmental = models.BooleanField("优先环保", default=False)
    industry = models.CharField("所属行业", max_length=2, choices=choices.Industry, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "采购清单"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, total_price__gt=0, unit_price__gte=0), name="plan_item_above_zero"
            )
        ]

    def __str__(self):
        return self.content


class PlanFunding(Row):
    """One row of 资金构成: part of a confirmed quota (domain.md §9.4)."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="fundings")
    fund_kind = models.CharField("资金类型", max_length=10, choices=choices.FundKind)
    confirmation = models.ForeignKey(
        QuotaConfirmation, models.PROTECT, related_name="plan_fundings", verbose_name="采购指标"
    )
    description = models.CharField("指标描述", max_length=200)
    amount = money("本次使用金额（元）")

    class Meta:
        verbose_name = verbose_name_plural = "资金构成"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "confirmation"], name="quota_once_per_plan",
                deferrable=models.Deferrable.DEFERRED,  # rows are written in bulk, in any order
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="plan_funding_above_zero"),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.confirmation} {self.amount}"


class PlanPackage(Row):
    """One 采购包 of a project plan."""

    class Pricing(models.TextChoices):
        FIXED_TOTAL = "total", "固定总价"
        FIXED_UNIT = "unit", "固定单价"
        COST = "cost", "成本补偿"
        INCENTIVE = "incentive", "绩效激励"

    class Evaluation(models.TextChoices):
        LOWEST = "lowest", "最低评标（审）价法"
        SCORE = "score", "综合评分法"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="packages")
    name = models.CharField("包名称", max_length=200)
    budget = money("包预算（元）")
    ceiling = money("最高限价（元）", null=True, blank=True)
    method = models.CharField("采购方式", max_length=30, choices=choices.Method, blank=True)
    pricing = models.CharField("定价方式", max_length=10, choices=Pricing, default=Pricing.FIXED_TOTAL)
    evaluation = models.CharField("评审方法", max_length=10, choices=Evaluation, default=Evaluation.SCORE)
    joint_bid = models.BooleanField("允许联合体", default=False)
    subcontract = models.BooleanField("允许分包", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "采购包"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(budget__gt=0), name="package_budget_above_zero"),
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True) | Q(ceiling__lte=F("budget")),
                name="package_ceiling_in_budget",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name
