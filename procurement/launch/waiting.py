"""Waiting for the real thing: ask it again and again until it answers or the deadline passes."""

import time
from collections.abc import Callable


class NotReady(Exception):
    """Something did not come up in time."""


def until(probe: Callable[[], bool], what: str, seconds: float, pause: float = 0.05) -> None:
    """Returns once `probe` is true; an OSError counts as "not yet"."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if probe():
                return
            reason = ""
        except OSError as error:
            reason = f" ({error})"
        if time.monotonic() > deadline:
            raise NotReady(f"{what}: {seconds:g} 秒内没有就绪{reason}")
        time.sleep(pause)
