"""`./run manual`: the pictures of the user's manual, taken anew by the browser tests that walk through it."""

import os

from . import tests
from .places import ROOT

PICTURES = "MANUAL_PICTURES"  # the folder the walk-through test saves its pictures in, when set


def main(words: list[str]) -> int:
    os.environ[PICTURES] = str(ROOT / "docs" / "pictures")
    return tests.main(["tests/e2e", "-n0", *words])
