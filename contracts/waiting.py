"""Awards without a contract, contracts not submitted in time: as the menu and the home page count them."""

from django.db.models import Count, Exists, Min, OuterRef, Value

from accounts.models import Post
from procurement import clock
from procurement.flow.models import Desk
from tasks.models import ExecutionResult

from .models import Contract, Sort

AWARD = "award"  # stands where a desk stands: no paper yet
DUE = "due"  # a draft whose statistics, and soon its filing, are due (domain.md §22, D15)


def rows(seat):
    """(kind, "award", how many, since when) for a unit's clerk; nothing for others."""
    if seat.post != Post.CLERK:
        return None
    signed = Contract.objects.living().filter(result=OuterRef("pk"), sort=Sort.ENTRY)
    here = {"book__unit": seat.content_object_id, "book__approved_plan__state": Desk.DONE}
    open_ones = ExecutionResult.objects.effective().filter(
        ~Exists(signed), failed=False, book__revoked_at=None, **here
    )
    named = open_ones.order_by().values(paper=Value("contract"), which=Value(AWARD))
    return named.annotate(n=Count("pk"), oldest=Min("event__arrived_at")).order_by()


def due(seat):
    """The same of drafts that were signed three working days ago; a returned one is counted anyway."""
    if seat.post != Post.CLERK:
        return None
    drafts = Contract.objects.filter(purchaser=seat.content_object_id, state=Desk.CLERK)
    lying = drafts.exclude(last_verb="send_back").filter(statistics_by__lte=clock.today())
    named = lying.order_by().values(paper=Value("contract"), which=Value(DUE))
    return named.annotate(n=Count("pk"), oldest=Min("desk_since")).order_by()
