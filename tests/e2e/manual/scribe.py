"""Writes the manual while a browser walks it: each step's text stands beside the action it describes.

`step` asserts that what it speaks of is on the page; under `./run manual` it takes the picture, else it
looks at the exercises of practice mode (`proof.py`), whose bar no picture shows.
The walk then does what the step said, and the next step (or `expect`) shows that it worked.
"""

from playwright.sync_api import Locator, expect

from procurement.handbook.chapters import Chapter, Section, Step

from .proof import Proof
from .rings import Box, ring

SIZE = {"width": 1280, "height": 760}


def paragraphs(text: str) -> list[str]:
    """Parted by empty lines; the lines of one are joined as Chinese is, without a blank."""
    return ["".join(line.strip() for line in part.splitlines()) for part in text.strip().split("\n\n")]


class Scribe:
    """One chapter on its way to paper."""

    def __init__(self, number: str, title: str, lead: str, proof: Proof | None):
        self.chapter, self.proof = Chapter(number, title, lead), proof
        self.pictures: dict[str, bytes] = {}
        self.logged_in = True

    def section(self, number: str, title: str, lead: str = "", *, logged_in: bool = True) -> None:
        """`logged_in` False: it is walked by nobody yet, whom the next section's login makes somebody."""
        self.section_ends()
        self.logged_in = logged_in
        self.chapter.sections.append(Section(number, title, lead))

    def section_ends(self) -> None:
        if self.proof and self.chapter.sections:
            self.proof.ends(self.chapter.sections[-1].number, logged_in=self.logged_in)

    def ends(self) -> None:
        """The chapter is over."""
        self.section_ends()
        if self.proof:
            self.proof.closes()

    def step(self, title: str, text: str, *marks: Locator, look: Locator | None = None) -> None:
        """What to do, and the things on the page it speaks of; `look` comes into view first."""
        if not self.chapter.sections:
            self.section(self.chapter.number, self.chapter.title)
        for mark in marks:
            expect(mark.first).to_be_visible()
        section = self.chapter.sections[-1]
        number = len(section.steps) + 1
        picture = f"{section.number}-{number}.png" if marks else ""
        section.steps.append(Step(title, paragraphs(text), picture, f"{section.anchor}-{number}"))
        if self.proof:
            self.proof.at(section.steps[-1].anchor)
        elif marks:
            self.pictures[picture] = self.paint([mark.first for mark in marks], look or marks[0].first)

    def note(self, text: str) -> None:
        self.chapter.sections[-1].notes.append(text)

    def paint(self, marks: list[Locator], look: Locator) -> bytes:
        """The window as a user has it, with a red ring around each thing, numbered when there are several."""
        page = marks[0].page
        page.evaluate("document.activeElement && document.activeElement.blur()")
        look.evaluate("part => part.scrollIntoView({block: 'center'})")
        for mark in marks:  # in wide tables the buttons stand far to the right
            mark.evaluate("part => part.scrollIntoView({block: 'nearest', inline: 'nearest'})")
        boxes = [Box(**mark.bounding_box()) for mark in marks]
        return ring(page.screenshot(), boxes)
