"""采购方式变更批复: the office's answer to a change of method, taken down when it is given (manual 3.5.5)."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from procurement.flow.letters import clean, last_round, trail
from procurement.reference.money import capitals, fen
from procurement.sealing.models import SealedPaper
from procurement.sealing.registry import Template

from .paper import grid, yuan
from .printing import Facts, said

SLUG = "methodchange"
TITLE = "政府采购方式变更批复"


def order_reply(change, at) -> SealedPaper:
    """Ask for the sealed reply, in the transaction of the approval."""
    return SealedPaper.order(
        change, SLUG, title=TITLE, number=change.approval_no, snapshot=snapshot(change, at)
    )


def snapshot(change, at) -> dict[str, Any]:
    """Everything the reply shows."""
    plan = change.original_plan
    return clean(
        {
            "number": change.approval_no,
            "request": change.number,
            "given_on": f"{timezone.localtime(at):%Y-%m-%d}",
            "unit_name": change.unit.name,
            "office_name": change.office.name,
            "project": plan.title,
            "before": change.get_original_method_display(),
            "after": change.get_new_method_display(),
            "amount": fen(plan.amount),
            "old_plan": plan.number,
            "old_book": change.old_book.number,
            "new_plan": change.new_plan.number,
            "facts": facts(change),
            "explanation": change.explanation,
            "trail": trail((change, last_round(change))),
        }
    )


def facts(change) -> Facts:
    """What the decision rests on."""
    counted = change.responsive_suppliers
    return said([
        ["采购单位", change.unit.name], ["预算编码", change.unit.budget_code],
        ["归口财政内部机构", change.division.name], ["联系人", f"{change.contact} {change.phone}"],
        ["变更主因", change.get_main_cause_display()], ["拟定供应商", change.supplier],
        ["单一来源公示", change.notice_no],
        ["响应供应商", "" if counted is None else f"{counted} 家"],
    ])  # fmt: skip


def context(taken: dict) -> dict[str, Any]:
    """The reply's parts in the order they are printed."""
    return taken | {
        "amount": yuan(taken["amount"]),
        "capitals": capitals(Decimal(taken["amount"]) / 100),
        "facts": grid(taken["facts"]),
    }


def brief(taken: dict) -> list[tuple[str, str]]:
    """For whoever holds number and code: enough to compare with the paper in hand."""
    return [
        ("采购单位", taken["unit_name"]), ("采购项目", taken["project"]),
        ("采购方式", f"{taken['before']}变更为{taken['after']}"), ("批复日期", taken["given_on"]),
    ]  # fmt: skip


TEMPLATE = Template(SLUG, "采购方式变更批复", "tasks/paper_reply.html", context, brief, "批准")
