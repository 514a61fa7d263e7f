"""From the stored snapshot to what templates/contracts/paper.html prints; pure, asks nothing of anybody."""

from decimal import Decimal
from typing import Any

from procurement.reference.money import capitals
from procurement.sealing.registry import Template
from tasks.paper import grid, yuan

from .printing import SLUG, TITLE


def context(snapshot: dict) -> dict[str, Any]:
    """The form's parts in the order they are printed."""
    planned, saved = snapshot["planned"], snapshot["saved"]
    money = {name: yuan(snapshot[name]) for name in ("planned_total", "fundings_total")}
    return {
        **snapshot, **money,
        "amount": yuan(snapshot["amount"]), "capitals": capitals(Decimal(snapshot["amount"]) / 100),
        "planned": yuan(planned), "saved": yuan(saved),
        "saved_share": f"{Decimal(saved) / planned * 100:.2f}%" if planned else "—",
        "is_change": snapshot["sort"] == "change",
        **{name: grid(snapshot[name]) for name in ("unit", "project", "contract", "terms", "days")},
        "suppliers": priced(snapshot["suppliers"], "amount"),
        "items": priced(snapshot["items"], "total", "planned"),
        "fundings": priced(snapshot["fundings"], "planned", "amount"),
    }  # fmt: skip


def priced(rows: list[dict], *names: str) -> list[dict]:
    return [row | {name: yuan(row[name]) for name in names} for row in rows]


def brief(snapshot: dict) -> list[tuple[str, str]]:
    """For whoever holds number and code: enough to compare with the paper in hand."""
    return [
        ("采购单位", snapshot["unit_name"]), ("合同编号", snapshot["contract_no"]),
        ("供应商", "、".join(row["name"] for row in snapshot["suppliers"]) or "—"),
        ("合同金额", f"{yuan(snapshot['amount'])} 元"), ("备案日期", snapshot["filed_on"]),
    ]  # fmt: skip


TEMPLATE = Template(SLUG, TITLE, "contracts/paper.html", context, brief)
