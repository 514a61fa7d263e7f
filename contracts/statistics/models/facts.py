"""What was filed, line by line, never rewritten; and sums of it, kept with every filing."""

from django.db import models
from django.db.models import Q

from accounts.models import Organization
from contracts.models import Contract, ContractItem
from contracts.suppliers.choices import Size, Special
from plans.models import Method
from procurement import clock
from procurement.reference.models import Category

from .choices import OrgKind

FIGURES = [*(f"planned_{n}" for n in range(1, 6)), *(f"agreed_{n}" for n in range(1, 7))]


def fen(label: str) -> models.BigIntegerField:
    return models.BigIntegerField(f"{label}（分）", default=0)


class Amounts(models.Model):
    """Money by fund nature, in whole fen: sums of a million rows stay quick and exact."""

    planned_1, planned_2, planned_3, planned_4, planned_5 = (fen(f"计划金额 {n}") for n in range(1, 6))
    agreed_1, agreed_2, agreed_3 = (fen(f"合同金额 {n}") for n in range(1, 4))
    agreed_4, agreed_5, agreed_6 = (fen(f"合同金额 {n}") for n in range(4, 7))

    class Meta:
        abstract = True


class Period(models.Model):
    """The quarter of the signing date, and whether that had been reported when the fact came in."""

    unit = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="采购单位")
    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField("季度")
    late_quarter = models.BooleanField("季报上报后备案", default=False)
    late_year = models.BooleanField("年报上报后备案", default=False)

    class Meta:
        abstract = True


class Fact(Period, Amounts):
    """One filed line with all the report asks of it; taking a contract back adds the same with sign −1."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="facts", verbose_name="合同")
    item = models.ForeignKey(ContractItem, models.PROTECT, related_name="facts", verbose_name="合同标的")
    sign = models.SmallIntegerField("增减", default=1)
    at = models.DateTimeField("记入时间", default=clock.now, editable=False)
    type = models.CharField("采购类型", max_length=1, choices=Category.Type)
    org_kind = models.CharField("组织形式", max_length=1, choices=OrgKind)
    method = models.CharField("采购方式", max_length=30, choices=Method, blank=True)
    energy_saving = models.BooleanField("节能产品")
    water_saving = models.BooleanField("节水产品")
    environmental = models.BooleanField("环保产品")
    rural = models.BooleanField("通过832平台采购", db_default=False, default=False)
    # 同类产品: of a category that is on the list of energy-saving or environmental products
    saving_like = models.BooleanField("节能节水同类产品", db_default=False, default=False)
    green_like = models.BooleanField("环保同类产品", db_default=False, default=False)
    size = models.CharField("供应商规模", max_length=1, choices=Size)
    special = models.CharField("供应商特殊性质", max_length=1, choices=Special)

    class Meta:
        verbose_name = verbose_name_plural = "备案统计记录"
        default_permissions = ()
        indexes = [
            models.Index(fields=["year", "contract"], name="facts_of_a_year"),
            models.Index(fields=["unit", "year", "contract"], name="facts_of_a_unit"),
            models.Index(
                fields=["year", "contract"], name="facts_of_special_suppliers", condition=~Q(special="9")
            ),
            models.Index(
                fields=["year", "contract"],
                name="facts_after_a_report",
                condition=Q(late_quarter=True) | Q(late_year=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["item", "sign"], name="fact_once_each_way"),
            models.CheckConstraint(condition=Q(sign__in=[1, -1]), name="fact_adds_or_takes_back"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="fact_in_a_quarter"),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.contract_id} {self.item_id} {self.sign:+d}"


class Tally(Period, Amounts):
    """Sums of a unit's facts of a quarter, by one value of one dimension (see `dimensions`)."""

    dimension = models.CharField("维度", max_length=10)
    value = models.CharField("取值", max_length=32, blank=True)
    contracts = models.IntegerField("合同数", default=0)
    lines = models.IntegerField("标的数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "统计合计"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["year", "quarter", "unit", "dimension", "value", "late_quarter", "late_year"],
                name="tally_once",
            )
        ]

    def __str__(self):
        return f"{self.year} {self.quarter} {self.dimension} {self.value}"
