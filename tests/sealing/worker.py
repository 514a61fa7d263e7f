"""`python -m tests.sealing.worker JOB [EVENT FUNCTION]`: one run of a worker, killed (SIGKILL) at a point.

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


if __name__ == "__main__":
    django.setup()
    from procurement.sealing import jobs

    from . import trial  # noqa: F401 - the kind of paper that is drawn

    if len(sys.argv) > 2:
        hook = killed_at(sys.argv[2], sys.argv[3])
        sys.setprofile(hook)
        threading.setprofile(hook)  # the signature is made in a thread of its own
    getattr(jobs, sys.argv[1])()
