"""Filed contracts by the dozen, written as rows: what the statistics read, without the flow before them."""

import random
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from contracts.models import Contract, ContractFunding, ContractItem, ContractSupplier
from contracts.statistics.defaults import follow
from contracts.statistics.models import LineStatistics
from contracts.statistics.recording import record
from plans.models import Method, OrgForm, Plan, PlanFunding, PlanItem, PlanType
from procurement.flow.models import Desk
from procurement.reference.models import CatalogueEdition, Category, FundNature
from tests.plans.makers import confirmation
from tests.world import credit_code

CODES = {
    "A02010105": "台式计算机",
    "A02030501": "轿车",
    "B01010000": "办公用房施工",
    "C21040000": "物业管理服务",
}
YEAR = 2025


def categories() -> list[Category]:
    edition = CatalogueEdition.objects.get_or_create(
        code="2022", defaults={"name": "2022 年版", "valid_from": date(2022, 1, 1)}
    )[0]
    return [
        Category.objects.get_or_create(
            edition=edition, code=code, defaults={"name": name, "level": 4, "parent_code": code[:5]}
        )[0]
        for code, name in CODES.items()
    ]


def natures() -> dict[int, FundNature]:
    names = {1: "一般公共预算", 2: "政府性基金", 4: "非财政性资金", 6: "单位资金"}
    return {
        bucket: FundNature.objects.get_or_create(
            code=f"T{bucket}", defaults={"name": name, "is_fiscal": bucket < 4, "stat_bucket": bucket}
        )[0]
        for bucket, name in names.items()
    }


def money(unit, clerk) -> dict:
    """A confirmed quota of each fund nature."""
    found = {}
    for bucket, nature in natures().items():
        found[bucket] = confirmation(unit, clerk)
        type(found[bucket].quota).objects.filter(pk=found[bucket].quota_id).update(fund_nature=nature)
    return found


@transaction.atomic
def plan(unit, clerk, funds: dict, lines: list[tuple], **fields) -> Plan:
    """`funds` {confirmation: amount}, `lines` [(category, quantity, total, item fields)]."""
    total = sum(line[2] for line in lines)
    head = {"plan_type": PlanType.PROJECT, "org_form": OrgForm.CENTRAL, "method": Method.OPEN} | fields
    paper = Plan.begin(unit, clerk, year=YEAR, title="示例计划", amount=total, **head)
    paper.assign_number()
    paper.save()
    for category, quantity, amount, more in lines:
        PlanItem.objects.create(
            plan=paper, category=category, content=category.name, quantity=quantity, measure="台",
            unit_price=0, total_price=amount, **more,
        )  # fmt: skip
    for confirmed, amount in funds.items():
        PlanFunding.objects.create(
            plan=paper, confirmation=confirmed, fund_kind="current", description="经费", amount=amount
        )
    return paper


@transaction.atomic
def contract(of: Plan, clerk, signed: date, totals: list[Decimal], **fields) -> Contract:
    """A contract that buys every line of the plan for these totals; `state`, `sort` … in `fields`."""
    supplier = {"size": "3", "special": "9"} | fields.pop("supplier", {})
    fields.setdefault("submitted_at", timezone.now() if fields.get("state") == Desk.DONE else None)
    quantities, item_fields = fields.pop("quantities", None), fields.pop("item", {})
    paper = Contract.begin(
        of.unit, clerk, year=YEAR, division=of.division, title="示例合同", amount=sum(totals),
        approved_plan=of, purchaser=of.unit, signed_on=signed, **({"method": of.method} | fields),
    )  # fmt: skip
    paper.assign_number()
    paper.contract_no = paper.number
    paper.save()
    ContractSupplier.objects.create(contract=paper, name="安徽示例公司", uscc=credit_code(9), **supplier)
    for number, (row, total) in enumerate(zip(of.items.all(), totals, strict=True)):
        quantity = quantities[number] if quantities else row.quantity
        ContractItem.objects.create(
            contract=paper, plan_item=row, name=row.content, measure="台", quantity=quantity, unit_price=0,
            total=total, **item_fields,
        )  # fmt: skip
    for funding in of.fundings.all():
        ContractFunding.objects.create(
            contract=paper, confirmation=funding.confirmation,
            amount=(sum(totals) * funding.amount / of.amount).quantize(Decimal("0.01")),
        )  # fmt: skip
    return Contract.objects.get(pk=paper.pk)


def complete(paper: Contract) -> None:
    """The statistics of a contract, filled in."""
    follow(paper)
    for row in LineStatistics.objects.filter(contract=paper):
        row.vehicle, row.cpu, row.system, row.product_model = "1", "示例 CPU", "示例操作系统", "T1"
        row.rural = row.item_id % 3 == 0
        row.save()


def fen(dice: random.Random, most: int) -> Decimal:
    return Decimal(dice.randint(1, most)) / 100


def somehow(dice: random.Random, unit, clerk, confirmed: dict, **fields) -> Contract:
    """A contract filed at random: one to three lines, any method, any supplier, any day of two years."""
    rows = categories()
    lines = [
        (
            dice.choice(rows), Decimal(dice.randint(1, 9)), fen(dice, 10**9),
            {name: dice.random() < 0.3 for name in ("energy_saving", "water_saving", "environmental")},
        )
        for _ in range(dice.randint(1, 3))
    ]  # fmt: skip
    total = sum(line[2] for line in lines)
    chosen = dice.sample(sorted(confirmed), dice.randint(1, 3))
    shares = {confirmed[bucket]: (total / len(chosen)).quantize(Decimal("0.01")) for bucket in chosen}
    shares[confirmed[chosen[0]]] += total - sum(shares.values())
    of = plan(
        unit, clerk, shares, lines, method=dice.choice(Method.values), org_form=dice.choice(OrgForm.values),
        plan_type=dice.choice([PlanType.PROJECT, PlanType.MALL, PlanType.NON_GOV]),
    )  # fmt: skip
    signed = date(YEAR + dice.randint(0, 1), dice.randint(1, 12), dice.randint(1, 28))
    supplier = {"size": dice.choice("12349"), "special": dice.choice("129")}
    totals = [fen(dice, int(line[2] * 100)) for line in lines]
    return contract(of, clerk, signed, totals, supplier=supplier, **fields)


@transaction.atomic
def filed(paper: Contract) -> Contract:
    """Its facts, as 备案 records them."""
    complete(paper)
    record(paper)
    return paper
