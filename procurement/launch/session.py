"""One run in one place: take it, end what an earlier run left, and end everything of ours on the way out."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from .places import Place
from .processes import Record, reap
from .say import say, step

LAUNCHER = "launcher"  # our own pid file; `stop` asks this process to end everything in order


@contextmanager
def session(place: Place) -> Iterator[ExitStack]:
    place.take()
    ended = reap(place)
    if ended:
        say(f"· 清理上次遗留的进程: {' '.join(ended)}")
    mine = place.home / LAUNCHER
    Record.of(os.getpid(), signal.SIGTERM).write(mine)
    stack = ExitStack()
    try:
        yield stack
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # ending is not interrupted
        with step("停止"):
            stack.close()
        mine.unlink(missing_ok=True)
