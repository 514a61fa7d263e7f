"""Children of the test's own process: Django is loaded already, so one is there in milliseconds."""

import os
import signal
from collections.abc import Callable, Iterable

from django.db import connections


def fork(work: Callable[[], object]) -> int:
    """A child that does this over a connection of its own, and is killed if it comes to the end."""
    if pid := os.fork():
        return pid
    try:
        # Not closed, which would end the parent's session, but let go of. After a browser test this thread
        # has a running event loop and the child has none, so the child sees another connection of Django's
        # than its parent did: closing that of the parent before the fork is not enough.
        inherited = [one.connection for one in connections.all(initialized_only=True)]
        for one in connections.all(initialized_only=True):
            one.connection, one.in_atomic_block, one.savepoint_ids = None, False, []
        work()
        del inherited
    finally:
        os.kill(os.getpid(), signal.SIGKILL)


def ends(children: Iterable[int]) -> list[int]:
    """How each ended: 0, or minus the signal."""
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
