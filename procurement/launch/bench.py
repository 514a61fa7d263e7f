"""`./run bench [W…]`: the programs of tests/bench against durable servers of their own, var/bench/."""

import sys

from . import services, tests
from .places import place
from .processes import foreground
from .session import session


def main(words: list[str]) -> int:
    here = place("bench")
    with session(here) as stack:
        env = services.start(here, stack, wheel_first=False, hasty=False) | tests.environment(here)
        return foreground([sys.executable, "-m", "tests.bench", *words], env)
