"""A07–A12: prices, sums and the money behind them."""

from plans.models.choices import FundKind
from procurement.reference.prices import agrees

from ..context import Context
from ..facts import FundFacts, ItemFacts, PlanFacts
from ..findings import doubt, fine
from ..registry import rule
from ..sources import BUDGET_LAW, SYSTEM
from ..wording import anchor, listed, rows, yuan

# words that say nothing about what is bought
EMPTY_WORDS = (
    "采购", "项目", "经费", "专项", "资金", "购置", "更新", "建设", "设备", "服务", "费用", "预算", "年度",
    "工作", "安排", "其他", "单位", "支出",
)  # fmt: skip


@rule("A07", "单价、数量与总价相符", "操作手册 3.5.1", SYSTEM)
def prices_agree(facts: PlanFacts, context: Context):
    priced = [item for item in facts.items if None not in (item.unit_price, item.quantity, item.total)]
    wrong = [item for item in priced if not agrees(item.unit_price, item.quantity, item.total)]
    if wrong:
        return doubt(f"{rows(wrong)}单价×数量与总价不相符。", "请核对三个数。", anchor(wrong, "unit_price"))
    return fine("单价 × 数量 = 总价") if priced else None


@rule("A08", "清单合计与资金合计相等", "操作手册 3.5.1", SYSTEM)
def sums_agree(facts: PlanFacts, context: Context):
    if not facts.items and not facts.fundings:
        return None
    gap = facts.funded - facts.total
    if gap:
        return doubt(
            f"资金合计比清单合计{'多' if gap > 0 else '少'} {yuan(abs(gap))}。", "请修改使两者相等。",
            "s-fundings",
        )  # fmt: skip
    return fine("清单合计与资金合计相等")


def short(facts: PlanFacts) -> list[FundFacts]:
    return [row for row in facts.fundings if row.confirmation and (row.amount or 0) > row.available]


@rule("A09", "指标余额足够", "操作手册 3.2", SYSTEM)
def enough_money(facts: PlanFacts, context: Context):
    if not [row for row in facts.fundings if row.confirmation]:
        return None
    if wrong := short(facts):
        told = listed(
            f"指标 {row.quota_no} 可用 {yuan(row.available)}，本次 {yuan(row.amount)}" for row in wrong
        )
        return doubt(f"{told}，超出可用余额。", "请减少金额或另选指标。", wrong[0].at("amount"))
    return fine("指标余额足够")


def usual_econ(item: ItemFacts) -> tuple[str, ...]:
    """First digits of the economic classes (department, then government) a 品目 is usually paid from."""
    code = item.category.code
    capital = ("309", "310", "503", "504", "506")
    running = ("302", "502", "505")
    if code.startswith("B") or code.startswith(("A02", "A0501")):
        return capital
    if code.startswith("A"):
        return capital + running
    return capital + running if code.startswith("C16") else running


@rule("A10", "经济分类与品目相配", "政府收支分类科目（支出经济分类）", SYSTEM)
def econ_fits(facts: PlanFacts, context: Context):
    classes = {row.econ for row in facts.fundings if row.econ}
    items = [item for item in facts.items if item.category]
    if not classes or not items:
        return None
    odd = [item for item in items if not any(econ.startswith(usual_econ(item)) for econ in classes)]
    if odd:
        return doubt(
            f"{rows(odd)}的品目通常不在所选指标的经济分类（{listed(sorted(classes))}）中列支。",
            "请核对指标的经济分类，或写明理由。",
            "s-fundings",
        )
    return fine("指标的经济分类与品目相配")


def pairs(text: str) -> set[str]:
    """Neighbouring characters, without words every quota has."""
    for word in EMPTY_WORDS:
        text = text.replace(word, " ")
    return {text[i : i + 2] for i in range(len(text) - 1) if text[i : i + 2].isalnum()}


@rule("A11", "指标用途与采购内容相关", "系统提示口径（按文字比对）", SYSTEM)
def purpose_fits(facts: PlanFacts, context: Context):
    texts = [row.quota_text for row in facts.fundings if row.quota_text]
    bought = "，".join(
        f"{item.category.name if item.category else ''}，{item.content}" for item in facts.items
    )
    if not texts or not pairs(bought) or not any(pairs(text) for text in texts):
        return None
    if any(pairs(text) & pairs(bought) for text in texts):
        return fine("指标用途与采购内容相关")
    return doubt(
        "从文字看，所选指标的项目名称和说明与采购内容没有关联。", "请核对指标用途，确认无误可维持。",
        "s-fundings",
    )  # fmt: skip


@rule("A12", "先用结转资金", "预算法第四十二条；预算管理惯例", BUDGET_LAW)
def older_money_first(facts: PlanFacts, context: Context):
    current = [row for row in facts.fundings if row.kind == FundKind.CURRENT and row.confirmation]
    if not current:
        return None
    projects = {row.project for row in current}
    used = {row.confirmation: row.amount or 0 for row in facts.fundings if row.confirmation}
    left = [
        row
        for row in context.old_money
        if row.project in projects and row.available > used.get(row.confirmation, 0)
    ]
    if left:
        told = listed(f"{row.quota_no}（余 {yuan(row.available)}）" for row in left)
        return doubt(f"同一预算项目还有上年结转指标未用完：{told}。", "宜先使用结转资金。", "s-fundings")
    return fine("没有应先使用的结转资金")
