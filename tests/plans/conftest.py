"""Fixtures of the plans' tests."""

import pytest

from . import makers


@pytest.fixture
def confirmed(unit, clerk):
    """A confirmed quota of the unit; the catalogue has a category to choose."""
    makers.catalogue()
    return makers.confirmation(unit, clerk)
