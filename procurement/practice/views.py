"""练习: the exercises of the post being acted in, checked now; starting and starting over."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Appointment, OrgKind, Post
from procurement import clock

from .clock import announce, leaps, put_forward
from .exercises import of_seat, seat_of
from .models import Practice
from .outline import outline
from .progress import Progress, remember

ACTING = (Post.CLERK, Post.REVIEWER, Post.APPROVER)


def guard() -> None:
    """Outside practice mode there is no such page."""
    if not settings.PRACTICE:
        raise Http404


@never_cache
@require_safe
def exercise_list(request):
    guard()
    seat = seat_of(request.user.current)
    exercises = of_seat(seat)
    progress = Progress.of(request.user, exercises)
    remember(request.user, seat, progress)
    groups = outline(exercises, progress)
    rows = [row for group in groups for part in group.parts for row in part.rows]
    context = {
        "title": "练习", "begun": progress, "groups": groups, "total": len(rows),
        "done": sum(row.done for row in rows), "others": others(request.user.current),
        "leaps": leaps(), "following": next((row for row in rows if row.upcoming), None), "upcoming": None,
    }  # fmt: skip
    return render(request, "practice/list.html", context)


def others(current: Appointment | None) -> list[Appointment]:
    """Whose certificates play the other parts: the unit's own people, its division, the office."""
    if current is None:
        return []
    acting = Appointment.objects.valid().select_related("user").filter(permission__codename__in=ACTING)
    near = acting.filter(beside(current.content_object)).exclude(user=current.user)
    return list(near.order_by("content_object", "permission")[:12])


def beside(place) -> Q:
    """The office works with every unit, a division with its own, a unit with its division and the office."""
    if place.kind == OrgKind.OFFICE:
        return Q()
    own = Q(content_object__in=[pk for pk in (place.pk, place.division_id) if pk])
    return own | Q(content_object__division=place) | Q(permission__codename=Post.APPROVER)


@require_POST
def start(request):
    """开始练习, 重新开始: from now on it counts."""
    guard()
    begun = {"since": clock.now(), "opened_at": timezone.now()}
    Practice.objects.update_or_create(user=request.user, defaults=begun)
    announce(clock.today().year)
    messages.success(request, "练习已开始，完成一项后回到本页就会变绿。")
    return redirect("practice")


@require_POST
def leap(request):
    """快进, for everybody in this world: to where applications open, or over the turn of the year."""
    guard()
    day = leaps().get(request.POST.get("to", ""))
    if day is None:
        raise Http404("没有这一天可以快进")
    messages.success(request, f"已快进，现在是 {put_forward(day):%Y-%m-%d}。")
    return redirect("practice")
