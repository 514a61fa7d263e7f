"""What is told of a line, what was filed of it, the sums kept of that, and the reports made of the sums."""

from .choices import ContractBucket, OrgKind, PlanBucket, Vehicle
from .facts import Fact, Tally
from .lines import LineStatistics
from .reports import Report

__all__ = [
    "ContractBucket",
    "Fact",
    "LineStatistics",
    "OrgKind",
    "PlanBucket",
    "Report",
    "Tally",
    "Vehicle",
]
