"""P01–P08, P12: red flags of the planning stage (an open indicator set); they never stop anybody."""

from datetime import timedelta

from plans.models.choices import Method, PlanType

from ..context import Context
from ..facts import ZERO, PlanFacts
from ..findings import Verdict, flag
from ..papers import import_papers, missing
from ..registry import rule
from ..sources import INTENTS, SYSTEM
from ..wording import listed, number, rows, share, yuan
from .c import through_framework
from .d import record_filing


@rule(
    "P01",
    "同类品目滚动累计",
    "采购计划阶段风险指标 P01；政府采购法实施条例第二十八条",
    SYSTEM,
    reads="open_tender",
)
def rolling_sum(facts: PlanFacts, context: Context):
    told = []
    for code, own in facts.by_category.items():
        before = [row for row in context.others if row.category == code and row.recent]
        amount = sum((row.amount for row in before), ZERO)
        if code[:1] == "B" or not amount or facts.method == Method.OPEN:
            continue
        limit = context.limit("open_tender", code[:1])
        if own < limit <= own + amount:
            count = sum(row.count for row in before)
            told.append(f"品目 {code} 近一年 {count} 份计划合计 {yuan(amount)}，加本计划达到 {yuan(limit)}")
    return flag(f"{listed(told)}。", "请说明为何不合并采购。", "s-items") if told else None


def steps(facts: PlanFacts, context: Context) -> list[tuple[str, str, str]]:
    """(threshold, type, name) that matter for this plan."""
    if facts.is_mall:
        return [("mall_limit", "", "商城采购限额")]
    found = [("dispersed_limit", facts.type, "分散采购限额"), ("open_tender", facts.type, "公开招标数额标准")]
    return found + [("central_catalogue", "A", "集中采购目录金额标准")] * bool(facts.central)


@rule(
    "P02",
    "金额紧靠限额以下",
    "采购计划阶段风险指标 P02",
    SYSTEM,
    reads="near_threshold mall_limit dispersed_limit open_tender central_catalogue",
)
def just_below(facts: PlanFacts, context: Context):
    if not facts.type or facts.plan_type == PlanType.HISTORY:
        return None
    margin = context.share("near_threshold")
    for code, kind, name in steps(facts, context):
        if (code, kind) not in context.limits:
            continue
        limit = context.limit(code, kind)
        if limit * (1 - margin) <= facts.total < limit:
            return flag(
                f"计划金额 {yuan(facts.total)}比{name} {yuan(limit)}低不到 {share(margin)}。",
                "请确认预算是据实编制的。",
                "s-items",
            )
    return None


@rule("P03", "意向公开不足三十日", "采购计划阶段风险指标 P03；财库〔2020〕10号", INTENTS, reads="intent_days")
def late_intent(facts: PlanFacts, context: Context):
    published = context.intent and context.intent.published
    if not published:
        return None
    first = min(filter(None, [facts.expected_start, context.day]))
    if first - published >= timedelta(days=context.count("intent_days")):
        return None
    days = max((first - published).days, 0)
    return flag(
        f"采购意向公开 {days} 日就申报计划或开始采购。", "请核对预计采购开始日期。", "id_expected_start"
    )


@rule("P04", "先签合同后报计划", "采购计划阶段风险指标 P04", SYSTEM)
def contract_first(facts: PlanFacts, context: Context):
    if facts.signed_on is None or facts.signed_on >= context.day:
        return None
    return flag(
        f"合同 {facts.signed_on:%Y-%m-%d} 已签订，计划在其后申报。", "请在理由中说明经过。", "id_signed_on"
    )


@rule("P05", "同一供应商多次单一来源", "采购计划阶段风险指标 P05", SYSTEM)
def same_supplier(facts: PlanFacts, context: Context):
    if facts.method != Method.SINGLE or not context.same_supplier:
        return None
    return flag(
        f"近三年已有 {context.same_supplier} 份单一来源计划指向“{facts.supplier_name}”。",
        "请核对是否确无其他供应商。",
        "id_supplier_name",
    )


