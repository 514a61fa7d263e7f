"""Waiting for what another process, thread or page does."""

import time

LONG = 120.0  # only a failure takes so long; a machine with other work is four times slower than a quiet one


def until(condition, seconds: float = LONG) -> bool:
    """Ask again and again; false when the time is over."""
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:
        pause(0.02)
    return bool(met)


def pause(seconds: float) -> None:
    """Let the others run."""
    time.sleep(seconds)
