"""Which plans a contract may be made of, and what is known of them already (manual 3.8, domain.md §23)."""

from django.db.models import Exists, OuterRef

from ..models import Contract


def under_contract() -> Exists:
    """Of the plan OuterRef("pk"): it has a contract that is not void."""
    return Exists(Contract.objects.living().filter(approved_plan=OuterRef("pk")))
