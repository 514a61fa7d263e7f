"""The programs a bench needs beside itself, each ended by its own handle."""

import os
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
HOME = ROOT / "var/bench"
WEB, FLOOR = 18471, 18472


def start(stack: ExitStack, name: str, words: list[str], **env: str) -> subprocess.Popen:
    """`python -m words…`, its output in var/bench/log, ended with the stack."""
    (HOME / "log").mkdir(parents=True, exist_ok=True)
    with (HOME / f"log/{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT, env=os.environ | env, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    stack.callback(end, process)
    return process


def end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def until(ready, what: str, seconds: float = 30) -> None:
    """Poll a thing another process does; an error when the time is over."""
    limit = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > limit:
            raise TimeoutError(what)
        time.sleep(0.05)


def answers(url: str) -> bool:
    with suppress(URLError, OSError):
        try:
            urlopen(url, timeout=20).close()
        except HTTPError as error:
            return error.code < 500
        return True
    return False


def gunicorn(stack: ExitStack, name: str, application: str, port: int) -> subprocess.Popen:
    """Exactly as ./run demo starts the site: two processes of four threads, access log on."""
    words = ["gunicorn", application, "-k", "gthread", "--workers", "2", "--threads", "4"]
    words += ["--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    process = start(stack, name, [*words, "--access-logfile", str(HOME / f"log/{name}-access.log")])
    until(lambda: answers(f"http://127.0.0.1:{port}/"), name, 120)  # longer than a busy machine takes
    return process


def celery(stack: ExitStack, application: str, queue: str, name: str = "", **env: str) -> subprocess.Popen:
    """A worker as the one that signs: prefork, one child."""
    name = name or queue
    words = ["celery", "-A", application, "worker", "-n", f"{name}@bench", "-Q", queue, "-P", "prefork"]
    words += ["-c", "1", "--without-gossip", "--without-mingle", "-l", "ERROR"]
    return start(stack, f"celery-{name}", words, **env)


def child_of(process: subprocess.Popen) -> psutil.Process | None:
    with suppress(psutil.NoSuchProcess):
        return next(iter(psutil.Process(process.pid).children()), None)
    return None
