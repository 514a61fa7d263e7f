"""What the statistics of a contract's lines say before the clerk has touched them."""

from collections import Counter, defaultdict
from decimal import Decimal

from django.db.models import F, Q, Sum

from contracts.models import Contract, ContractItem, Sort
from plans.models import OrgForm, PlanType
from procurement.flow.models import Desk

from .models import ContractBucket, LineStatistics, OrgKind, PlanBucket
from .models.choices import PLAN_COLUMN
from .models.lines import MONEY, PLAN, is_it
from .split import part_of, split

BUCKET = "confirmation__quota__fund_nature__stat_bucket"
KINDS = {OrgForm.CENTRAL: OrgKind.CENTRAL, OrgForm.DECENTRALIZED: OrgKind.DECENTRALIZED}


def concerned(contract: Contract) -> bool:
    """Only government procurement is reported; a change of terms moves no money; what is secret stays out."""
    outside = contract.approved_plan.plan_type == PlanType.NON_GOV
    return not (outside or contract.is_secret or contract.sort == Sort.CHANGE)


def items_of(contract: Contract) -> list[ContractItem]:
    """Its lines with what the defaults need, in the order of the form; one query."""
    related = ("plan_item__category", "statistics")
    return list(contract.items.select_related(*related).order_by("pk"))


class Defaults:
    """The defaults of one contract; four queries however many lines."""

    def __init__(self, contract: Contract, items: list[ContractItem]):
        self.contract, self.plan, self.items = contract, contract.approved_plan, items
        self.plan_weights = weights(self.plan.fundings)
        self.weights = weights(contract.fundings) or self.plan_weights
        self.before = bought_before(contract, items)

    def planned(self, item: ContractItem) -> Decimal:
        """计划金额 of the line: its share of the plan line, by quantity."""
        row = item.plan_item
        return part_of(row.total_price, row.quantity, self.before[item.pk], item.quantity)

    def plan_money(self, item: ContractItem) -> dict[str, Decimal]:
        held: Counter = Counter()
        for bucket, amount in self.plan_weights.items():
            held[PLAN_COLUMN[bucket]] += amount
        return named(PLAN, split(self.planned(item), held, PlanBucket.values))

    def contract_money(self, item: ContractItem) -> dict[str, Decimal]:
        return named(MONEY, split(item.total, self.weights, ContractBucket.values))

    def row(self, item: ContractItem) -> LineStatistics:
        """A whole new row."""
        wanted = item.plan_item
        return LineStatistics(
            contract=self.contract, item=item, org_kind=KINDS.get(self.plan.org_form, OrgKind.DECENTRALIZED),
            energy_saving=wanted.energy_saving, water_saving=wanted.water_saving,
            environmental=wanted.environmental,
            product_model=item.model[:100] if is_it(wanted.category) else "",
            **self.plan_money(item), **self.contract_money(item),
        )  # fmt: skip


def named(names: list[str], shares: dict[int, Decimal]) -> dict[str, Decimal]:
    return dict(zip(names, shares.values(), strict=True))


def weights(fundings) -> dict[int, Decimal]:
    """{bucket: money} of a set of fundings."""
    rows = fundings.order_by().values_list(BUCKET).annotate(Sum("amount"))
    return {bucket: amount for bucket, amount in rows if amount}


def bought_before(contract: Contract, items: list[ContractItem]) -> dict[int, Decimal]:
    """{line: quantity that earlier lines of living contracts have bought of the same plan line}."""
    if not items:
        return {}
    wanted = {item.plan_item_id for item in items}
    rows = ContractItem.objects.filter(plan_item__in=wanted, pk__lte=max(item.pk for item in items))
    rows = rows.exclude(Q(contract__state=Desk.VOID) | Q(contract__sort=Sort.CHANGE))
    found, sums = {}, defaultdict(Decimal)
    for pk, row, quantity in rows.order_by("pk").values_list("pk", F("plan_item"), "quantity"):
        found[pk] = sums[row]
        sums[row] += quantity
    return {item.pk: found.get(item.pk, Decimal(0)) for item in items}


def follow(contract: Contract) -> None:
    """After a save of the contract: new lines get their row, changed totals are shared out again."""
    if not concerned(contract):
        return
    items = items_of(contract)
    defaults = Defaults(contract, items)
    rows = {item.pk: row_of(item) for item in items}
    LineStatistics.objects.bulk_create(defaults.row(item) for item in items if rows[item.pk] is None)
    moved = [row for item in items if (row := rows[item.pk]) and resettle(defaults, item, row)]
    LineStatistics.objects.bulk_update(moved, PLAN + MONEY)


def row_of(item: ContractItem) -> LineStatistics | None:
    return getattr(item, "statistics", None)


def resettle(defaults: Defaults, item: ContractItem, row: LineStatistics) -> bool:
    """Share out again what no longer adds up; what the clerk has settled and still fits stays."""
    fresh = {}
    if row.planned != defaults.planned(item):
        fresh |= defaults.plan_money(item)
    if row.agreed != item.total:
        fresh |= defaults.contract_money(item)
    for name, amount in fresh.items():
        setattr(row, name, amount)
    return bool(fresh)
