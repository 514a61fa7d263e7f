"""财政部报表统计信息 of one line of a contract (domain.md §20)."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from contracts.models import Contract, ContractItem
from contracts.models.fields import Row
from procurement.reference.models import Category

from .choices import ContractBucket, OrgKind, PlanBucket, Vehicle

VEHICLES = "A0203"  # 车辆
IT = "A0201"  # 信息化设备
COMPUTERS = "A020101"  # 计算机: processor and system are asked for (财库〔2023〕29号)
PLAN = [f"plan_{bucket}" for bucket in PlanBucket.values]
MONEY = [f"contract_{bucket}" for bucket in ContractBucket.values]


def money(bucket, side: str) -> models.DecimalField:
    label = f"{side}：{bucket.label}（元）"
    return models.DecimalField(label, max_digits=18, decimal_places=2, default=0)


def text(label: str, length: int) -> models.CharField:
    return models.CharField(label, max_length=length, blank=True)


class LineStatistics(Row):
    """One row beside each contract line; the sub-blocks belong to vehicles, imports and computers only."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="statistics", editable=False)
    item = models.OneToOneField(
        ContractItem, models.CASCADE, related_name="statistics", verbose_name="合同标的", editable=False
    )
    org_kind = models.CharField("组织形式", max_length=1, choices=OrgKind)
    energy_saving = models.BooleanField("节能产品", default=False)
    water_saving = models.BooleanField("节水产品", default=False)
    environmental = models.BooleanField("环保产品", default=False)
    rural = models.BooleanField("通过832平台采购", default=False)
    extra_energy = text("额外节能条目", 100)
    vehicle = models.CharField("车辆类别", max_length=1, choices=Vehicle, blank=True)
    origin_code = text("原产国（地区）代码", 3)
    product_no = text("进口产品编号", 40)
    product_model = text("产品型号", 100)
    cpu = text("CPU 型号", 100)
    system = text("操作系统", 100)
    plan_1 = money(PlanBucket.GENERAL, "计划")
    plan_2 = money(PlanBucket.FUNDS, "计划")
    plan_3 = money(PlanBucket.OTHER_FISCAL, "计划")
    plan_4 = money(PlanBucket.NON_FISCAL, "计划")
    plan_5 = money(PlanBucket.OTHER_LEVEL, "计划")
    contract_1 = money(ContractBucket.GENERAL, "合同")
    contract_2 = money(ContractBucket.FUNDS, "合同")
    contract_3 = money(ContractBucket.OTHER_FISCAL, "合同")
    contract_4 = money(ContractBucket.NON_FISCAL, "合同")
    contract_5 = money(ContractBucket.OTHER_LEVEL, "合同")
    contract_6 = money(ContractBucket.OTHER_UNIT, "合同")
    fund_adjusted = models.BooleanField("资金来源已调整", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "报表统计信息"
        default_permissions = ()
        ordering = ["item"]
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{name}__gte": 0 for name in PLAN + MONEY}), name="statistics_not_negative"
            )
        ]

    def __str__(self):
        return f"{self.item_id}"

    @property
    def planned(self) -> Decimal:
        return sum((getattr(self, name) for name in PLAN), Decimal(0))

    @property
    def agreed(self) -> Decimal:
        return sum((getattr(self, name) for name in MONEY), Decimal(0))


def is_vehicle(category: Category) -> bool:
    return category.code.startswith(VEHICLES)


def is_it(category: Category) -> bool:
    return category.code.startswith(IT)


def is_computer(category: Category) -> bool:
    return category.code.startswith(COMPUTERS)
