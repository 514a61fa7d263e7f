"""Fixtures of the tests of announcements."""

import pytest

from accounts.models import Appointment, Post
from tests.notices.conftest import environment, hsm, portal, sandbox  # noqa: F401 - fixtures
from tests.world import person

from . import makers


@pytest.fixture
def calendar(db):
    makers.calendar()


@pytest.fixture
def office_clerk(people, places):
    """Somebody of the procurement office who writes what it publishes."""
    user = person("office_clerk", "董经办", Post.CLERK, places.office)
    assert Appointment.objects.holding(Post.CLERK, places.office.pk).exists()
    return user
