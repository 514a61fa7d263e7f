"""提示: what a clerk should look at again before submitting; none of it stops him (domain.md §7)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from procurement.reference.money import plain

AHEAD = timedelta(days=30)  # 财库〔2020〕10号: 原则上不得晚于采购活动开始前30日


class Hint(NamedTuple):
    """One remark in orange, with the rule it rests on."""

    text: str
    basis: str


def hints(items: Sequence, today: date) -> list[Hint]:
    """All remarks on the saved rows of one paper."""
    return [*too_much(items), *twins(items), *each(items, today)]


def too_much(items: Sequence) -> Iterator[Hint]:
    """Σ intents above what is confirmed, a confirmation at a time."""
    here: dict = defaultdict(Decimal)
    for item in items:
        here[item.confirmation] += item.amount
    others = {item.confirmation_id: item.others or Decimal(0) for item in items}
    for confirmation, amount in here.items():
        total = amount + others[confirmation.pk]
        if total > confirmation.amount:
            yield Hint(
                f"指标“{confirmation.quota.project_name}”已确认 {plain(confirmation.amount)} 元，"
                f"各意向合计 {plain(total)} 元（含草稿），超出 {plain(total - confirmation.amount)} 元。",
                "意向不占用指标，申报计划时以可用余额为准",
            )


def twins(items: Sequence) -> Iterator[Hint]:
    """The same project twice, here or in another notice of the year."""
    seen: set[str] = set()
    for item in items:
        if item.twin or item.project_name in seen:
            where = "本公告中" if item.project_name in seen else "本单位本年度其他意向中"
            yield Hint(f"“{item.project_name}”在{where}已经出现，请确认没有重复公开。", "同一项目只公开一次")
        seen.add(item.project_name)


def each(items: Sequence, today: date) -> Iterator[Hint]:
    earliest = (today + AHEAD).replace(day=1)
    for number, item in enumerate(items, start=1):
        if item.expected_month < earliest:
            yield Hint(
                f"第 {number} 项预计 {item.expected_month:%Y 年 %-m 月}采购，距今天不足 30 日，"
                f"宜填 {earliest:%Y 年 %-m 月}或以后。",
                "财库〔2020〕10号：原则上不得晚于采购活动开始前 30 日公开",
            )
        if len(item.demand_summary) < 20:
            yield Hint(
                f"第 {number} 项采购需求概况不足 20 个字，应写明标的、数量、功能目标及质量、服务、时限要求。",
                "财库〔2020〕10号",
            )
        if item.sme_reserved == "none" and not item.remark.strip():
            yield Hint(f"第 {number} 项不预留中小企业份额，应在备注中说明理由。", "财库〔2020〕46号第六条")
