"""A December morning, and clients logged in on it."""

import pytest

from accounts.models import Appointment
from tests.browser import *  # noqa: F403 - fixtures of a real browser
from tests.world import YEAR

from .makers import DECEMBER, at


@pytest.fixture
def december():
    with at(DECEMBER) as clock:
        yield clock


@pytest.fixture
def client(december, as_user, clerk):
    return as_user(clerk)


@pytest.fixture
def people(people):
    """In their posts since long: the days of these tests may lie before today."""
    Appointment.objects.update(valid_from=f"{YEAR - 1}-01-01")
    return people
