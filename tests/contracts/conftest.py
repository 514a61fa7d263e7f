"""Fixtures of the tests of contracts."""

import pytest

from tests.browser import *  # noqa: F403 - fixtures of a real browser
from tests.notices.announcements.makers import calendar
from tests.plans import makers as plans

from . import makers


@pytest.fixture
def confirmed(unit, clerk):
    """A confirmed quota of the unit; the catalogue has a category to choose, the calendar its days,
    around today too, announced or not."""
    plans.catalogue()
    calendar()
    return makers.confirmation(unit, clerk)


@pytest.fixture
def book(unit, clerk, reviewer, confirmed):
    """One batch of computers for 1,000 yuan."""
    return makers.book(unit, clerk, reviewer, confirmed)
