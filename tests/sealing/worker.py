"""`python -m tests.sealing.worker JOB [EVENT FUNCTION]`: one run of a worker, killed (SIGKILL) at a point.
Without words it reads them from its input, a line for each run, and answers how the run ended.

The point is given from outside, by the interpreter's own profile hook: no code of the worker is changed.
"""

import os
import signal
import sys
import threading

import django


def killed_at(event: str, function: str):
    """A hook that ends this process when `function` is called or returns."""

    def hook(frame, happened, argument):
        if happened == event and frame.f_code.co_name == function and "sealing" in frame.f_code.co_filename:
            os.kill(os.getpid(), signal.SIGKILL)

    return hook


def run(job: str, *point: str) -> None:
    """One run of that job, killed at the point, if there is one."""
    if point:
        hook = killed_at(*point)
        sys.setprofile(hook)
        threading.setprofile(hook)  # the signature is made in a thread of its own
    getattr(jobs, job)()


def forked(*words: str) -> int:
    """The same in a forked child, as Celery's; how it ended."""
    if (pid := os.fork()) == 0:
        try:
            run(*words)
            os._exit(0)
        finally:
            os._exit(70)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    django.setup()
    from procurement.sealing import jobs

    from . import trial  # noqa: F401 - the kind of paper that is drawn

    if len(sys.argv) > 1:
        run(*sys.argv[1:])
    for line in sys.stdin if len(sys.argv) == 1 else ():  # a boot for all of them costs less than one each
        print(forked(*line.split()), flush=True)
