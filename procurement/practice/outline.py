"""The exercises of a seat as the page shows them: by chapter and section, each with its state."""

from dataclasses import dataclass
from itertools import groupby

from procurement.handbook.chapters import Chapter, Section

from .exercises import Exercise
from .progress import Progress, address, manual


@dataclass(frozen=True)
class Row:
    """One exercise on the page."""

    exercise: Exercise
    done: bool
    upcoming: bool

    @property
    def number(self) -> int | None:
        """Of the step; what is none has no number."""
        return self.exercise.place.number if self.exercise.is_step else None

    @property
    def url(self) -> str:
        return address(self.exercise)

    @property
    def help_url(self) -> str:
        return manual(self.exercise)


@dataclass(frozen=True)
class Part:
    """A section with its rows."""

    section: Section
    rows: list[Row]

    @property
    def done(self) -> int:
        return sum(row.done for row in self.rows)


@dataclass(frozen=True)
class Group:
    """A chapter with its sections; the first that is not finished stands open."""

    chapter: Chapter
    parts: list[Part]

    @property
    def done(self) -> int:
        return sum(part.done for part in self.parts)

    @property
    def total(self) -> int:
        return sum(len(part.rows) for part in self.parts)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total

    @property
    def is_open(self) -> bool:
        return any(row.upcoming for part in self.parts for row in part.rows)


def outline(exercises: list[Exercise], progress: Progress | None) -> list[Group]:
    """In the manual's order; before the beginning everything is red and the first is next."""
    done = progress.done if progress else frozenset()
    upcoming = next((one for one in exercises if one not in done), None)
    rows = [Row(one, one in done, one is upcoming) for one in exercises]
    return [
        Group(found[0].exercise.place.chapter, parts(found))
        for found in runs(rows, lambda row: row.exercise.place.chapter.number)
    ]


def parts(rows: list[Row]) -> list[Part]:
    found = runs(rows, lambda row: row.exercise.place.section.number)
    return [Part(one[0].exercise.place.section, one) for one in found]


def runs(rows: list[Row], key) -> list[list[Row]]:
    return [list(found) for _, found in groupby(rows, key)]
