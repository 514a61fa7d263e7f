"""How far a learner is: one question to the database for all exercises, or for the next one alone."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.core.cache import cache
from django.db.models import Exists, QuerySet
from django.urls import reverse

from accounts.models import User

from .evidence import Fact
from .exercises import Exercise, of_seat
from .models import Practice

REMEMBERED = 300  # seconds; a saved draft may have been deleted meanwhile


@dataclass(frozen=True)
class Progress:
    """When he began, and what he has done since."""

    since: datetime
    opened_at: datetime
    done: frozenset[Exercise]

    @classmethod
    def of(cls, user: User, exercises: list[Exercise]) -> "Progress | None":
        """None: he has not begun."""
        facts = tuple(dict.fromkeys(fact for one in exercises for fact in one.check.facts))
        row = question(facts).filter(user=user).first()
        if row is None:
            return None
        true = {fact for number, fact in enumerate(facts) if row[f"f{number}"]}
        done = frozenset(one for one in exercises if one.check.holds(true))
        return cls(row["since"], row["opened_at"], done)

    def next(self, exercises: list[Exercise]) -> Exercise | None:
        return next((one for one in exercises if one not in self.done), None)


@lru_cache(maxsize=200)
def question(facts: tuple[Fact, ...]) -> QuerySet:
    """Of every learner: is it there? Remembered, for putting it together takes longer than the answer."""
    asked = {f"f{number}": Exists(fact.rows) for number, fact in enumerate(facts)}
    return Practice.objects.values("since", "opened_at", **asked).order_by("pk")


def address(one: Exercise) -> str:
    """Where it is done."""
    return reverse(one.page) + one.query


def manual(one: Exercise) -> str:
    """Where the manual shows it."""
    return f"{reverse('help-chapter', args=[one.place.chapter.number])}#{one.anchor}"


# --- the next one, for the bar of every page ----------------------------------------------------------------


def remember(user: User, seat: str, progress: Progress | None) -> Exercise | None:
    """Where to look first on the next page; a hint for this process, the database decides."""
    upcoming = progress and progress.next(of_seat(seat))
    cache.set(name(user, seat), (progress and progress.opened_at, upcoming and upcoming.key), REMEMBERED)
    return upcoming


def upcoming(user: User, seat: str) -> Exercise | None:
    """Usually asks about one exercise only: whether the one that was next is done by now."""
    exercises = of_seat(seat)
    begun, key = cache.get(name(user, seat), (None, ""))
    hinted = [one for one in exercises if one.key == key]
    progress = Progress.of(user, hinted)
    if progress is None:
        return None
    if progress.opened_at == begun and not progress.done:
        return hinted[0] if hinted else None
    return remember(user, seat, Progress.of(user, exercises))


def name(user: User, seat: str) -> str:
    return f"practice-{user.pk}-{seat}"
