"""The easels of this worker: programs that draw one paper after the other within limits."""

import atexit
import subprocess
import sys
from contextlib import contextmanager, suppress

from django.conf import settings

from procurement.flow.printing import Unprintable

from . import easel

# The largest paper allowed, 500 rows, takes 0.6 GB of addresses (docs/adr/0009).
MEMORY, CPU, WALL = 2**30, 30, 45  # bytes, seconds, seconds: less than the lease of the claim
IDLE: list["Easel"] = []  # taken and put back by the worker's threads: list.pop and append are atomic


class TooHeavy(Exception):
    """The paper exceeds what one paper may use; the text is a sentence for people."""

    for_good = True


class TooSlow(TooHeavy):
    """Not done in time, though not by its own work: the machine had other things to do."""

    for_good = False


class Easel:
    """One such program, started when the first paper comes."""

    def __init__(self):
        words = [sys.executable, "-m", "procurement.sealing.easel", *map(str, (MEMORY, CPU, WALL))]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(words, cwd=settings.BASE_DIR, **pipes)

    def draw(self, text: str) -> bytes:
        """Its answer; OSError when it is gone."""
        easel.send(self.process.stdin, text.encode())
        if (said := easel.receive(self.process.stdout)) is None:
            raise ConnectionResetError("the drawing program has ended")
        return said

    def close(self) -> None:
        """It ends by itself when its input does; killed it leaves nothing behind."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                pipe.close()


@contextmanager
def borrowed():
    """An easel nobody uses; one that broke is not put back."""
    try:
        one = IDLE.pop()
    except IndexError:
        one = Easel()
    try:
        yield one
    except BaseException:
        one.close()
        raise
    IDLE.append(one)


@atexit.register
def close() -> None:
    while IDLE:
        IDLE.pop().close()


def paint(text: str) -> bytes:
    """Finished HTML as PDF bytes; TooHeavy, Unprintable or RuntimeError."""
    try:
        said = ask(text)
    except OSError:  # it was killed while it was idle, or by somebody: once more with another
        said = ask(text)
    verdict, rest = said[:1], said[1:]
    if verdict == easel.DONE:
        return rest
    if verdict == easel.UNPRINTABLE:
        raise Unprintable(rest.decode())
    if verdict == easel.MEMORY:
        raise TooHeavy(f"文件过大，排版所需内存超过 {MEMORY // 2**20} MB，请减少清单行数或内容后重试。")
    if verdict == easel.CPU:
        raise TooHeavy(f"文件过大，排版超过 {CPU} 秒，请减少清单行数或内容后重试。")
    if verdict == easel.WALL:
        raise TooSlow(f"服务器繁忙，{WALL} 秒内没有完成排版")
    raise RuntimeError(rest.decode() or "the drawing program failed")


def ask(text: str) -> bytes:
    with borrowed() as one:
        return one.draw(text)
