"""Practice mode switched on."""

import pytest

from procurement import clock
from tests.browser import *  # noqa: F403 - fixtures of a real browser


@pytest.fixture
def practice(settings, monkeypatch, tmp_path):
    settings.PRACTICE = True
    days = tmp_path / "days-ahead"
    days.write_text("0")
    monkeypatch.setenv(clock.VARIABLE, str(days))
