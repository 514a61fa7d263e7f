"""`./run manual`: the pictures of README and manual, taken anew by the browser test that walks the path."""

import os

from . import tests


def main(words: list[str]) -> int:
    os.environ["PICTURES"] = "1"  # tests/e2e then saves what it sees under docs/pictures
    return tests.main(["tests/e2e", "-n0", *words])
