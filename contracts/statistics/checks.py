"""What is wrong or odd with the statistics of a contract: one list for the page and for the submission."""

from dataclasses import dataclass
from decimal import Decimal

from contracts import parts
from contracts.models import Contract, ContractItem
from procurement.reference.models import Category
from procurement.reference.money import plain

from .defaults import Defaults, concerned, items_of, row_of
from .models import ContractBucket, LineStatistics
from .models.choices import PLAN_COLUMN
from .models.lines import is_computer, is_vehicle


@dataclass(frozen=True)
class Line:
    """One line of the contract with its row, as the rules read it."""

    number: int
    item: ContractItem
    row: LineStatistics
    planned: Decimal
    reserved: bool  # the plan sets money aside for small and medium enterprises

    @property
    def category(self) -> Category:
        return self.item.plan_item.category

    @property
    def imported(self) -> bool:
        return self.item.is_import


Faults = dict[str, str]  # field -> sentence; "" is about the line


def sums(line: Line) -> Faults:
    """Σ plan money = plan line, Σ contract money = contract line."""
    found = {}
    if line.row.planned != line.planned:
        found["plan_1"] = (
            f"计划金额各栏合计 {plain(line.row.planned)} 元，应等于本标的计划金额 {plain(line.planned)} 元。"
        )
    if line.row.agreed != line.item.total:
        found["contract_1"] = (
            f"合同金额各栏合计 {plain(line.row.agreed)} 元，"
            f"应等于本标的合同金额 {plain(line.item.total)} 元。"
        )
    return found


def blocks(line: Line) -> Faults:
    """What a vehicle, an import, a computer must say; and what a set-aside must."""
    row, found = line.row, {}
    if is_vehicle(line.category) and not row.vehicle:
        found["vehicle"] = "品目为车辆，请选择车辆类别。"
    if line.imported and not row.origin_code:
        found["origin_code"] = "进口产品请填写原产国（地区）代码，例如 DEU。"
    if line.imported and not row.product_no:
        found["product_no"] = "进口产品请填写进口产品编号。"
    goods = line.category.type == Category.Type.GOODS
    if line.reserved and goods and not line.item.manufacturer_size:
        found[""] = "采购计划预留中小企业份额，请在合同标的中选择厂商规模。"
    return found


def judged(line: Line) -> Faults:
    return sums(line) | blocks(line)


def odd(line: Line) -> list[str]:
    """Orange, may stay: money above its plan, a computer of which little is told."""
    return [*over(line), *untold(line)]


def over(line: Line) -> list[str]:
    """Contract money of a nature above its plan money, unless the funds were adjusted."""
    if line.row.fund_adjusted:
        return []
    agreed: dict[int, Decimal] = {}
    for bucket in ContractBucket.values:
        column = PLAN_COLUMN[bucket]
        agreed[column] = agreed.get(column, Decimal(0)) + getattr(line.row, f"contract_{bucket}")
    return [
        f"{ContractBucket(column).label}的合同金额 {plain(amount)} 元大于计划金额 {plain(planned)} 元；"
        "资金来源已调整的请勾选“资金来源已调整”。"
        for column, amount in agreed.items()
        if amount > (planned := getattr(line.row, f"plan_{column}"))
    ]


def untold(line: Line) -> list[str]:
    """财库〔2023〕29号 asks for processor and system of computers; some have none to tell."""
    asked = (
        {"product_model": "产品型号", "cpu": "CPU 型号", "system": "操作系统"}
        if is_computer(line.category)
        else {}
    )
    missing = [label for name, label in asked.items() if not getattr(line.row, name)]
    return [f"品目为计算机，建议填写{'、'.join(missing)}。"] if missing else []


def lines_of(contract: Contract) -> tuple[list[Line], list[int]]:
    """(lines that have their row, numbers of those that have not)."""
    items = items_of(contract)
    defaults = Defaults(contract, items)
    reserved = bool(contract.approved_plan.sme_reserved)
    lines, missing = [], []
    for number, item in enumerate(items, start=1):
        row = row_of(item)
        if row is None:
            missing.append(number)
        else:
            lines.append(Line(number, item, row, defaults.planned(item), reserved))
    return lines, missing


def settled(contract: Contract) -> list[Line]:
    """Its lines as they were submitted: what was judged then is not judged again."""
    parts.load(contract)
    numbered = enumerate(contract.items.all(), start=1)
    return [Line(n, item, row, row.planned, False) for n, item in numbered if (row := row_of(item))]


def faults(contract: Contract) -> list[str]:
    """Sentences that keep the contract from being submitted; empty when the block is complete."""
    if not concerned(contract):
        return []
    lines, missing = lines_of(contract)
    found = [f"报表统计信息：第 {number} 项标的尚未填写。" for number in missing]
    for line in lines:
        found += [f"报表统计信息第 {line.number} 项：{sentence}" for sentence in judged(line).values()]
    return found
