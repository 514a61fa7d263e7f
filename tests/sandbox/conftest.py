"""A sandbox portal with one trusted sender."""

import pytest

from .running import Sandbox, Sender


@pytest.fixture(scope="module")
def sender():
    return Sender()


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory, sender):
    folder = tmp_path_factory.mktemp("portal")
    (folder / "trust").mkdir()
    sender.trusted_by(folder / "trust")
    running = Sandbox(folder, folder / "trust").start()
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def no_faults(sandbox):
    yield
    sandbox.fault("none")
