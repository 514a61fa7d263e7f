"""`python -m procurement.sealing.easel MEMORY CPU WALL`: draws papers, each in a copy of this process.

The fonts are loaded once; each paper is drawn by a fork that has a limit of memory (bytes), of CPU time and
of time (seconds) and ends with its paper: whatever it does, neither this process nor the worker above it is
harmed, and the next paper finds everything as the last one found it (docs/adr/0009).
"""

import gc
import os
import resource
import signal
import sys
import tempfile
from typing import BinaryIO

from procurement.flow import printing

DONE, UNPRINTABLE, MEMORY, CPU, WALL, FAILED = b"d", b"u", b"m", b"c", b"w", b"f"
WARM = "<h1>采购任务书</h1><table><tr><td>安徽省</td><td>1,000.00</td></tr></table><p><b>合计</b> A-Z</p>"
# The libraries below WeasyPrint abort, or stumble, when memory ends.
ENDINGS = {
    signal.SIGXCPU: CPU, signal.SIGALRM: WALL, signal.SIGABRT: MEMORY, signal.SIGSEGV: MEMORY,
    signal.SIGTRAP: MEMORY,
}  # fmt: skip


def receive(stream: BinaryIO) -> bytes | None:
    """One message: eight bytes of length, then so many; None when the other side is gone."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    length = int.from_bytes(head)
    body = stream.read(length)
    return body if len(body) == length else None


def send(stream: BinaryIO, body: bytes) -> None:
    stream.write(len(body).to_bytes(8) + body)
    stream.flush()


def draw(text: str, memory: int, cpu: int, wall: int, made: BinaryIO) -> None:
    """In the fork: set the limits, draw, leave the answer in the file. Both time limits kill by signal."""
    gc.disable()  # the memory goes with the process: a third less work for 200 rows
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    signal.setitimer(signal.ITIMER_REAL, wall)
    try:
        answer = DONE + printing.paint(text)
    except printing.Unprintable as error:
        answer = UNPRINTABLE + str(error).encode()
    except MemoryError:
        answer = MEMORY
    except Exception as error:
        answer = FAILED + f"{type(error).__name__}: {error}".encode()
    made.write(answer)
    made.flush()


def answer(text: str, limits: list[int]) -> bytes:
    """Fork, wait, say what came of it."""
    with tempfile.TemporaryFile(buffering=0) as made:
        child = os.fork()
        if child == 0:
            draw(text, *limits, made)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        made.seek(0)
        if status == 0:
            return made.read()
        return ENDINGS.get(-status, FAILED)


def main(limits: list[int]) -> None:
    """Until the worker closes its end, or is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the worker's to answer
    said = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whoever prints does not spoil an answer
    printing.paint(WARM)
    while (text := receive(sys.stdin.buffer)) is not None:
        send(said, answer(text.decode(), limits))


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
