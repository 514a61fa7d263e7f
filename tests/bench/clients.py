"""Sixteen Python processes calling the project's own functions, each on its own connection."""

import multiprocessing
import random
import time
from collections.abc import Callable

from .ground import loosen

COUNT = 16
FORK = multiprocessing.get_context("fork")


class Clients:
    """Forked once; each order runs one named job in all of them for some seconds."""

    def __init__(self, jobs: dict[str, Callable[[int], int]]):
        """A job gets the client's number, does one thing and says how often it succeeded (0 or 1)."""
        loosen()
        self.pipes, self.processes = [], []
        for number in range(COUNT):
            ours, theirs = FORK.Pipe()
            process = FORK.Process(target=serve, args=(theirs, number, jobs), daemon=True)
            process.start()
            self.pipes.append(ours)
            self.processes.append(process)
        self.rate(next(iter(jobs)), 0.01)  # everybody has connected

    def run(self, job: str, seconds: float) -> list[int]:
        """Successes of each client."""
        for pipe in self.pipes:
            pipe.send((job, seconds))
        return [pipe.recv() for pipe in self.pipes]

    def rate(self, job: str, seconds: float) -> float:
        return sum(self.run(job, seconds)) / seconds

    def stop(self) -> None:
        for pipe in self.pipes:
            pipe.send(None)
        for process in self.processes:
            process.join(5)


def serve(pipe, number: int, jobs: dict) -> None:
    random.seed(number)
    while (order := pipe.recv()) is not None:
        job, end, done = jobs[order[0]], time.monotonic() + order[1], 0
        while time.monotonic() < end:
            done += job(number)
        pipe.send(done)
