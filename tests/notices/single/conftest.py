"""Fixtures of the single-source notices' tests."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from budgets.models import QuotaConfirmation
from tests.browser import *  # noqa: F403
from tests.intents.makers import confirmation
from tests.look.conftest import browse, site  # noqa: F401
from tests.remembered import load_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> datetime:
    """2026-09-30 23:59:59 in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def calendar(db):
    load_calendar(2025, 2026)


@pytest.fixture
def confirmed(unit, clerk) -> QuotaConfirmation:
    return confirmation(unit, clerk, name="核磁共振维护")
