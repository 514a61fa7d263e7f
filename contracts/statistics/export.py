"""The lines of a period as a workbook, one row each, as the Ministry's form asks for them."""

from collections.abc import Iterator
from decimal import Decimal

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from contracts.suppliers.choices import Size, Special
from plans.models import Method
from procurement.flow.export import download, workbook
from procurement.reference.models import Category

from .models import ContractBucket, Fact, OrgKind, PlanBucket, Vehicle
from .scope import Scope

MOST = 20_000  # lines of one file; a province is exported by quarter and unit
HEAD = [
    "备案编号", "合同编号", "合同名称", "采购单位", "签订日期", "供应商规模", "供应商特殊性质", "标的名称",
    "品目编码", "采购类型", "组织形式",
    "采购方式", "节能", "节水", "环保", "832平台", "额外节能条目", "车辆类别", "原产国（地区）",
    "进口产品编号", "产品型号", "CPU 型号", "操作系统", "生产厂商", "厂商规模", "厂商所在地",
    *(f"计划：{label}" for label in PlanBucket.labels),
    *(f"合同：{label}" for label in ContractBucket.labels),
]  # fmt: skip
RELATED = ("contract", "unit", "item__plan_item__category", "item__statistics")


@require_safe
def export(request):
    """What counts in the period, without what was taken back; too much at once is refused, never cut off."""
    scope = Scope.of(request)
    facts = scope.facts(Fact.objects.filter(sign=1).exclude(item__facts__sign=-1))
    if (lines := facts.count()) > MOST:
        text = f"本期共 {lines:,} 条明细，超过一份文件的 {MOST:,} 条，请选择季度或单位后分别导出。"
        messages.error(request, text)
        return redirect(reverse("report") + scope.query())
    rows = facts.select_related(*RELATED).order_by("pk")
    name = f"合同统计明细-{scope.whose}-{scope.period}.xlsx"
    return download(name, workbook("合同统计明细", HEAD, map(cells, rows.iterator(chunk_size=2000))))


def cells(fact: Fact) -> list:
    """One line of the file; amounts in yuan."""
    paper, item, row = fact.contract, fact.item, getattr(fact.item, "statistics", None)
    return [
        paper.filing_number, paper.contract_no, paper.title, fact.unit.name, f"{paper.signed_on:%Y-%m-%d}",
        Size(fact.size).label, Special(fact.special).label, item.name, item.plan_item.category.code,
        Category.Type(fact.type).label, OrgKind(fact.org_kind).label,
        dict(Method.choices).get(fact.method, ""),
        *(yes(flag) for flag in (fact.energy_saving, fact.water_saving, fact.environmental, fact.rural)),
        *details(row), item.manufacturer, item.get_manufacturer_size_display(), item.manufacturer_region,
        *money(fact),
    ]  # fmt: skip


def yes(flag: bool) -> str:
    return "是" if flag else "否"


def details(row) -> list[str]:
    if row is None:
        return [""] * 7
    vehicle = Vehicle(row.vehicle).label if row.vehicle else ""
    return [
        row.extra_energy,
        vehicle,
        row.origin_code,
        row.product_no,
        row.product_model,
        row.cpu,
        row.system,
    ]


def money(fact: Fact) -> Iterator[Decimal]:
    names = [f"planned_{n}" for n in PlanBucket.values] + [f"agreed_{n}" for n in ContractBucket.values]
    return (Decimal(getattr(fact, name)) / 100 for name in names)
