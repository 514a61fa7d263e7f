"""Fixtures of the plans' tests."""

import pytest

from plans.models import Plan, PlanType
from tests.remembered import load_reference

from . import makers


@pytest.fixture
def confirmed(unit, clerk):
    """A confirmed quota of the unit; the catalogue has a category to choose."""
    makers.catalogue()
    return makers.confirmation(unit, clerk)


@pytest.fixture
def rich(unit, clerk, confirmed):
    """A confirmed quota for any plan, and thresholds."""
    load_reference()
    return makers.confirmation(unit, clerk, "90000000.00", "显微镜等大型设备")


@pytest.fixture
def make(unit, clerk, rich):
    def made(amount="600000.00", kind=PlanType.PROJECT, **fields) -> Plan:
        return makers.plan(unit, clerk, rich, amount, kind, **fields)

    return made
