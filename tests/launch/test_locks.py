"""The lock files."""

import re

import pytest

from procurement.launch.check import addresses_in_locks
from procurement.launch.places import ROOT

LOCKS = ["app", "demo", "dev", "uv"]


def pins(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


def test_no_lock_file_names_a_host():
    assert addresses_in_locks() == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize(("smaller", "larger"), [("app", "demo"), ("demo", "dev")])
def test_the_larger_lock_holds_the_smaller_one_unchanged(smaller, larger):
    assert pins(smaller).items() <= pins(larger).items()
