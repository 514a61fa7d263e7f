"""Every step of the manual is an exercise; the others are red until done, then green, then red anew.

The steps themselves are proved by the walks of the manual (tests/e2e/manual/proof.py).
"""

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from procurement import clock
from procurement.handbook.chapters import steps
from procurement.practice import visits
from procurement.practice.exercises import ALL, EVERYBODY, TABLES, of_seat
from procurement.practice.models import Practice
from procurement.practice.progress import Progress, address
from tests.notices.announcements.makers import calendar
from tests.plans import makers as plans

from .acts import DONE, Acts

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WHO = {"clerk": "clerk", "unit": "reviewer", "division": "divisional", "office": "officer"}
EXTRA = [one for one in ALL if not one.is_step]


@pytest.fixture
def w(people, places, practice):
    plans.catalogue()
    calendar()
    confirmed = plans.confirmation(places.unit, people.clerk)
    return SimpleNamespace(**vars(people), unit=places.unit, confirmed=confirmed)


def is_green(user, one) -> bool:
    return one in Progress.of(user, [one]).done


@pytest.mark.parametrize("one", EXTRA, ids=lambda one: one.key)
def test_red_green_red(w, one):
    user = getattr(w, WHO[one.seats[0]])
    Practice.objects.bulk_create(Practice(user=who) for who in (user, w.stranger))
    assert not is_green(user, one)
    DONE[one.key](Acts(w))
    assert is_green(user, one)
    assert not is_green(w.stranger, one)
    later = {"since": clock.now() + HOUR, "opened_at": timezone.now() + HOUR}
    Practice.objects.filter(user=user).update(**later)
    assert not is_green(user, one)


def test_who_has_not_begun_has_done_nothing(w):
    assert Progress.of(w.clerk, ALL) is None


def test_papers_are_judged_by_their_own_clock_and_visits_by_the_machines(w):
    """Practice time may run days ahead of the machine's."""
    begun = Practice.objects.create(user=w.officer)
    window = next(one for one in EXTRA if one.key == "设置结转开放时间")
    DONE[window.key](Acts(w))
    begun.opened_at += timedelta(days=9)
    begun.save()
    assert is_green(w.officer, window)


def test_every_step_of_the_manual_has_an_exercise_and_every_exercise_a_step():
    assert {one.anchor for one in TABLES if one.is_step} == set(steps())
    assert {one.anchor for one in TABLES} <= set(steps())


def test_each_seat_has_its_exercises_in_the_manuals_order_each_once():
    order = list(steps())
    for seat in EVERYBODY:
        rows = of_seat(seat)
        assert [order.index(one.anchor) for one in rows] == sorted(order.index(one.anchor) for one in rows)
        assert max(Counter(one.key for one in rows).values()) == 1
        assert {"1", "2", "4"} < {one.place.chapter.number for one in rows}


def test_what_is_no_step_has_words_of_its_own_and_a_test():
    assert all(one.own_text for one in EXTRA)
    assert set(DONE) == {one.key for one in EXTRA}


def test_every_page_an_exercise_names_is_there():
    for one in ALL:
        assert address(one).startswith("/")
    for name in visits.asked():
        assert any(found(name, **kwargs) for kwargs in ({}, {"pk": 1}, {"number": "1"})), name
    assert set(visits.asked()) >= visits.BEFORE_LOGIN


def found(name: str, **kwargs) -> bool:
    try:
        return bool(reverse(name, kwargs=kwargs))
    except NoReverseMatch:
        return False
