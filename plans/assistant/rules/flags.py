"""P01–P08, P12: red flags of the planning stage (an open indicator set); they never stop anybody."""

from datetime import timedelta

from plans.models.choices import Method, PlanType

from ..context import Context
from ..facts import ZERO, PlanFacts
from ..findings import flag
from ..registry import rule
from ..sources import INTENTS, SYSTEM
from ..wording import listed, rows, share, yuan
from .c import through_framework


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
    if not context.same_supplier:
        return None
    return flag(
        f"近三年已有 {context.same_supplier} 份单一来源计划指向“{facts.supplier_name}”。",
        "请核对是否确无其他供应商。",
        "id_method",
    )


@rule("P06", "合同金额大于计划金额", "采购计划阶段风险指标 P06", SYSTEM)
def contract_above_plan(facts: PlanFacts, context: Context):
    if facts.plan_type != PlanType.HISTORY or not facts.contract_amount or not facts.items:
        return None
    if facts.contract_amount <= facts.total:
        return None
    return flag(
        f"合同金额 {yuan(facts.contract_amount)}大于计划金额 {yuan(facts.total)}。", "请核对金额。",
        "id_contract_amount",
    )  # fmt: skip


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
    if not bare:
        return None
    return flag(f"{rows(bare)}标为进口，没有说明适用情形。", "请填写进口信息。", bare[0].at("is_import"))


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
