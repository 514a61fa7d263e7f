"""Fixtures of the single-source notices' tests."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from budgets.models import QuotaConfirmation
from tests.browser import *  # noqa: F403
from tests.intents.makers import confirmation
from tests.look.conftest import browse, site  # noqa: F401
from tests.notices.announcements.makers import calendar as days_around_today
from tests.remembered import load_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> datetime:
    """2026-09-30 23:59:59 in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def announced(db):
    """The working days of 2025 and 2026, and of no other year."""
    load_calendar(2025, 2026)


@pytest.fixture
def calendar(announced):
    """Those of today too, announced or not."""
    days_around_today()


@pytest.fixture
def confirmed(unit, clerk) -> QuotaConfirmation:
    return confirmation(unit, clerk, name="核磁共振维护")
