"""Awards and orders that wait for their contract, as the menu and the home page count them."""

from django.db.models import Count, Exists, Min, OuterRef, Value

from accounts.models import Post
from procurement.flow.models import Desk
from tasks.models import ExecutionResult

from .models import Contract, Sort

AWARD = "award"  # stands where a desk stands: no paper yet


def rows(appointment):
    """(kind, "award", how many, since when) for a unit's clerk; nothing for others."""
    if appointment is None or appointment.post != Post.CLERK:
        return None
    signed = Contract.objects.living().filter(result=OuterRef("pk"), sort=Sort.ENTRY)
    here = {"book__unit": appointment.content_object_id, "book__approved_plan__state": Desk.DONE}
    open_ones = ExecutionResult.objects.effective().filter(
        ~Exists(signed), failed=False, book__revoked_at=None, **here
    )
    named = open_ones.order_by().values(paper=Value("contract"), which=Value(AWARD))
    return named.annotate(n=Count("pk"), oldest=Min("event__arrived_at")).order_by()
