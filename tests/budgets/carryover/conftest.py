"""A December morning, and clients logged in on it."""

import pytest

from tests.browser import *  # noqa: F403 - fixtures of a real browser

from .makers import DECEMBER, at


@pytest.fixture
def december():
    with at(DECEMBER) as clock:
        yield clock


@pytest.fixture
def client(december, as_user, clerk):
    return as_user(clerk)
