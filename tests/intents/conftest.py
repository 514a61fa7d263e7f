"""Fixtures of the intents' tests."""

import pytest

from tests.papers import category

from . import makers


@pytest.fixture
def confirmed(unit, clerk):
    """A confirmed quota of the unit; the catalogue has a category to choose."""
    category()
    return makers.confirmation(unit, clerk)
