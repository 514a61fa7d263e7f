"""What the bar on every page needs: the practised day, the learner's next exercise."""

from django.conf import settings

from procurement import clock

from . import progress
from .exercises import seat_of


def bar(request) -> dict:
    """Context processor; nothing is asked before a template does, and nothing ever outside practice mode."""
    if not settings.PRACTICE:
        return {}
    user = getattr(request, "user", None)
    seat = seat_of(getattr(user, "current", None))
    return {"practice_day": clock.today} | ({"upcoming": lambda: shown(user, seat)} if seat else {})


def shown(user, seat: str) -> dict | None:
    one = progress.upcoming(user, seat)
    if one is None:
        return None
    number = one.key if one.is_step else ""
    return {"number": number, "title": one.title, "url": progress.address(one)}
