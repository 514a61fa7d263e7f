"""A plan with which every rule is content, and thresholds to measure it by; no database."""

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from plans.assistant import Context, Finding, PlanFacts
from plans.assistant.context import AgencyFacts, IntentFacts, UnitFacts
from plans.assistant.facts import ApprovalFacts, CategoryFacts, ExpertFacts, FundFacts, ItemFacts, NoticeFacts
from plans.assistant.registry import RULES

DAY = date(2026, 5, 11)
DATA = Path(__file__).resolve().parents[2] / "procurement" / "reference" / "data" / "thresholds.csv"


def limits() -> dict:
    """The shipped thresholds that are in force that day."""
    with DATA.open(encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if not row["valid_to"]]
    return {(row["code"], row["procurement_type"]): Decimal(row["amount"]) for row in rows}


MICROSCOPE = CategoryFacts("A02100301", "显微镜", edition="2022", valid_from=date(2023, 1, 1))
DESKTOP = CategoryFacts(
    "A02010105", "台式计算机", central=True, mall_allowed=True, energy_saving=True, edition="2022",
    valid_from=date(2023, 1, 1),
)  # fmt: skip
SERVER = replace(DESKTOP, code="A02010104", name="服务器", mall_allowed=False, energy_saving=False)
DESK = CategoryFacts("A05010201", "办公桌", mall_allowed=True, environmental=True)
SOFTWARE = CategoryFacts("C16010302", "行业应用软件开发服务")
PROPERTY = CategoryFacts("C21040000", "物业管理服务")
BUILDING = CategoryFacts("B01010000", "办公用房施工")
SUPERVISION = CategoryFacts("C20020600", "工程监理服务")
APPROVAL = ApprovalFacts("德国", "教学", "other", "not_available", "", "国内没有同类产品")
NOTICE = NoticeFacts("DY1", 1, Decimal("4000000.00"), "独家公司", closed=True)
PANEL = tuple(ExpertFacts(f"专家{n}", "示例研究院", "教授", n == 5) for n in range(1, 6))


def item(total="1500000", category=MICROSCOPE, **fields) -> ItemFacts:
    """One row; by default one piece for the whole sum."""
    total = Decimal(total)
    quantity = fields.pop("quantity", Decimal(1))
    given = {
        "number": 1, "content": "生物显微镜", "measure": "台", "requirement": "满足本科教学的观察和成像要求",
        "industry": "02", "unit_price": total / quantity,
    } | fields  # fmt: skip
    return ItemFacts(category=category, quantity=quantity, total=total, **given)


def fund(amount="1500000", **fields) -> FundFacts:
    given = {
        "number": 1, "kind": "current", "confirmation": 7, "quota_no": "ZB7", "project": "实验室显微镜更新",
        "quota_text": "实验室显微镜更新", "available": Decimal("90000000"), "unit": 1, "year": 2026,
        "source": "year_start", "econ": "31003",
    } | fields  # fmt: skip
    return FundFacts(amount=Decimal(amount), **given)


GOOD = PlanFacts(
    plan_type="project", title="显微镜", unit=1, division=2, year=2026, handler_name="李经办",
    handler_phone="62816021", responsible_name="王负责", responsible_phone="62816022",
    expected_start=date(2026, 6, 15), expected_finish=date(2026, 11, 30), intent_item=3,
    demand_summary="更新本科教学用显微镜", org_form="decentralized", method="open_tender",
    entrust_mode="agency", agency=4, implement="101", sme_reserved=True, sme_mode="whole", sme_scope="small",
    items=(item(),), fundings=(fund(),),
)  # fmt: skip
WORLD = Context(
    day=DAY, limits=limits(), unit=UnitFacts(1, "安徽示例大学", "示例大学", 2, is_research=False),
    agency=AgencyFacts("示例代理公司"),
    intent=IntentFacts("显微镜", Decimal(1500000), MICROSCOPE.code, date(2026, 4, 1)),
)  # fmt: skip


def plan(total=None, category=MICROSCOPE, **fields) -> PlanFacts:
    """The good plan with one row of that sum, and otherwise as said."""
    if total is not None:
        fields = {
            "items": (item(total, category),),
            "fundings": (fund(total),),
            "title": category.name,
        } | fields
    return replace(GOOD, **fields)


def world(**fields) -> Context:
    return replace(WORLD, **fields)


def ask(code: str, facts: PlanFacts, context: Context = WORLD) -> Finding | None:
    return RULES[code](facts, context)
