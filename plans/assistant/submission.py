"""The examination of a saved plan, and what it means for a submission."""

from collections.abc import Iterable, Mapping
from datetime import date

from .context import Context
from .facts import PlanFacts
from .findings import ORANGE, RED, Finding
from .registry import examine
from .rules import office_reasons


def inspect(plan, day: date) -> tuple[list[Finding], list[str]]:
    """(findings, reasons for the office) of a saved plan."""
    facts = PlanFacts.of(plan)
    findings = examine(facts, Context.at(day, plan.unit, facts))
    return findings, office_reasons(findings, facts)


def obstacles(findings: Iterable[Finding], kept: Mapping[str, str]) -> list[str]:
    """Sentences that stop a submission: every red finding, every orange one without a reason."""
    told = []
    for finding in findings:
        if finding.severity == RED:
            told.append(finding.sentence)
        elif finding.severity == ORANGE and not str(kept.get(finding.code) or "").strip():
            told.append(f"{finding.code} {finding.what}请修改，或写明维持原信息的理由。")
    return told
