"""C01–C06, C11–C14: who buys, by which form."""

from decimal import Decimal

from accounts.models import OrgKind
from plans.models.choices import Entrust, Implement, Method, OrgForm, PlanType

from ..context import Context
from ..facts import ZERO, PlanFacts
from ..findings import doubt, fine
from ..registry import rule
from ..sources import FRAMEWORK, LAW, REGULATION, RESEARCH, SYSTEM, TENDERING
from ..wording import listed, rows, yuan

CAPITAL = "合肥"
INSTRUMENTS = ("A0210",)  # 仪器仪表


def central_sum(facts: PlanFacts) -> Decimal:
    return sum((item.amount for item in facts.central), ZERO)


@rule(
    "C01",
    "目录内达标准的集中采购",
    "政府采购法第十八条；安徽省政府集中采购目录及标准",
    LAW,
    reads="central_catalogue",
)
def central_when_due(facts: PlanFacts, context: Context):
    if not facts.is_project or not facts.central:
        return None
    limit = context.limit("central_catalogue", "A")
    if central_sum(facts) < limit:
        return fine(f"集中采购目录内品目未达 {yuan(limit)}，可分散采购")
    if facts.org_form == OrgForm.CENTRAL:
        return fine("集中采购目录内品目已选集中采购机构采购")
    return doubt(
        f"{rows(facts.central)}在集中采购目录内，合计 {yuan(central_sum(facts))}，达到 {yuan(limit)}。",
        "组织形式应选“集中采购机构采购”。",
        "id_org_form",
    )


@rule("C02", "目录外分散采购", "政府采购法第七条", LAW)
def decentralized_outside(facts: PlanFacts, context: Context):
    if not facts.is_project or not facts.items or facts.central or not facts.org_form:
        return None
    if facts.org_form == OrgForm.DECENTRALIZED:
        return fine("集中采购目录以外的品目，选择分散采购")
    return doubt(
        "采购清单中没有集中采购目录内的品目，不需要集中采购机构采购。", "组织形式宜选“分散采购”。",
        "id_org_form",
    )  # fmt: skip


@rule("C03", "计划类型与限额标准", "政府采购法第二条、第八条", LAW, reads="dispersed_limit")
def right_type(facts: PlanFacts, context: Context):
    if not facts.type or facts.plan_type == PlanType.HISTORY:
        return None
    limit = context.limit("dispersed_limit", facts.type)
    regulated = facts.total >= limit or bool(facts.central)
    if facts.plan_type == PlanType.NON_GOV and regulated:
        what = "有集中采购目录内的品目" if facts.central else f"计划金额达到限额标准 {yuan(limit)}"
        return doubt(f"{what}，属于政府采购。", "请改用项目采购计划或商城采购计划。", "s-items")
    if facts.is_project and not regulated:
        return doubt(
            f"目录以外且未达限额标准 {yuan(limit)}，可以不按项目采购计划申报。",
            "宜用商城采购计划或其他采购计划（非政府采购）。",
            "s-items",
        )
    return fine("计划类型与集中采购目录、限额标准相符")


@rule(
    "C04",
    "达公开招标数额标准",
    "政府采购法第二十七条；政府采购法实施条例第二十三条",
    REGULATION,
    reads="open_tender",
)
def open_tender_when_due(facts: PlanFacts, context: Context):
    if not facts.is_project or facts.type not in ("A", "C"):
        return None  # works follow the tendering law: C06
    limit = context.limit("open_tender", facts.type)
    if facts.total < limit:
        return fine("未达公开招标数额标准")
    if facts.method == Method.OPEN:
        return fine("达到公开招标数额标准，已选公开招标")
    return doubt(
        f"计划金额达到公开招标数额标准 {yuan(limit)}，应采用公开招标。",
        "请选“公开招标”；确需其他方式的，须报采购方式变更审批。",
        "id_method",
    )


def split(code: str, facts: PlanFacts, context: Context) -> str:
    """What the parts of one category add up to this year; empty when they do not reach the amount."""
    if code.startswith("B"):
        return ""
    own, limit = facts.by_category[code], context.limit("open_tender", code[:1])
    before = [row for row in context.others if row.category == code and row.this_year and row.same_project]
    amount = sum((row.amount for row in before), ZERO)
    if facts.method == Method.OPEN or any(row.method == Method.OPEN for row in before):
        return ""
    if not amount or not own < limit <= own + amount:
        return ""
    return f"品目 {code} 本年已申报 {yuan(amount)}，加本计划 {yuan(own)}达到 {yuan(limit)}"


