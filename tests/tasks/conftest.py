"""Fixtures of the tests of task books."""

import pytest

from tests.plans import makers

from .outside import hsm, keys, known, outside, program  # noqa: F401 - fixtures of the executors


@pytest.fixture
def confirmed(unit, clerk):
    """A confirmed quota of the unit; the catalogue has a category to choose."""
    makers.catalogue()
    return makers.confirmation(unit, clerk)
