"""The category picker: one level of the tree, or what a search finds, with a path for every row."""

from dataclasses import dataclass

from procurement import clock

from .catalogue import ancestors
from .models import Category

FOUND = 60  # rows of a search; who needs more types another letter
LONG = 40


@dataclass(frozen=True)
class Choice:
    """One row of the picker."""

    category: Category
    path: str
    selectable: bool

    @property
    def opens(self) -> bool:
        return not self.category.is_leaf


class Picker:
    """The catalogue in force today; `mall` leaves only what the mall sells and the way there."""

    def __init__(self, *, mall: bool = False):
        self.mall = mall
        self.rows = Category.objects.in_force(clock.today())
        self.offered = self.rows.selectable().filter(**({"mall_allowed": True} if mall else {}))

    def level(self, parent: str) -> list[Choice]:
        """The children of a code, of the whole catalogue for an empty one; three queries."""
        return self.choices(self.on_the_way(self.rows.filter(parent_code=parent).order_by("code")))

    def search(self, words: str) -> list[Choice]:
        """By code, name or initials, in the order of codes; two queries."""
        return self.choices(list(self.offered.matching(words).order_by("code")[:FOUND]))

    def on_the_way(self, rows) -> list[Category]:
        """For the mall: branches that lead to something it sells."""
        if not self.mall:
            return list(rows)
        sold = set(self.offered.values_list("code", flat=True))
        ways = sold.union(*map(ancestors, sold))
        return [row for row in rows if row.code in ways]

    def choices(self, rows: list[Category]) -> list[Choice]:
        codes = {code for row in rows for code in ancestors(row.code)}
        names = dict(self.rows.filter(code__in=codes).values_list("code", "name")) if codes else {}
        return [
            Choice(row, " / ".join([*path(row.code, names), row.name]), self.may_choose(row)) for row in rows
        ]

    def may_choose(self, row: Category) -> bool:
        """As `selectable()` says, without asking the database again."""
        named = row.is_leaf or row.central or row.mall_allowed
        return bool(row.level) and named and (row.mall_allowed or not self.mall)


def path(code: str, names: dict[str, str]) -> list[str]:
    """Names of the branches above a code, from the root down; a code may skip a level."""
    return [names[code] for code in reversed(ancestors(code)) if code in names]


def words(text: str) -> str:
    """What a person typed, fit for a query."""
    return " ".join(text.replace("\x00", "").split())[:LONG]
