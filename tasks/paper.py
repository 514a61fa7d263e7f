"""From the stored snapshot to what templates/tasks/paper.html prints; pure, asks nothing of anybody."""

from decimal import Decimal
from typing import Any

from procurement.reference.money import capitals, plain
from procurement.sealing.registry import Template

from .models.choices import BookKind
from .printing import SLUG

WIDE = 24  # letters; a longer text takes the whole line


def yuan(cents: int | None) -> str:
    return "—" if cents is None else plain(Decimal(cents) / 100)


def context(snapshot: dict) -> dict[str, Any]:
    """The paper's parts in the order they are printed."""
    return {
        **snapshot,
        "is_mall": snapshot["kind"] == BookKind.MALL,
        "is_other": snapshot["kind"] == BookKind.OTHER,
        "amount": yuan(snapshot["amount"]),
        "capitals": capitals(Decimal(snapshot["amount"]) / 100),
        "head": grid(snapshot["unit"]),
        "organisation": grid(snapshot["organisation"]),
        "contract": grid(snapshot["contract"]),
        "items": [{**row, "total": yuan(row["total"])} for row in snapshot["items"]],
        "items_total": yuan(snapshot["items_total"]),
        "items_capitals": capitals(Decimal(snapshot["items_total"]) / 100),
        "fundings": [{**row, "amount": yuan(row["amount"])} for row in snapshot["fundings"]],
        "fundings_total": yuan(snapshot["fundings_total"]),
        "fundings_capitals": capitals(Decimal(snapshot["fundings_total"]) / 100),
        "packages": [
            {**row, "budget": yuan(row["budget"]), "ceiling": yuan(row["ceiling"])}
            for row in snapshot["packages"]
        ],
    }


def grid(facts: list[list[str]]) -> list[list[list[str]]]:
    """Two facts a line; a long text has a line of its own."""
    lines: list[list[list[str]]] = []
    for fact in facts:
        room = lines and len(lines[-1]) == 1 and len(lines[-1][0][1]) <= WIDE
        if room and len(fact[1]) <= WIDE:
            lines[-1].append(fact)
        else:
            lines.append([fact])
    return lines


def brief(snapshot: dict) -> list[tuple[str, str]]:
    """For whoever holds number and code: enough to compare with the paper in hand."""
    first = snapshot["items"][0]["content"] if snapshot["items"] else ""
    more = f"等 {len(snapshot['items'])} 项" if len(snapshot["items"]) > 1 else ""
    return [
        ("采购单位", snapshot["unit_name"]), ("计划编号", snapshot["plan_number"]),
        ("采购内容", first + more), ("任务书金额", f"{yuan(snapshot['amount'])} 元"),
        ("备案日期", snapshot["filed_on"]),
    ]  # fmt: skip


TEMPLATE = Template(SLUG, "采购任务书", "tasks/paper.html", context, brief)
