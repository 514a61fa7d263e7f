"""What each cause of a change of method allows and asks for (domain.md §10)."""

from typing import NamedTuple

from plans.models import Method
from plans.models.choices import MethodReason

from .models.choices import Cause

PAPERS = {
    "project": "项目说明及预算批复",
    "tender_notice": "招标公告及开标评标情况（招标未成立）",
    "no_complaint": "没有质疑投诉的证明（招标未成立）",
    "fair_documents": "招标文件没有不合理条款的专家意见（招标未成立）",
    "experts": "三名以上专家的论证意见（技术复杂、总价难定、唯一供应商）",
    "urgency": "紧急需要的证明（紧急需要）",
    "secrecy": "涉密证明（涉密计划）",
    "other": "其他附件",
}
FAILED_TENDER = ("tender_notice", "no_complaint", "fair_documents")


class Rule(NamedTuple):
    """Methods a cause leads to, each with the reason the new plan gives; papers beside the usual one."""

    reasons: dict[str, str]
    papers: tuple[str, ...] = ()


ANY = dict.fromkeys(Method.values, "")
RULES = {
    Cause.NO_BIDDER: Rule(ANY | {Method.NEGOTIATION: MethodReason.NO_BIDDER}, FAILED_TENDER),
    Cause.TWO_LEFT: Rule({Method.NEGOTIATION: MethodReason.NO_BIDDER}, FAILED_TENDER),
    Cause.COMPLEX: Rule(
        {Method.NEGOTIATION: MethodReason.COMPLEX, Method.CONSULTATION: MethodReason.CONSULT_COMPLEX},
        ("experts",),
    ),
    Cause.URGENT: Rule(
        {Method.NEGOTIATION: MethodReason.URGENT, Method.SINGLE: MethodReason.EMERGENCY}, ("urgency",)
    ),
    Cause.NO_TOTAL: Rule(
        {Method.NEGOTIATION: MethodReason.NO_TOTAL, Method.CONSULTATION: MethodReason.CONSULT_NO_TOTAL},
        ("experts",),
    ),
    Cause.ONLY_SUPPLIER: Rule({Method.SINGLE: MethodReason.ONLY_SUPPLIER}, ("experts",)),
    Cause.ADDITION: Rule({Method.SINGLE: MethodReason.ADDITION}),
    Cause.LIMITED_SUPPLIERS: Rule({Method.RESTRICTED: MethodReason.LIMITED_SUPPLIERS}),
    Cause.TENDER_COST: Rule({Method.RESTRICTED: MethodReason.TENDER_COST}),
    Cause.POLICY: Rule(ANY),
}
COUNTED = {Cause.NO_BIDDER, Cause.TWO_LEFT}  # how many suppliers responded to the tender


def papers(cause: str, is_secret: bool) -> list[str]:
    """Categories of the papers that must be there."""
    asked = RULES[Cause(cause)].papers if cause in RULES else ()
    return ["project", *asked, *(["secrecy"] if is_secret else [])]
