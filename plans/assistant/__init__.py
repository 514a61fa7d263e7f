"""辅助填报: what may be wrong with a plan, why, and how to mend it."""

from .context import Context
from .facts import PlanFacts
from .findings import Finding, restored
from .panel import Panel, kept_reasons
from .registry import examine
from .rules import office_reasons
from .submission import against_batch, flags_of, foreseen, inspect, obstacles

__all__ = [
    "Context",
    "Finding",
    "Panel",
    "PlanFacts",
    "against_batch",
    "examine",
    "flags_of",
    "foreseen",
    "inspect",
    "kept_reasons",
    "obstacles",
    "office_reasons",
    "restored",
]
