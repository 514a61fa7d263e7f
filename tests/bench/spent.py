"""Processor time of a program and its children; it hardly depends on what else the machine does."""

from contextlib import contextmanager

import psutil


class Spent:
    """Since now, or only while `counting`."""

    def __init__(self, program):
        self.program, self.requests, self.counted = psutil.Process(program.pid), 0, None
        self.before = self.total()

    def total(self) -> float:
        members = [self.program, *self.program.children(recursive=True)]
        return sum(sum(member.cpu_times()[:2]) for member in members)

    @contextmanager
    def counting(self, requests: int):
        """Only what is spent in these blocks counts."""
        before = self.total()
        yield
        self.counted = (self.counted or 0) + self.total() - before
        self.requests += requests

    @property
    def each(self) -> float:
        """Milliseconds a request."""
        spent = self.total() - self.before if self.counted is None else self.counted
        return spent * 1000 / self.requests
