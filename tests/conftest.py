"""Fixtures of the whole suite: the world, its personas, logged-in clients."""

import pytest
from django.core.cache import cache

from . import world as province
from .sessions import logged_in


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def places(db):
    return province.organizations()


@pytest.fixture
def people(places):
    return province.people(places)


def persona(name: str):
    @pytest.fixture(name=name)
    def fixture(people):
        return getattr(people, name)

    return fixture


clerk, second_clerk, reviewer, divisional, officer, viewer, auditor, admin, stranger = map(
    persona,
    ["clerk", "second_clerk", "reviewer", "divisional", "officer", "viewer", "auditor", "admin", "stranger"],
)
foreign_reviewer, foreign_divisional = persona("foreign_reviewer"), persona("foreign_divisional")


@pytest.fixture
def unit(places):
    return places.unit


@pytest.fixture
def as_user(db):
    """`as_user(person)` gives a client logged in as that person."""
    return logged_in
