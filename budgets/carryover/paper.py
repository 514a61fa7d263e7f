"""年终结转申请表: what the sealed paper shows, taken down with the last approval (manual 3.9)."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from procurement.flow.letters import clean, last_round, trail
from procurement.reference.money import capitals, fen, plain

SLUG = "carryover"
TITLE = "年终采购资金结转申请表"
SUMS = ["balance", "will_carry", "will_return", "will_stay"]


def snapshot(paper, at) -> dict[str, Any]:
    """Everything the paper shows; text as it will be read, money in 分."""
    rows = list(paper.lines.select_related("confirmation__quota", "holder", "ruling"))
    return clean(
        {
            "title": TITLE, "number": paper.number, "year": paper.fiscal_year, "next": paper.turns_on.year,
            "approved_on": f"{timezone.localtime(at):%Y-%m-%d}", "unit_name": paper.unit.name,
            "budget_code": paper.unit.budget_code or "", "division": paper.division.name,
            "clerk": str(paper.clerk), "remark": paper.remark, "amount": fen(paper.amount),
            "lines": [line_row(line) for line in rows], "trail": trail((paper, last_round(paper))),
            "sums": {name: fen(sum((getattr(row, name) for row in rows), Decimal(0))) for name in SUMS},
        }
    )  # fmt: skip


def line_row(line) -> dict[str, Any]:
    """One line as the office passed it; of a paper that holds the money no more than its number."""
    quota = line.confirmation.quota
    return {
        "project": quota.project_name, "quota": f"{quota.quota_no} 第 {line.confirmation.seq} 次",
        "holder": line.holder.number if line.holder else "", "basis": line.get_basis_display(),
        "second_year": line.second_year, "ruling": str(getattr(line, "ruling", "")),
        "reason": line.get_reason_display(), "progress": line.progress,
        "finish": line.expected_finish.isoformat(), "asked": fen(line.amount),
        **{name: fen(getattr(line, name)) for name in SUMS},
    }  # fmt: skip


# --- drawing: pure, asks nothing of anybody ---------------------------------------------------------------


def yuan(cents: int) -> str:
    return plain(Decimal(cents) / 100)


def context(taken: dict) -> dict[str, Any]:
    """For templates/budgets/paper_carryover.html."""
    money = [*SUMS, "asked"]
    return taken | {
        "amount": yuan(taken["amount"]),
        "sums": {name: yuan(cents) for name, cents in taken["sums"].items()},
        "capitals": capitals(Decimal(taken["sums"]["will_carry"]) / 100),
        "lines": [row | {name: yuan(row[name]) for name in money} for row in taken["lines"]],
    }


def brief(taken: dict) -> list[tuple[str, str]]:
    """For whoever holds number and code: enough to compare with the paper in hand."""
    return [
        ("采购单位", taken["unit_name"]), ("年度", f"{taken['year']} 年结转至 {taken['next']} 年"),
        ("同意结转", f"{yuan(taken['sums']['will_carry'])} 元"),
        ("交回财政", f"{yuan(taken['sums']['will_return'])} 元"), ("批准日期", taken["approved_on"]),
    ]  # fmt: skip
