"""提示: what a clerk should look at again before submitting; none of it stops him (domain.md §8)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from procurement.reference.money import plain

ENOUGH = 3  # experts, by custom; the law names no number


class Hint(NamedTuple):
    """One remark in orange, with the rule it rests on."""

    text: str
    basis: str


def hints(paper, experts: Sequence) -> Iterator[Hint]:
    """All remarks on one saved paper."""
    if len(experts) < ENOUGH:
        yield Hint(
            f"现有 {len(experts)} 名专业人员，通常不少于 {ENOUGH} 名。", "政府采购法实施条例第三十八条"
        )
    own = [expert.name for expert in experts if is_own(expert.employer, paper.unit)]
    if own:
        yield Hint(f"{'、'.join(own)}是本单位人员，论证意见宜由外单位专业人员出具。", "论证应当独立")
    names = [expert.name for expert in experts]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        yield Hint(f"{'、'.join(twice)}出现了两次，请确认不是重复录入。", "每名专业人员一份意见")
    if paper.confirmation_id and paper.amount > paper.confirmation.amount:
        text = f"预算金额 {plain(paper.amount)} 元超过已确认的 {plain(paper.confirmation.amount)} 元。"
        yield Hint(text, "公示不占用指标，申报计划时以可用余额为准")
    if paper.legal_basis != paper.Ground.ONLY:
        yield Hint("这一情形法律不要求事前公示，可以直接申报。", "政府采购法实施条例第三十八条")


def is_own(employer: str, unit) -> bool:
    names = {unit.name, unit.short_name} - {""}
    return any(name in employer for name in names)
