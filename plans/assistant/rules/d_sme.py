"""D05–D07: the share set aside for small and medium enterprises."""

from decimal import Decimal

from plans.models.choices import SmeMode, SmeScope

from ..context import Context
from ..facts import ZERO, PlanFacts
from ..findings import Verdict, doubt, fine
from ..registry import rule
from ..sources import SME
from ..wording import anchor, rows, share, yuan


def whole_due(facts: PlanFacts, context: Context) -> bool:
    """Small enough to be set aside as a whole."""
    return facts.total <= context.limit("sme_whole", facts.type)


@rule("D05", "整体预留中小企业", "财库〔2020〕46号", SME, reads="sme_whole")
def whole_reserved(facts: PlanFacts, context: Context):
    if not facts.is_project or not facts.type or not whole_due(facts, context):
        return None
    if facts.sme_reserved and facts.sme_mode in ("", SmeMode.WHOLE):
        return fine("已整体预留给中小企业")
    if not facts.sme_reserved and facts.no_sme_reason.strip():
        return fine("已说明不预留给中小企业的理由")
    limit = context.limit("sme_whole", facts.type)
    return doubt(
        f"计划金额不超过 {yuan(limit)}，适宜由中小企业提供的，应整体预留。",
        "请选择专门面向中小企业（整体预留），或填写不预留的理由。",
        "id_sme_reserved" if not facts.sme_reserved else "id_sme_mode",
    )


def too_little(facts: PlanFacts, least: Decimal) -> Verdict | None:
    """Doubt about the amount set aside."""
    amount = facts.total if facts.sme_mode == SmeMode.WHOLE else facts.sme_amount or ZERO
    if amount >= facts.total * least:
        return None
    return doubt(
        f"预留金额 {yuan(amount)}，占 {share(amount / facts.total)}，低于 {share(least)}。",
        f"预留金额应不低于 {yuan(facts.total * least)}。",
        "id_sme_amount",
    )


def nothing_for_micro(facts: PlanFacts, micro: Decimal) -> Verdict | None:
    """Doubt about the part for the small and micro ones."""
    if facts.sme_scope == SmeScope.SMALL_AND_MICRO:
        return None
    return doubt(
        f"预留份额中给小微企业的比例应不低于 {share(micro)}，计划中没有单独写明小微企业的金额。",
        "预留对象可选“小微企业”，或写明小微企业所占比例。",
        "id_sme_scope",
    )


@rule(
    "D06",
    "部分预留中小企业",
    "财库〔2020〕46号；财库〔2022〕19号（工程）",
    SME,
    reads="sme_whole sme_ratio sme_micro_share",
)
def part_reserved(facts: PlanFacts, context: Context):
    if not facts.is_project or not facts.type or whole_due(facts, context):
        return None
    least = context.share("sme_ratio", facts.type)
    if not facts.sme_reserved:
        if facts.no_sme_reason.strip():
            return fine("已说明不预留给中小企业的理由")
        return doubt(
            f"应预留不低于 {share(least)} 的份额给中小企业。", "请填写预留方式和金额，或写明不预留的理由。",
            "id_sme_reserved",
        )  # fmt: skip
    lacking = too_little(facts, least) or nothing_for_micro(facts, context.share("sme_micro_share"))
    return lacking or fine(f"预留中小企业的份额不低于 {share(least)}")


@rule("D07", "中小企业划型行业", "财库〔2020〕46号第十二条", SME)
def industries(facts: PlanFacts, context: Context):
    if not facts.is_project or not facts.sme_reserved or not facts.items:
        return None
    bare = [item for item in facts.items if not item.industry]
    if bare:
        return doubt(f"{rows(bare)}未填所属行业。", "预留的须逐项填写所属行业。", anchor(bare, "industry"))
    return fine("各项均已填写所属行业")
