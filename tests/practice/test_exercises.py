"""Every exercise is red until it is done, green then, and red again after starting over."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from procurement.clock import now
from procurement.practice import exercises
from procurement.practice.facts import Facts
from tests.notices.announcements.makers import calendar
from tests.plans import makers as plans

from .acts import DONE, Acts

pytestmark = pytest.mark.django_db
WHO = {"clerk": "clerk", "unit": "reviewer", "division": "divisional", "office": "officer"}
ALL = [one for rows in exercises.SEATS.values() for one in rows]


@pytest.fixture
def w(people, places, practice):
    plans.catalogue()
    calendar()
    confirmed = plans.confirmation(places.unit, people.clerk)
    return SimpleNamespace(**vars(people), unit=places.unit, confirmed=confirmed)


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.seat} {one.title}")
def test_red_green_red(w, one):
    user, since = getattr(w, WHO[one.seat]), now()
    assert one.check(Facts(user, since)) is False
    DONE[one.seat, one.title](Acts(w))
    assert one.check(Facts(user, since)) is True
    assert one.check(Facts(user, now() + timedelta(seconds=1))) is False
    assert one.check(Facts(w.stranger, since)) is False


def test_every_chapter_of_the_manual_has_an_exercise():
    assert {one.chapter for one in ALL} == set(exercises.CHAPTERS)
    assert set(DONE) == {(one.seat, one.title) for one in ALL}
