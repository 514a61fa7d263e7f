"""Practice mode along with a walk: no exercise is green before its step is done, then each is.

So the walk that is our end-to-end test, and wrote the manual, proves the checks of the exercises too.
"""

from procurement.practice.evidence import Evidence
from procurement.practice.exercises import ALL, EVERYBODY, Exercise
from procurement.practice.models import Practice
from procurement.practice.progress import Progress
from tests.waiting import until

PERSONAS = {"clerk": "clerk", "unit": "reviewer", "division": "divisional", "office": "officer"}


class Proof:
    """One chapter's exercises; everybody begins to practise when the chapter begins."""

    def __init__(self, number: str, people):
        self.people, self.open = people, []
        self.all = [one for one in ALL if one.place.chapter.number == number]
        self.steps = [one for one in self.all if one.is_step]
        for who in (*PERSONAS.values(), "stranger"):
            Practice.objects.create(user=getattr(people, who))
        for seat in EVERYBODY:
            assert self.done(seat, [one for one in self.all if seat in one.seats]) == set()

    def done(self, seat: str, exercises: list[Exercise]) -> set[str]:
        found = Progress.of(getattr(self.people, PERSONAS.get(seat, seat)), exercises)
        return {one.anchor for one in found.done}

    def green(self) -> set[str]:
        """Anchors of the steps done; what is everybody's, the clerk does."""
        rows = {seat: [one for one in self.steps if one.seats[0] == seat] for seat in EVERYBODY}
        return set().union(*(self.done(seat, mine) for seat, mine in rows.items() if mine))

    def at(self, anchor: str) -> None:
        """The walk has come to this step: nothing after it is green, but what rests on the same evidence."""
        number = [one.anchor for one in self.steps].index(anchor) + 1
        known = Evidence(frozenset().union(*(one.check.clauses for one in self.steps[:number])))
        later = {one.anchor for one in self.steps[number:] if not one.check.clauses <= known.clauses}
        assert not self.green() & later, f"green before it was done, at {anchor}"

    def ends(self, section: str, *, logged_in: bool = True) -> None:
        """All of this section is green; what was seen before a login is known after it."""
        self.open += [one.anchor for one in self.steps if one.place.section.number == section]
        if logged_in:
            until(lambda: self.green() >= set(self.open), 10)  # a page's script may still be asking
            assert set(self.open) <= self.green(), "the walk did it, the exercise does not see it"

    def closes(self) -> None:
        """The whole chapter is done, and nobody else has done anything."""
        assert self.green() == {one.anchor for one in self.steps}
        assert self.done("stranger", self.all) == set()
