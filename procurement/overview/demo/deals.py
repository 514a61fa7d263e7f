"""Contracts of the demo: one filed, whose notice goes out, and one that waits for its filing (manual 3.8)."""

from dataclasses import dataclass

from contracts.models import Contract
from procurement import clock

from .browser import Stopped
from .papers import FILE, SUBMIT, UNIT, YEAR, Step
from .plan_papers import PLANS, TERRITORIAL
from .plan_papers import Plan as Planned
from .plans import plan_of
from .world import PROOF, Told, World, must, walk


@dataclass(frozen=True)
class Deal:
    """A contract of one plan: its own number, with whom, the moves after it."""

    plan: Planned
    number: str
    supplier: tuple[str, str]  # name, credit code
    steps: list[Step]


DEALS = [
    Deal(
        PLANS[0], f"AHSLDX-{YEAR}-118", ("江淮示例科技有限公司", "91340000MB0000311J"), [SUBMIT, UNIT, FILE]
    ),
    Deal(TERRITORIAL, f"GLSY-{YEAR}-042", ("皖江示例通信设备有限公司", "91340000MB0000312M"), [SUBMIT, UNIT]),
]


def contract_of(wanted: Deal) -> Contract | None:
    plan = plan_of(wanted.plan)
    return plan and plan.contracts.order_by("pk").first()


def agreed(world: World, wanted: Deal) -> None:
    """合同录入 out of the filed plan, then moved on."""
    if contract_of(wanted) is None:
        visitor = world.visitor(wanted.plan.cast["clerk"])
        page = visitor.get(f"/contracts/new/?plan={plan_of(wanted.plan).pk}")
        files = [(f"file:{code}", f"{code}.pdf", "application/pdf", PROOF) for code in ("text", "public")]
        answer = visitor.submit(page, "contract_no", values(wanted), files, follow=False)
        must(contract_of(wanted) is not None, answer, f"录入合同 {wanted.number}")
        world.tick()
    walk(world, contract_of(wanted), wanted.plan.cast, wanted.steps)


def values(wanted: Deal) -> dict[str, str]:
    """What the plan does not know: days, the supplier, how it is inspected."""
    name, code = wanted.supplier
    today, plan = f"{clock.today()}", plan_of(wanted.plan)
    supplier = {
        "name": name, "uscc": code, "representative": "周经理", "address": "合肥市示例科技园 3 栋",
        "phone": "0551-62810777", "region": "340100", "size": "1", "special": "9", "role": "sole",
        "is_payee": "on", "account_name": name, "bank": "示例银行合肥分行", "account": "6222000000000001",
        "amount": str(plan.amount),
    }  # fmt: skip
    head = {
        "action": "save", "contract_no": wanted.number, "contract_type": "sale", "signed_on": today,
        "starts_on": today, "ends_on": f"{plan.fiscal_year + 1}-03-31", "inspector": "self",
        "inspection": "once", "acceptance_content": "数量、外观、配置和安装调试",
        "acceptance_standard": "符合合同和采购文件的约定", "suppliers-TOTAL_FORMS": "1",
    }  # fmt: skip
    return head | {f"suppliers-0-{field}": text for field, text in supplier.items()}


def papers() -> list[Contract]:
    return [*filter(None, map(contract_of, DEALS))]


def finished() -> bool:
    last = contract_of(DEALS[-1])
    return last is not None and last.moves.count() >= len(DEALS[-1].steps)


def tell(world: World, told: Told) -> None:
    for wanted in DEALS:
        paper = contract_of(wanted)
        if paper is None:
            raise Stopped(f"没有合同 {wanted.number}")
        label = f"采购合同 {paper.contract_no}：{paper.status}"
        told.lines.append((label, paper.clerk.name, world.address(f"/contracts/{paper.pk}/")))
