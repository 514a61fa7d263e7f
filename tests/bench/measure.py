"""Interleaved repetitions: A B B A …, so that a slow moment of the machine hits everybody alike."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

SMALL = bool(os.environ.get("BENCH_SMALL"))  # does it work at all? Its figures say nothing and are not kept
REPETITIONS = 2 if SMALL else 5


class Failed(Exception):
    """A correctness check did not hold: the whole run counts for nothing."""


def check(holds: bool, sentence: str) -> None:
    if not holds:
        raise Failed(sentence)


def say(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


@dataclass
class Row:
    """One line of the table: ours beside a floor or peer."""

    work: str
    against: str
    ours: list[float]
    theirs: list[float]
    goal: float | None = None

    @property
    def ratios(self) -> list[float]:
        return [mine / other for mine, other in zip(self.ours, self.theirs, strict=True)]

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        return "met" if round(self.ratio, 2) >= self.goal else "**missed**"

    def cells(self) -> list[str]:
        """As the table shows it: rates a second, median ratio, smallest to largest ratio, goal."""
        goal = "" if self.goal is None else f"≥ {self.goal:g} ×"
        spread = f"{min(self.ratios):.2f}–{max(self.ratios):.2f}"
        rates = [rate(median(self.ours)), rate(median(self.theirs))]
        ratio = f"{self.ratio:.2f}" if self.ratio >= 0.1 else f"{self.ratio:.3f}"
        return [self.work, self.against, *rates, ratio, spread, goal, self.verdict]


def rate(a_second: float) -> str:
    """Whole numbers, tenths of the small ones."""
    return f"{a_second:,.0f}" if a_second >= 10 else f"{a_second:.1f}"


@dataclass
class Report:
    """What one bench found: comparisons, plain counts, and what must be said with them."""

    name: str
    title: str
    rows: list[Row] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)  # checks that held, counts, latencies
    notes: list[str] = field(default_factory=list)  # what the figures do not say


def interleave(title: str, variants: dict[str, Callable[[], float]], repetitions: int = REPETITIONS) -> dict:
    """{variant: [rate of each repetition]}; every other repetition runs in the reverse order."""
    rates: dict[str, list[float]] = {name: [] for name in variants}
    for repetition in range(repetitions):
        for name in list(variants)[:: -1 if repetition % 2 else 1]:
            rates[name].append(variants[name]())
        shown = "  ".join(f"{name} {values[-1]:,.0f}/s" for name, values in rates.items())
        say(f"{title} {repetition + 1}/{repetitions}: {shown}")
    return rates
