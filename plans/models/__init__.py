"""Plans and their rows."""

from .choices import FundKind, Method, OrgForm, PlanType
from .imports import ImportApproval, ImportExpert
from .lines import PlanFunding, PlanItem, PlanPackage
from .plan import Plan
from .trials import RuleTrial

__all__ = [
    "FundKind",
    "ImportApproval",
    "ImportExpert",
    "Method",
    "OrgForm",
    "Plan",
    "PlanFunding",
    "PlanItem",
    "PlanPackage",
    "PlanType",
    "RuleTrial",
]
