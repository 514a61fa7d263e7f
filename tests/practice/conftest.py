"""Practice mode switched on."""

import pytest

from tests.browser import *  # noqa: F403 - fixtures of a real browser


@pytest.fixture
def practice(settings):
    settings.PRACTICE = True
