"""One exercise, and whose it is."""

from dataclasses import dataclass

from accounts.models import Appointment, OrgKind, Post
from procurement.handbook.chapters import Place, steps

from ..evidence import Evidence

EVERYBODY = ("clerk", "unit", "division", "office")


@dataclass(frozen=True)
class Exercise:
    """A step of the manual to do, where, and how it shows that it was done.

    Its title and text are the manual's. One with a title of its own is no step but belongs to one: what
    another post does there, or what the step only mentions.
    """

    seats: tuple[str, ...]
    anchor: str
    page: str  # name of the page to start from
    check: Evidence
    query: str = ""
    tip: str = ""  # what only matters to who practises
    own_title: str = ""
    own_text: str = ""

    @property
    def place(self) -> Place:
        return steps()[self.anchor]

    @property
    def is_step(self) -> bool:
        return not self.own_title

    @property
    def title(self) -> str:
        return self.own_title or self.place.step.title

    @property
    def text(self) -> list[str]:
        return [self.own_text] if self.own_title else self.place.step.text

    @property
    def key(self) -> str:
        """Its name among all of a seat: 3.5.1-4, or the own title."""
        return self.own_title or f"{self.place.section.number}-{self.place.number}"


def seat_of(current: Appointment | None) -> str:
    """Which list this post practises; readers have none."""
    if current is None:
        return ""
    if current.post == Post.REVIEWER:
        return "division" if current.content_object.kind == OrgKind.DIVISION else "unit"
    return {Post.CLERK: "clerk", Post.APPROVER: "office"}.get(current.post, "")
