"""The form of a plan: head, organisation, and its sets of rows."""

from .plan import PlanForm

__all__ = ["PlanForm"]
