"""C07–C10: what each method other than open tendering asks for."""

from plans.models.choices import REASONS, Method, MethodReason

from ..context import Context
from ..facts import PlanFacts
from ..findings import doubt, fine
from ..registry import rule
from ..sources import CONSULTATION, LAW, REGULATION
from ..wording import rows, share, yuan

NOTICE_FIRST = "请在采购组织信息中选择期满无异议的公示；还没有公示的，请先办理单一来源公示。"


def notice_due(facts: PlanFacts, context: Context) -> bool:
    """31-1 at or above the open-tender amount: the notice comes first (实施条例第三十八条)."""
    if facts.method != Method.SINGLE or facts.method_reason != MethodReason.ONLY_SUPPLIER:
        return False
    return facts.type in ("A", "C") and facts.total >= context.limit("open_tender", facts.type)


def notice_trouble(facts: PlanFacts) -> tuple[str, str]:
    """What stands against the linked notice, and how to mend it; empty when it carries this purchase."""
    notice = facts.notice
    if notice is None:
        gone = "公示尚未结束" if facts.notice_finished is False else "没有关联单一来源公示"
        return gone, NOTICE_FIRST
    if notice.unit != facts.unit:
        return f"公示 {notice.number} 不是本单位的", NOTICE_FIRST
    if not notice.closed:
        return f"公示 {notice.number} 尚未期满，或有异议还没有处理", "请等公示期满、异议处理完再提交。"
    if facts.total > notice.amount:
        wide = f"计划金额 {yuan(facts.total)}大于公示 {notice.number} 的 {yuan(notice.amount)}"
        return wide, "请减少金额；确需增加的，重新公示。"
    if facts.supplier_name.strip() != notice.supplier:
        return f"供应商与公示 {notice.number} 的“{notice.supplier}”不一致", "请改为公示的供应商。"
    return "", ""


def notice_field(facts: PlanFacts) -> str:
    """Where the trouble is mended."""
    wrong_supplier = facts.notice and facts.notice.closed and facts.total <= facts.notice.amount
    return "id_supplier_name" if wrong_supplier and facts.notice.unit == facts.unit else "id_notice"


@rule("C07", "询价的条件", "政府采购法第三十二条", LAW)
def quotation(facts: PlanFacts, context: Context):
    if not facts.is_project or facts.method != Method.QUOTATION:
        return None
    other = [item for item in facts.items if item.type in ("B", "C")]
    if other:
        return doubt(f"{rows(other)}不是货物，不能询价。", "请改选竞争性谈判、磋商或公开招标。", "id_method")
    if facts.method_reason != MethodReason.UNIFORM_GOODS:
        return doubt(
            "询价用于规格标准统一、现货货源充足且价格变化幅度小的货物，未选择该理由。", "请选择理由。",
            "id_method_reason",
        )  # fmt: skip
    return fine("规格标准统一的货物，可以询价")


@rule(
    "C08",
    "单一来源的条件",
    "政府采购法第三十一条；政府采购法实施条例第三十八条",
    REGULATION,
    reads="open_tender",
)
def single_source(facts: PlanFacts, context: Context):
    if not facts.is_project or facts.method != Method.SINGLE:
        return None
    if facts.method_reason not in REASONS[Method.SINGLE]:
        return doubt("单一来源采购没有选择法定情形。", "请选择理由。", "id_method_reason")
    due = notice_due(facts, context)
    if not due and facts.notice is None:
        return fine("单一来源采购已选择法定情形，不需要事前公示")
    trouble, mend = notice_trouble(facts)
    if not trouble:
        return fine(f"单一来源公示 {facts.notice.number} 期满，没有未处理的异议")
    first = "达到公开招标数额标准的单一来源采购须先公示不少于五个工作日，" if due else ""
    return doubt(f"{first}{trouble}。", mend, notice_field(facts))


@rule(
    "C09", "添购不超过原合同百分之十", "政府采购法第三十一条第三项、第四十九条", LAW, reads="supplement_cap"
)
def addition(facts: PlanFacts, context: Context):
    if not facts.is_project or facts.method_reason != MethodReason.ADDITION:
        return None
    if not facts.contract_amount or not facts.contract_no:
        return doubt(
            "添购没有写明原合同编号和金额，无法核对比例。", "请填写原合同编号、合同金额。", "id_contract_no"
        )
    cap = context.share("supplement_cap") * facts.contract_amount
    amount, told = context.added + facts.total, share(context.share("supplement_cap"))
    if amount <= cap:
        return fine(f"添购合计 {yuan(amount)}，未超过原合同的 {told}")
    return doubt(
        f"添购合计 {yuan(amount)}，超过原合同金额的 {told}（{yuan(cap)}）。",
        "请减少添购金额，或改用其他采购方式。",
        "id_method_reason",
    )


@rule("C10", "竞争性磋商的条件", "财库〔2014〕214号", CONSULTATION)
def consultation(facts: PlanFacts, context: Context):
    if not facts.is_project or facts.method != Method.CONSULTATION:
        return None
    if facts.method_reason in REASONS[Method.CONSULTATION]:
        return fine("竞争性磋商已选择适用情形")
    return doubt("竞争性磋商没有选择五种适用情形之一。", "请选择理由。", "id_method_reason")