@rule("C05", "同一预算项目同类品目累计", "政府采购法实施条例第二十八条", REGULATION, reads="open_tender")
def not_split(facts: PlanFacts, context: Context):
    if not facts.is_planned or not facts.by_category:
        return None
    if told := [text for code in facts.by_category if (text := split(code, facts, context))]:
        return doubt(
            f"同一预算项目下{listed(told)}，且没有公开招标，有化整为零的风险。",
            "宜合并公开招标；属预算调整或已批准采用其他方式的，请写明。",
            "id_method" if facts.is_project else "s-items",
        )
    return fine("同一预算项目同类品目累计未达公开招标数额标准")


@rule(
    "C06",
    "必须招标的工程",
    "国家发展改革委令第16号；政府采购法实施条例第七条",
    TENDERING,
    reads="tendering_law",
)
def tendered_works(facts: PlanFacts, context: Context):
    sums = facts.by_type
    if not facts.is_project or "B" not in sums:
        return None
    due = [kind for kind in sums if sums[kind] >= context.limit("tendering_law", kind)]
    marked = facts.implement == Implement.MUST_TENDER
    if due and not marked:
        limit = context.limit("tendering_law", due[0])
        return doubt(
            f"工程及与工程有关的采购达到必须招标的标准 {yuan(limit)}。",
            "实施形式应选“必须招标工程”。",
            "id_implement",
        )
    if marked and not due:
        return doubt("未达必须招标的标准，却选了“必须招标工程”。", "请核对实施形式。", "id_implement")
    return fine("工程项目的实施形式与招标投标法标准相符")


@rule("C11", "代理机构", "政府采购法第十八条；监管系统接口要求", LAW)
def agency_fits(facts: PlanFacts, context: Context):
    if not facts.is_project or (facts.entrust_mode == Entrust.RESEARCH and not facts.agency):
        return None
    agency = context.agency
    if agency is None:
        return doubt("未选择代理机构。", "请选择代理机构。", "id_agency")
    if not agency.is_active:
        return doubt(f"代理机构“{agency.name}”已停用。", "请另选代理机构。", "id_agency")
    if agency.region[:2] != context.unit.region[:2]:
        return doubt(f"代理机构“{agency.name}”不在本省登记。", "请另选代理机构。", "id_agency")
    if (facts.org_form == OrgForm.CENTRAL) != (agency.kind == OrgKind.CENTRAL_AGENCY) and facts.org_form:
        wanted = "集中采购机构" if facts.org_form == OrgForm.CENTRAL else "社会代理机构"
        return doubt(f"所选组织形式应由{wanted}代理，“{agency.name}”不是。", "请核对。", "id_agency")
    return fine(f"代理机构“{agency.name}”可用")


@rule("C12", "科研采购", "财库〔2016〕194号（参照执行）", RESEARCH)
def research_purchase(facts: PlanFacts, context: Context):
    if not facts.is_project or facts.entrust_mode != Entrust.RESEARCH:
        return None
    if not context.unit.is_research:
        return doubt("科研采购只用于高校、科研院所。", "请改选委托方式。", "id_entrust_mode")
    other = [item for item in facts.items if item.category and not item.category.code.startswith(INSTRUMENTS)]
    if other and not facts.is_research_equipment:
        return doubt(
            f"{rows(other)}不属于科研仪器设备。", "请核对委托方式；确为科研设备的，请勾选“高校科研设备”。",
            "id_entrust_mode",
        )  # fmt: skip
    return fine("高校、科研院所采购科研仪器设备")


@rule("C13", "属地采购", "操作手册 3.5.1", SYSTEM)
def territorial_purchase(facts: PlanFacts, context: Context):
    if not facts.is_project or facts.entrust_mode != Entrust.TERRITORIAL:
        return None
    if context.unit.location.startswith(CAPITAL):
        return doubt("属地采购用于不在合肥的单位，本单位在合肥。", "请改选委托方式。", "id_entrust_mode")
    return fine(f"单位在{context.unit.location}，可以属地采购")


def through_framework(facts: PlanFacts) -> bool:
    """Bought under a framework agreement or gathered into a batch: as good as the mall."""
    awarded = (Implement.FRAMEWORK_AWARD, Implement.BATCH)
    return facts.method == Method.FRAMEWORK or facts.implement in awarded


@rule(
    "C14",
    "框架协议、商城品目",
    "财政部令第110号；安徽省政府集中采购目录及标准",
    FRAMEWORK,
    reads="mall_limit",
)
def framework_first(facts: PlanFacts, context: Context):
    covered = [item for item in facts.items if item.category and item.category.mall_allowed]
    if not facts.is_planned or not covered:
        return None
    if facts.is_mall or through_framework(facts):
        return fine("框架协议、商城品目已按规定渠道采购")
    if sum((item.amount for item in covered), ZERO) > context.limit("mall_limit"):
        return fine("框架协议、商城品目超过商城限额，按项目采购")
    return doubt(
        f"{rows(covered)}可通过框架协议或商城采购。",
        "宜改用商城采购计划或框架协议，或写明理由。",
        "id_method",
    )
