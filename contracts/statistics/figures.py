"""The figures of a period: read from the tallies with one query, folded into the rows of the tables."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum

from .dimensions import Key
from .models import Tally
from .models.facts import FIGURES
from .models.reports import ANNUAL

COUNTED = ("contracts", "lines", *FIGURES)


@dataclass
class Sums:
    """What one cell row adds up to, in fen."""

    contracts: int = 0
    lines: int = 0
    planned: list[int] = field(default_factory=lambda: [0] * 5)
    agreed: list[int] = field(default_factory=lambda: [0] * 6)

    def add(self, row: dict) -> None:
        self.contracts += row["contracts"]
        self.lines += row["lines"]
        self.planned = [old + row[f"planned_{n}"] for n, old in enumerate(self.planned, start=1)]
        self.agreed = [old + row[f"agreed_{n}"] for n, old in enumerate(self.agreed, start=1)]

    @property
    def budget(self) -> Decimal:
        """采购预算（元）."""
        return Decimal(sum(self.planned)) / 100

    @property
    def amount(self) -> Decimal:
        """采购金额（元）."""
        return Decimal(sum(self.agreed)) / 100

    @property
    def saved(self) -> Decimal:
        """节约资金（元）; below zero where supplements cost more than was planned."""
        return self.budget - self.amount

    @property
    def rate(self) -> Decimal | None:
        """节约率（％）; none without a budget."""
        return round(self.saved / self.budget * 100, 2) if self.budget else None

    def plain(self) -> list[int]:
        """As a report keeps it: whole fen."""
        return [self.contracts, self.lines, *self.planned, *self.agreed]


class Figures:
    """All sums of a period (quarter 0: the whole year) for some units (None: everybody)."""

    def __init__(self, year: int, quarter: int, units=None):
        self.year, self.quarter = year, quarter
        self.found: dict[tuple, Sums] = defaultdict(Sums)
        self.quarters: dict[int, Sums] = {number: Sums() for number in range(1, 5)}
        self.late = Sums()
        for row in self.rows(units):
            self.take(row)

    def rows(self, units):
        late = "late_quarter" if self.quarter else "late_year"
        rows = Tally.objects.filter(year=self.year)
        rows = rows.filter(quarter=self.quarter) if self.quarter != ANNUAL else rows
        rows = rows if units is None else rows.filter(unit__in=units)
        grouped = rows.values("dimension", "value", "quarter", late).order_by()
        return grouped.annotate(**{f"sum_{name}": Sum(name) for name in COUNTED})

    def take(self, row: dict) -> None:
        row |= {name: int(row[f"sum_{name}"]) for name in COUNTED}
        if row.get("late_quarter") or row.get("late_year"):
            if row["dimension"] == "total":
                self.late.add(row)
            return
        self.found[row["dimension"], row["value"]].add(row)
        if row["dimension"] == "total":
            self.quarters[row["quarter"]].add(row)

    def of(self, key: Key) -> Sums:
        """The sums under a key; several values of one dimension never overlap."""
        dimension, values = key
        sums = Sums()
        for value in values:
            part = self.found.get((dimension, value))
            if part:
                sums.add(named(part))
        return sums

    @property
    def total(self) -> Sums:
        return self.of(("total", ("",)))

    def plain(self) -> dict[str, list[int]]:
        """As a report keeps them."""
        return {f"{name}:{value}": sums.plain() for (name, value), sums in sorted(self.found.items())}


def named(sums: Sums) -> dict:
    return dict(zip(COUNTED, sums.plain(), strict=True))
