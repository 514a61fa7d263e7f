"""Real Celery processes of the tests."""

import json
import subprocess
import sys

import psutil

from tests.sandbox.running import ROOT
from tests.waiting import pause, until  # noqa: F401 - for who runs these


class Celery:
    """A worker of the queue hsm (prefork, one child), or beat, in a process group of its own."""

    def __init__(self, kind: str, environment: dict, log, queues: str = "hsm"):
        options = {
            "worker": ["-Q", queues, "-P", "prefork", "-c", "1", "--without-gossip", "--without-mingle"],
            "beat": ["--schedule", f"{log}.schedule"],
        }
        command = [sys.executable, "-m", "celery", "-A", "procurement.celery", kind, *options[kind]]
        self.log = open(log, "ab")  # noqa: SIM115 - the process writes to it until stop()
        self.command, self.environment = [*command, "-l", "WARNING"], environment
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log
        )

    def tend(self) -> "Celery":
        """Start it again if it is gone, as the service manager does: a master whose first child is killed
        before it has reported ends with "Could not start worker processes"."""
        if self.process.poll() is not None:
            self.start()
        return self

    def child(self) -> psutil.Process | None:
        """The forked process that does the work; None while there is none."""
        try:
            return next(iter(psutil.Process(self.process.pid).children()), None)
        except psutil.NoSuchProcess:
            return None

    def kill_child(self) -> None:
        """SIGKILL what signs and sends; the master forks another."""
        if child := self.child():
            child.kill()

    def kill_all(self) -> None:
        """SIGKILL master and child: nothing of this worker is left."""
        child = self.child()
        self.process.kill()
        if child:
            child.kill()
        self.process.wait(60)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)
        self.log.close()


class Forked:
    """tests/notices/forked.py as a process: jobs in forked children, killed at a boundary."""

    def __init__(self, environment: dict):
        command = [sys.executable, "-m", "tests.notices.forked"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, **pipes)

    def run(self, job: str, die: int) -> int:
        """The signal that ended the child; 0 when it lived past its last boundary."""
        self.process.stdin.write(json.dumps({"job": job, "die": die}) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()
