"""What is looked at before a book is filed, and what stops it (domain.md §12)."""

from dataclasses import replace

from django.conf import settings
from django.db.models import Q

from plans.assistant.context import Context
from plans.assistant.facts import PlanFacts
from plans.assistant.findings import GREEN, ORANGE, RED, Finding
from plans.assistant.registry import RULES
from plans.models import Plan
from procurement import clock
from procurement.flow.models import Desk

from . import kinds
from .models.choices import BookKind, Channel
from .succession import NOTICE

INTENT, THIRTY_DAYS = "A04", "A05"  # rules of the assistant, asked once more
NEEDS_AGENCY = {BookKind.CENTRAL, BookKind.DECENTRALIZED, BookKind.TERRITORIAL}


def findings(plan: Plan) -> list[Finding]:
    """All checks in order; the red ones stop the filing."""
    facts = PlanFacts.of(plan)
    context = Context.at(clock.today(), plan.unit, facts)
    return [
        standing(plan), money(plan), *intent(facts, context), *notice(plan, facts, context), approval(plan),
        executor(plan),
    ]  # fmt: skip


def obstacles(plan: Plan) -> list[str]:
    """Why it cannot be filed now, in sentences."""
    return [finding.sentence for finding in findings(plan) if finding.severity == RED]


def verdict(code: str, title: str, good: bool, what: str, otherwise: str, mend: str = "") -> Finding:
    return Finding(code, GREEN, title, what) if good else Finding(code, RED, title, otherwise, mend=mend)


def standing(plan: Plan) -> Finding:
    good = plan.state == Desk.DONE
    return verdict("T01", "计划状态", good, "计划已审核通过。", f"计划现在是“{plan.status}”，不能备案。")


def money(plan: Plan) -> Finding:
    """What the plan says it uses is exactly what it holds."""
    wanted = dict(plan.fundings.values_list("confirmation", "amount"))
    held = {row.confirmation_id: row.reserved_amount + row.committed_amount for row in plan.holdings.all()}
    return verdict(
        "T02", "资金占用", wanted == {key: amount for key, amount in held.items() if amount},
        "计划占用的采购指标完整。", "计划占用的采购指标与资金构成不一致。", "请联系归口处室核对指标。",
    )  # fmt: skip


def intent(facts: PlanFacts, context: Context):
    """Published or exempt; thirty days are a hint unless the province has made them a condition."""
    if (found := RULES[INTENT](facts, context)) is not None:
        yield replace(found, mend="")  # the plan is closed: how to mend it helps nobody now
    found = RULES[THIRTY_DAYS](facts, context)
    if found is None:
        return
    hard = found.severity == ORANGE and settings.FILING_NEEDS_THIRTY_DAYS
    yield replace(found, severity=RED if hard else found.severity, mend="")


def notice(plan: Plan, facts: PlanFacts, context: Context):
    """A single source is published first; a change of method names its notice itself."""
    found = RULES[NOTICE](facts, context)
    changed = getattr(plan, "changed_by", None)
    if found is not None and not (changed and changed.notice_id):
        yield found


def approval(plan: Plan) -> Finding:
    """Over-standard, import and changed plans need the office (manual 3.5.4)."""
    by_office = Q(verb="approve", source=Desk.OFFICE) | Q(verb="inherit")
    good = not plan.office_reasons or plan.moves.filter(by_office).exists()
    what = "政府采购处已审核通过。" if plan.office_reasons else "单位审核已通过，无须报政府采购处。"
    return verdict("T03", "审批手续", good, what, "本计划须经政府采购处审核，没有找到审核记录。")


def executor(plan: Plan) -> Finding:
    """Somebody is there to receive it."""
    channel, agency = kinds.channel_of(plan), plan.agency
    title, missing = (
        "执行机构",
        kinds.book_kind(plan) in NEEDS_AGENCY and (agency is None or not agency.is_active),
    )
    if missing:
        why = f"代理机构“{agency.name}”已停用。" if agency else "计划没有选择代理机构。"
        return Finding("T04", RED, title, why, mend="请办理采购计划作废后重新申报，或联系政府采购处。")
    if channel == Channel.NONE:
        by_hand = "涉密任务书不通过网络下达，请按保密规定送达。"
        return Finding("T04", GREEN, title, by_hand if plan.is_secret else "任务书仅作记录，不下达。")
    named = kinds.executor_of(plan)
    return Finding("T04", GREEN, title, f"备案后下达给{named.name if named else channel.label}。")
