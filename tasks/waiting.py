"""Plans that wait for their book, as the menu and the home page count them."""

from django.db.models import Case, CharField, Count, Min, Value, When

from accounts.models import Post
from plans.models import Plan

from . import filing, kinds
from .models import BookKind, ExecutorEvent


def rows(seat):
    """(kind, which of the six, how many, since when) for a unit's clerk; stray reports for the office."""
    if seat.post == Post.APPROVER:
        stray = ExecutorEvent.objects.unassigned().filter(needs_person=True)
        named = stray.values(paper=Value("report"), which=Value("report"))
        return named.annotate(n=Count("pk"), oldest=Min("arrived_at")).order_by()
    if seat.post != Post.CLERK:
        return None
    plans = filing.waiting(Plan.objects.filter(unit=seat.content_object_id))
    which = Case(
        *(When(kinds.of_kind(kind), then=Value(kind)) for kind in BookKind.values),
        output_field=CharField(),
    )
    named = plans.values(paper=Value("taskbook"), which=which)
    return named.annotate(n=Count("pk"), oldest=Min("desk_since")).order_by()