def above_plan(facts: PlanFacts) -> Verdict | None:
    """A contract recorded afterwards for more than its plan."""
    historic = facts.plan_type == PlanType.HISTORY and bool(facts.items)
    if not historic or (facts.contract_amount or ZERO) <= facts.total:
        return None
    what = f"合同金额 {yuan(facts.contract_amount)}大于计划金额 {yuan(facts.total)}。"
    return flag(what, "请核对金额。", "id_contract_amount")


def dearer(facts: PlanFacts, context: Context) -> Verdict | None:
    """Rows well above what the unit planned to pay for the same within a year."""
    known = {(row.category, row.measure): row.price for row in context.earlier}
    if not known:
        return None
    margin = context.share("price_drift")
    priced = [item for item in facts.items if item.category and item.unit_price is not None]
    before = [(item, known.get((item.category.code, item.measure))) for item in priced]
    raised = [(item, price) for item, price in before if price and item.unit_price > price * (1 + margin)]
    if not raised:
        return None
    told = listed(
        f"第 {item.number} 项 {yuan(item.unit_price)}，此前最高 {yuan(price)}" for item, price in raised
    )
    what = f"单价比本单位近一年同品目计划高出 {share(margin)} 以上：{told}。"
    return flag(what, "请核对单价，或说明配置、行情的变化。", raised[0][0].at("unit_price"))


def overrun(facts: PlanFacts, context: Context) -> Verdict | None:
    """Earlier plans of the same category whose result cost more, or brought more, than was planned."""
    mine = [one for one in context.outcomes if one.category in facts.by_category]
    over = [one for one in mine if one.bought > one.planned or one.quantity > one.planned_quantity]
    if not over:
        return None
    told = listed(
        f"{one.plan} 计划 {yuan(one.planned)}（数量 {number(one.planned_quantity)}），"
        f"成交 {yuan(one.bought)}（数量 {number(one.quantity)}）"
        for one in over
    )
    return flag(f"本单位近一年同品目的采购结果超出计划：{told}。", "请据实测算单价和数量。", "s-items")


@rule("P06", "金额、单价、数量偏离", "采购计划阶段风险指标 P06", SYSTEM, reads="price_drift")
def drift(facts: PlanFacts, context: Context):
    return above_plan(facts) or dearer(facts, context) or overrun(facts, context)


@rule("P07", "申报后变更采购方式", "采购计划阶段风险指标 P07", SYSTEM)
def method_changed(facts: PlanFacts, context: Context):
    first = context.first_method
    if not first or not facts.method or first == facts.method or first not in Method.values:
        return None
    now = Method(facts.method).label if facts.method in Method.values else facts.method
    return flag(
        f"首次申报时采购方式是“{Method(first).label}”，现改为“{now}”。",
        "请核对变更的理由；应公开招标的，须先报批采购方式变更。",
        "id_method",
    )


@rule("P08", "进口产品没有报批信息", "采购计划阶段风险指标 P08；政府采购法第十条", SYSTEM)
def import_unargued(facts: PlanFacts, context: Context):
    bare = [item for item in facts.imported if item.approval is None or not item.approval.import_case]
    if bare:
        return flag(f"{rows(bare)}标为进口，没有说明适用情形。", "请填写进口信息。", bare[0].at("is_import"))
    if lacking := missing(facts, import_papers(facts, record_filing(facts, context))):
        return flag(
            f"{rows(facts.imported)}标为进口，没有附{listed(lacking)}。", "请补齐报批材料。", "s-files"
        )
    return None


@rule("P12", "商城品目不走商城", "采购计划阶段风险指标 P12", SYSTEM, reads="mall_limit")
def off_mall(facts: PlanFacts, context: Context):
    if facts.plan_type not in (PlanType.PROJECT, PlanType.NON_GOV):
        return None
    if through_framework(facts):
        return None
    items = [item for item in facts.items if item.category and item.category.mall_allowed]
    if not items or sum((item.amount for item in items), ZERO) > context.limit("mall_limit"):
        return None
    return flag(f"{rows(items)}商城有售，计划却不在商城采购。", "请说明理由，或改用商城采购计划。", "s-items")
