"""The chapters, as the browser test that walks them has written them under text/."""

import json
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

TEXT = Path(__file__).parent / "text"
PICTURES = "manual"  # folder of the pictures among the static files


@dataclass
class Step:
    """One thing to do; `picture` names the file that shows where."""

    title: str
    text: list[str]
    picture: str = ""
    anchor: str = ""

    @property
    def image(self) -> str:
        return f"{PICTURES}/{self.picture}"


@dataclass
class Section:
    """A part of a chapter with a number of its own; its steps count from one."""

    number: str
    title: str
    lead: str = ""
    steps: list[Step] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return "s" + self.number.replace(".", "-")


@dataclass
class Chapter:
    """One page of the manual. A chapter that is not divided has one section with its own number."""

    number: str
    title: str
    lead: str = ""
    sections: list[Section] = field(default_factory=list)

    @property
    def divided(self) -> bool:
        return [section.number for section in self.sections] != [self.number]

    @property
    def anchors(self) -> set[str]:
        return {part.anchor for one in self.sections for part in (one, *one.steps)}

    def dumps(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def loads(text: str) -> Chapter:
    raw = json.loads(text)
    for one in raw["sections"]:
        one["steps"] = [Step(**step) for step in one["steps"]]
    return Chapter(**raw | {"sections": [Section(**one) for one in raw["sections"]]})


def order(number: str) -> list[int]:
    return [int(part) for part in number.split(".")]


@cache
def chapters() -> dict[str, Chapter]:
    """{number: chapter} in the manual's order."""
    found = [loads(path.read_text()) for path in TEXT.glob("*.json")]
    return {one.number: one for one in sorted(found, key=lambda one: order(one.number))}


class Place(NamedTuple):
    """Where a step stands."""

    chapter: Chapter
    section: Section
    number: int
    step: Step


@cache
def steps() -> dict[str, Place]:
    """{anchor: place} of every step, in the manual's order."""
    return {
        step.anchor: Place(chapter, section, number, step)
        for chapter in chapters().values()
        for section in chapter.sections
        for number, step in enumerate(section.steps, 1)
    }
