"""A01–A06: the head of the plan and its intent."""

from datetime import timedelta

from plans.models.choices import PlanType
from plans.wording import plan_title

from ..context import Context
from ..facts import PlanFacts
from ..findings import doubt, fine
from ..registry import rule
from ..sources import INTENTS, SYSTEM
from ..wording import anchor, listed, share, yuan

NEEDED = {
    "handler_name": "项目联系人",
    "handler_phone": "联系人电话",
    "responsible_name": "项目负责人",
    "responsible_phone": "负责人电话",
    "expected_finish": "预计采购完成日期",
    "division": "归口财政内部机构",
}
NEEDED_OF = {
    PlanType.PROJECT: {"expected_start": "预计采购开始日期"},
    PlanType.HISTORY: {
        "contract_no": "原合同编号",
        "contract_name": "合同名称",
        "supplier_name": "供应商",
        "signed_on": "签订日期",
        "contract_amount": "合同金额",
    },
}


@rule("A01", "基本信息齐全", "操作手册 3.5.1", SYSTEM)
def head_filled(facts: PlanFacts, context: Context):
    needed = NEEDED | NEEDED_OF.get(facts.plan_type, {})
    empty = [name for name in needed if not getattr(facts, name)]
    if empty:
        labels = listed((needed[name] for name in empty), 12)
        at = "s-head" if empty[0] == "division" else f"id_{empty[0]}"  # shown, not typed
        return doubt(f"基本信息还缺：{labels}。", "请补充填写。", at)
    return fine("基本信息已填写齐全")


@rule("A02", "计划名称按清单生成", "操作手册 3.5.1", SYSTEM)
def title_is_automatic(facts: PlanFacts, context: Context):
    categories = [item.category for item in facts.items if item.category]
    if not categories:
        return None
    title = plan_title(None, categories)
    allowed = {title, context.unit.short_name + title, context.unit.name + title, ""}
    if facts.title.strip() in allowed:
        return fine("计划名称与采购清单一致")
    return doubt(
        f"计划名称与按采购清单生成的“{title}”不一致。", "请改为自动名称，或写明理由。", "id_title"
    )  # fmt: skip


@rule("A03", "归口财政内部机构", "操作手册 3.5.1", SYSTEM)
def usual_division(facts: PlanFacts, context: Context):
    if facts.division is None or context.unit.division is None:
        return None
    if facts.division == context.unit.division:
        return fine("归口财政内部机构为本单位的归口处室")
    return doubt(
        "所选归口财政内部机构不是本单位的归口处室。", "请核对资金归口，或写明理由。", "s-head"
    )  # fmt: skip


@rule("A04", "采购意向公开", "财库〔2020〕10号", INTENTS, reads="dispersed_limit")
def intent_is_public(facts: PlanFacts, context: Context):
    if not facts.is_project or not facts.type:
        return None
    if context.intent and context.intent.live and context.intent.published:
        return fine(f"已公开采购意向“{context.intent.name}”")
    if facts.intent_exemption and facts.intent_reason.strip():
        return fine("已说明不公开采购意向的情形和理由")
    if facts.total < context.limit("dispersed_limit", facts.type) and not facts.central:
        return fine("未达分散采购限额标准，可以不公开采购意向")
    if context.intent:
        lost = "尚未在门户发布" if context.intent.live else "已被变更或撤销"
        return doubt(
            f"所选采购意向“{context.intent.name}”{lost}。", "请发布后再申报，或改选已发布的意向。",
            "id_intent_item",
        )  # fmt: skip
    if facts.intent_exemption:
        return doubt("选择了不公开意向的情形，但没有写理由。", "请填写理由。", "id_intent_reason")
    return doubt(
        "未关联已公开的采购意向。", "请选择采购意向，或选择不公开的情形并写明理由。", "id_intent_item"
    )  # fmt: skip


@rule("A05", "意向公开满三十日", "财库〔2020〕10号", INTENTS, reads="intent_days")
def intent_long_enough(facts: PlanFacts, context: Context):
    published = context.intent and context.intent.published
    if not published or facts.expected_start is None:
        return None
    needed = context.count("intent_days")
    earliest = published + timedelta(days=needed)
    if facts.expected_start >= earliest:
        return fine(f"至预计开始日期，采购意向公开已满 {needed} 日")
    days = (facts.expected_start - published).days
    proposed = context.next_workday(earliest)
    return doubt(
        f"采购意向 {published:%Y-%m-%d} 公开，到预计开始日期只有 {days} 日，不足 {needed} 日。",
        f"预计开始日期最早可填 {proposed:%Y-%m-%d}。",
        "id_expected_start",
    )


@rule(
    "A06",
    "与意向的金额和品目一致",
    "财库〔2020〕10号；相差幅度为系统提示口径",
    INTENTS,
    reads="intent_tolerance",
)
def as_intended(facts: PlanFacts, context: Context):
    if not context.intent or not facts.items:
        return None
    intended, tolerance = context.intent.amount, context.share("intent_tolerance")
    if context.intent.category not in facts.by_category:
        return doubt(
            f"采购清单中没有采购意向“{context.intent.name}”的品目。",
            "请核对清单；需求变化大的，宜重新公开意向。",
            anchor(list(facts.items), "category"),
        )  # fmt: skip
    if abs(facts.total - intended) <= intended * tolerance:
        return fine(f"计划金额与采购意向相差不超过 {share(tolerance)}")
    return doubt(
        f"计划金额 {yuan(facts.total)}与采购意向 {yuan(intended)}相差超过 {share(tolerance)}。",
        "请核对金额；变化大的，宜先办理意向变更公告。",
        "s-items",
    )
