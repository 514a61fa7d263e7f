"""练习: the exercises of the post being acted in, checked now; starting and starting over."""

from itertools import groupby

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Appointment
from procurement import clock

from . import exercises
from .facts import Facts
from .models import Practice


def guard() -> None:
    """Outside practice mode there is no such page."""
    if not settings.PRACTICE:
        raise Http404


@never_cache
@require_safe
def exercise_list(request):
    guard()
    begun = Practice.objects.filter(user=request.user).first()
    seat = exercises.seat_of(request.user.current)
    rows = [row(one, begun, request.user) for one in exercises.SEATS.get(seat, [])]
    chapters = [
        {"number": number, "name": exercises.CHAPTERS[number], "rows": list(found)}
        for number, found in groupby(rows, key=lambda one: one["chapter"])
    ]
    for chapter in chapters:
        chapter["done"] = sum(one["done"] for one in chapter["rows"])
    context = {
        "title": "练习", "begun": begun, "chapters": chapters, "total": len(rows),
        "done": sum(one["done"] for one in rows), "others": others(request.user.current),
    }  # fmt: skip
    return render(request, "practice/list.html", context)


def row(one: exercises.Exercise, begun: Practice | None, user) -> dict:
    return {
        "chapter": one.chapter, "title": one.title, "do": one.do, "url": reverse(one.url) + one.query,
        "done": bool(begun) and one.check(facts_of(user, begun)),
    }  # fmt: skip


def facts_of(user, begun: Practice) -> Facts:
    """One for the whole page."""
    if not hasattr(user, "_practice_facts"):
        user._practice_facts = Facts(user, begun.since)
    return user._practice_facts


def others(current: Appointment | None) -> list[Appointment]:
    """Whose certificates play the other parts: the unit's own people, its division, the office."""
    if current is None:
        return []
    place = current.content_object
    parts = {place.pk, place.division_id}
    found = Appointment.objects.valid().select_related("user")
    near = found.filter(content_object__in=parts - {None}) | found.filter(permission__codename="approver")
    return list(near.exclude(user=current.user).order_by("content_object", "permission")[:12])


@require_POST
def start(request):
    """开始练习, 重新开始: from now on it counts."""
    guard()
    Practice.objects.update_or_create(user=request.user, defaults={"since": clock.now()})
    messages.success(request, "练习已开始，完成一项后回到本页就会变绿。")
    return redirect("practice")
