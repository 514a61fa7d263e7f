"""`python -m tests.notices.forked`: runs jobs in forked children and kills them at a given boundary.

The parent loads Django once and opens nothing; each child then lives as a prefork child of Celery does. A
boundary is the moment before or after anything leaves the process: a statement, a commit, a connection, a
request, an answer, a signature. They are counted by the interpreter's own profile hook: no code of the worker
is changed. One order a line: {"job": "module.function", "die": n}; the answer: the signal that ended it.
"""

import json
import os
import signal
import sys
import threading
from importlib import import_module

import django

BOUNDARIES = {
    ("django/db/backends/utils.py", "_execute"), ("django/db/backends/base/base.py", "_commit"),
    ("http/client.py", "connect"), ("http/client.py", "request"), ("http/client.py", "getresponse"),
    ("notices/signer.py", "sign"),
}  # fmt: skip
NAMES = {name for _file, name in BOUNDARIES}


def hook(die: int):
    """Counts boundaries, and ends this process at the one to die at."""
    met = 0

    def seen(frame, event, _argument):
        nonlocal met
        code = frame.f_code
        if event not in ("call", "return") or code.co_name not in NAMES:
            return
        if any(code.co_name == name and code.co_filename.endswith(file) for file, name in BOUNDARIES):
            met += 1
            if met == die:
                os.kill(os.getpid(), signal.SIGKILL)

    return seen


def child(job: str, die: int) -> None:
    module, _, function = job.rpartition(".")
    seen = hook(die)
    threading.setprofile(seen)
    sys.setprofile(seen)
    getattr(import_module(module), function)()


def run(job: str, die: int) -> int:
    """Fork, wait; the signal that ended it, 0 when it came to its end."""
    if (pid := os.fork()) == 0:
        try:
            child(job, die)
            os._exit(0)
        finally:
            os._exit(70)
    return -os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    django.setup()
    for line in sys.stdin:
        order = json.loads(line)
        import_module(order["job"].rpartition(".")[0])  # once, before the first fork
        print(run(order["job"], order["die"]), flush=True)
