"""What waits without being a paper: objections before the office, objected notices before the unit."""

from django.db.models import Count, Min, Value

from accounts.models import Post

from .models import KIND, Objection
from .stages import awaiting_answer


def rows(seat):
    """(kind, desk, how many, since when) for the office and a unit's clerk; nothing for others."""
    if seat.post not in (Post.APPROVER, Post.CLERK):
        return None
    place = seat.content_object_id
    if seat.post == Post.APPROVER:
        found, since = Objection.objects.filter(state="received", notice__office=place), "lodged_at"
    else:
        found, since = awaiting_answer(place), "desk_since"
    named = found.values(paper=Value(KIND), which=Value("office" if since == "lodged_at" else "unit"))
    return named.annotate(n=Count("pk"), oldest=Min(since)).order_by()
