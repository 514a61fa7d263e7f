"""The launcher's own parts, tried with the real programs in a place of their own."""

import pytest

from procurement.launch.places import Place
from tests.browser import *  # noqa: F403 - the fixtures of a real browser


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / "place").prepare()


@pytest.fixture
def ending():
    """Programs and servers to stop, whatever happens."""
    started = []
    yield started.append
    for one in reversed(started):
        one.stop()
