"""Why a plan goes to the procurement office (manual 3.5.4, 3.5.6); method changes live with the tasks."""

from collections.abc import Iterable

from ..facts import PlanFacts
from ..findings import ORANGE, Finding

OFFICE_RULES = ("B02", "B03")  # 商城超标: the amount, the unit price


def office_reasons(findings: Iterable[Finding], facts: PlanFacts) -> list[str]:
    """The sentences of the banner; none of them goes away by keeping an orange finding."""
    doubtful = {finding.code: finding for finding in findings if finding.severity == ORANGE}
    above = [doubtful[code] for code in OFFICE_RULES if code in doubtful and facts.is_mall]
    reasons = [f"商城超标采购：{finding.what.rstrip('。')}" for finding in above]
    if facts.imported:
        reasons.append(f"进口产品采购：采购清单中有 {len(facts.imported)} 项进口产品")
    return reasons
