"""Fixtures of the plans' tests."""

from io import StringIO

import pytest
from django.core.management import call_command

from plans.models import Plan, PlanType

from . import makers


@pytest.fixture
def confirmed(unit, clerk):
    """A confirmed quota of the unit; the catalogue has a category to choose."""
    makers.catalogue()
    return makers.confirmation(unit, clerk)


@pytest.fixture
def rich(unit, clerk, confirmed):
    """A confirmed quota for any plan, and thresholds."""
    call_command("load_reference", stdout=StringIO())
    return makers.confirmation(unit, clerk, "90000000.00", "显微镜等大型设备")


@pytest.fixture
def make(unit, clerk, rich):
    def made(amount="600000.00", kind=PlanType.PROJECT, **fields) -> Plan:
        return makers.plan(unit, clerk, rich, amount, kind, **fields)

    return made
