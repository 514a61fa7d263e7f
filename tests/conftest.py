"""Fixtures of the whole suite: the world, its personas, logged-in clients."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck, settings

from accounts.cakey import sessions
from procurement.celery import app

from . import world as province
from .sessions import logged_in

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")  # how long an example takes says how busy the machine is


@pytest.fixture(scope="session", autouse=True)
def broker():
    """This process's own corner of Redis, before anything has connected: parallel runs never wake
    each other's workers."""
    prefix = f"test-{uuid.uuid4().hex}-"
    app.conf.broker_transport_options = {**app.conf.broker_transport_options, "global_keyprefix": prefix}
    return prefix


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The plugin's databases; at the end nobody (a killed worker, a thread) may still hold on to them."""
    yield
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"{others} AND pid <> pg_backend_pid()")


@pytest.fixture(scope="session", autouse=True)
def _one_look_at_a_session():
    """A slow machine must not count the statements of a second look, each half minute, or of a renewal."""
    sessions.MEMORY.default_timeout = 3600
    sessions.TOUCH_EVERY = timedelta(minutes=15)


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
