"""What the person at the terminal sees: one line per step, dots while it lasts, its seconds at the end."""

import sys
import threading
import time
from contextlib import contextmanager


def say(text: str = "") -> None:
    print(text, flush=True)


@contextmanager
def step(text: str):
    """A dot every two seconds, so that nobody looks at a silent screen."""
    began = time.monotonic()
    done = threading.Event()
    sys.stdout.write(f"· {text} ")
    sys.stdout.flush()
    ticker = threading.Thread(target=_tick, args=(done,), daemon=True)
    ticker.start()
    try:
        yield
    except BaseException:
        _close(done, ticker, "未完成")
        raise
    _close(done, ticker, f"{time.monotonic() - began:.1f} 秒")


def _close(done: threading.Event, ticker: threading.Thread, text: str) -> None:
    done.set()
    ticker.join()
    say(text)


def _tick(done: threading.Event) -> None:
    while not done.wait(2):
        sys.stdout.write(".")
        sys.stdout.flush()
