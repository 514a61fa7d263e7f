"""附件 of a plan: which kinds its type and content ask for, which are only possible (domain.md §§9, 11)."""

from dataclasses import dataclass

from .assistant import Context, PlanFacts
from .assistant.papers import PAPERS, import_papers, switched
from .assistant.rules.d import record_filing
from .models import PlanType

USUAL = {
    PlanType.PROJECT: {"demand", "demand_survey", "demand_review"},
    PlanType.MALL: {"demand"},
    PlanType.NON_GOV: {"demand"},
    PlanType.HISTORY: {"contract"},
}


@dataclass(frozen=True)
class Papers:
    """Codes in the order of the form: what must come, and all that is worth showing (one of two included)."""

    needed: list[str]
    first: list[str]

    @classmethod
    def of(cls, facts: PlanFacts, context: Context) -> "Papers":
        imports = import_papers(facts, record_filing(facts, context))
        needed = {each[0] for each in imports if len(each) == 1} | set(switched(facts))
        needed |= {"secrecy"} if facts.is_secret else set()
        first = needed.union(USUAL[PlanType(facts.plan_type)], *imports)
        return cls([code for code in PAPERS if code in needed], [code for code in PAPERS if code in first])

    def header(self) -> str:
        """For the page's script: needed codes carry a mark."""
        return " ".join(code + "!" * (code in self.needed) for code in self.first)
