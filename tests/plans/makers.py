"""Plans for tests, and what a clerk's browser posts."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import OrgKind
from plans.assistant.registry import RULES
from plans.models import Plan, PlanFunding, PlanItem, PlanType
from procurement.reference.models import Category, Threshold
from tests.intents.makers import YEAR, confirmation
from tests.papers import category
from tests.remembered import load_reference
from tests.world import organization

KEPT = "已核对，维持原信息"
CENT = Decimal("0.01")
SOON = timezone.localdate() + timedelta(days=40)
SETS = ("items", "fundings", "packages", "experts")
PEOPLE = {
    "handler_name": "李经办", "handler_phone": "0551-62816021", "responsible_name": "张主任",
    "responsible_phone": "13900000000",
}  # fmt: skip
PROJECT = {
    "intent_exemption": "below_limit", "org_form": "decentralized", "method": "open_tender",
    "entrust_mode": "research", "expected_start": SOON, "expected_finish": SOON, "sme_reserved": False,
    "no_sme_reason": "市场上没有中小企业能够提供",
}  # fmt: skip
MALL = {"mall_platform": "huicai", "mall_mode": "direct", "expected_finish": SOON}
HISTORY = {
    "contract_no": "HT-1", "contract_name": "运维合同", "supplier_name": "示例科技有限公司",
    "signed_on": date(YEAR - 1, 1, 5), "contract_amount": Decimal("1000.00"),
}  # fmt: skip
HEADS = {
    PlanType.PROJECT: PROJECT, PlanType.MALL: MALL, PlanType.NON_GOV: {"expected_finish": SOON},
    PlanType.HISTORY: HISTORY,
}  # fmt: skip


def catalogue() -> Category:
    """A category the mall sells, and the mall's limit."""
    if not Threshold.objects.exists():
        load_reference()
    row = category()
    Category.objects.filter(pk=row.pk).update(mall_allowed=True)
    return Category.objects.get(pk=row.pk)


def agency():
    return organization("示例招标代理有限公司", OrgKind.AGENCY, 77)


@transaction.atomic
def plan(unit, clerk, confirmed, amount: str = "600000.00", kind=PlanType.PROJECT, **fields) -> Plan:
    """A complete plan on the clerk's desk: one item, one funding."""
    item_fields = fields.pop("item", {})
    paper = Plan.begin(
        unit, clerk, year=YEAR, plan_type=kind, amount=Decimal(amount), case=confirmed.quota.case,
        kept=dict.fromkeys(RULES, KEPT), **({"title": "台式计算机"} | PEOPLE | HEADS[kind] | fields),
    )  # fmt: skip
    paper.assign_number()
    paper.save()
    row = {
        "category": catalogue(), "content": "教学用台式计算机", "unit_price": Decimal(amount),
        "quantity": Decimal(1), "measure": "批", "total_price": Decimal(amount),
    }  # fmt: skip
    PlanItem.objects.create(plan=paper, **(row | item_fields))
    PlanFunding.objects.create(
        plan=paper, fund_kind="current", confirmation=confirmed, description="设备费", amount=Decimal(amount)
    )
    return Plan.objects.get(pk=paper.pk)


def item(**fields) -> dict:
    return {
        "category": "A02010105", "content": "教学用台式计算机", "entry_mode": "by_unit",
        "unit_price": "5,000.00", "quantity": "120", "measure": "台", "total_price": "",
    } | fields  # fmt: skip


def fund(confirmed, amount: str = "600,000.00", **fields) -> dict:
    return {"confirmation": confirmed.pk, "description": "设备费", "amount": amount} | fields


def posted(items=(), fundings=(), packages=(), experts=(), *, kind=PlanType.PROJECT, **head) -> dict:
    """What the form posts; rows as text."""
    initial = head.pop("initial", {})
    fields = {name: str(value) for name, value in (PEOPLE | HEADS[kind]).items()}
    fields |= {f"keep:{code}": KEPT for code in RULES}
    data = {"action": "save", "title": "", "implement": "101"} | fields | {"sme_reserved": "false"} | head
    for name, rows in zip(SETS, (items, fundings, packages, experts), strict=True):
        data |= {
            f"{name}-TOTAL_FORMS": str(len(rows)), f"{name}-MIN_NUM_FORMS": "0",
            f"{name}-INITIAL_FORMS": str(initial.get(name, 0)), f"{name}-MAX_NUM_FORMS": "500",
        }  # fmt: skip
        for number, row in enumerate(rows):
            data |= {f"{name}-{number}-{field}": str(value) for field, value in row.items()}
    return data


__all__ = ["YEAR", "confirmation"]
