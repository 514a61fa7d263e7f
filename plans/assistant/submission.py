"""The examination of a saved plan, and what it means for a submission."""

from collections.abc import Iterable, Mapping
from datetime import date

from .context import Context
from .facts import PlanFacts
from .findings import FLAG, GREEN, ORANGE, RED, Finding, restored
from .gathering import limits
from .reading import items_of
from .registry import RULES, examine
from .rules.office import OFFICE_RULES, office_reasons


def inspect(plan, day: date) -> tuple[list[Finding], list[str]]:
    """(findings, reasons for the office) of a saved plan."""
    facts = PlanFacts.of(plan)
    findings = examine(facts, Context.at(day, plan.unit, facts))
    return findings, office_reasons(findings, facts)


def foreseen(plan, day: date) -> list[str]:
    """Reasons for the office as a draft stands: by the rules of the submission, with two queries."""
    facts = items_of(plan)
    context = Context(day, limits=limits(day) if facts.is_mall else {})
    return office_reasons(examine(facts, context, [RULES[code] for code in OFFICE_RULES]), facts)


def flags_of(plan) -> list[Finding]:
    """The red flags of its last submission, for lists."""
    return [finding for finding in restored(plan.findings) if finding.severity == FLAG]


def against_batch(plan) -> str | None:
    """Why a submitted plan is decided by itself and not with others; None when its risk is low."""
    if plan.office_reasons:
        return f"须经政府采购处审核（{plan.office_reasons[0]}），请逐份审核。"
    if not plan.findings:
        return "没有辅助填报结果，请逐份审核。"
    risks = [finding for finding in restored(plan.findings) if finding.severity != GREEN]
    if not risks:
        return None
    first, more = risks[0], f"等 {len(risks)} 项" if len(risks) > 1 else ""
    return f"辅助填报有{first.label}：{first.code} {first.title}{more}，请逐份审核。"


def obstacles(findings: Iterable[Finding], kept: Mapping[str, str]) -> list[str]:
    """Sentences that stop a submission: every red finding, every orange one without a reason."""
    told = []
    for finding in findings:
        if finding.severity == RED:
            told.append(finding.sentence)
        elif finding.severity == ORANGE and not str(kept.get(finding.code) or "").strip():
            told.append(f"{finding.code} {finding.what}请修改，或写明维持原信息的理由。")
    return told
