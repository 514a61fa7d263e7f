"""What the rules must know beside the plan: read once, with a number of queries that never grows."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from plans.grown import Outcome

from .facts import ZERO, PlanFacts

ASSET, SENIOR = "asset:", "asset_senior:"


class NoLimit(LookupError):
    """No threshold of that code is in force that day."""

    def __init__(self, code: str, kind: str = ""):
        self.code, self.type = code, kind
        super().__init__(f"{code} {kind}")


@dataclass(frozen=True)
class UnitFacts:
    """The purchasing unit."""

    pk: int | None = None
    name: str = ""
    short_name: str = ""
    division: int | None = None
    location: str = "合肥市"
    is_research: bool = False
    region: str = "340001"


@dataclass(frozen=True)
class AgencyFacts:
    """The chosen agency."""

    name: str
    kind: str = "agency"
    is_active: bool = True
    region: str = "340001"


@dataclass(frozen=True)
class IntentFacts:
    """The linked row of an intent; `published` is None until the portal has it."""

    name: str
    amount: Decimal
    category: str
    published: date | None = None
    live: bool = True


@dataclass(frozen=True)
class OtherPlans:
    """What the unit planned before in one category, by one method."""

    category: str
    method: str
    amount: Decimal
    count: int = 1
    same_project: bool = False
    this_year: bool = True
    recent: bool = True  # submitted within 365 days


@dataclass(frozen=True)
class EarlierPrice:
    """The highest unit price the unit planned for within 365 days, in one category and measure."""

    category: str
    measure: str
    price: Decimal


@dataclass(frozen=True)
class OldMoney:
    """A carried-over confirmation of the unit that still has money."""

    confirmation: int
    quota_no: str
    project: str
    available: Decimal


@dataclass(frozen=True)
class Context:
    """The world on a day, for one unit and one plan."""

    day: date
    limits: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    workdays: dict[date, bool] = field(default_factory=dict)
    unit: UnitFacts = UnitFacts()
    agency: AgencyFacts | None = None
    intent: IntentFacts | None = None
    others: tuple[OtherPlans, ...] = ()
    earlier: tuple[EarlierPrice, ...] = ()
    outcomes: tuple[Outcome, ...] = ()  # of the unit's earlier plans, within 365 days
    old_money: tuple[OldMoney, ...] = ()
    added: Decimal = ZERO  # earlier additions to the same contract
    first_method: str = ""  # of its first submission
    same_supplier: int = 0  # earlier single-source plans with the same supplier
    research_filing: bool = True  # universities put research imports on record (setting)

    @classmethod
    def at(cls, day: date, unit, facts: PlanFacts) -> "Context":
        from .gathering import gather

        return gather(day, unit, facts)

    def limit(self, code: str, kind: str = "") -> Decimal:
        """The threshold of that type of purchase, or the one for all types; NoLimit when there is none."""
        for key in ((code, kind), (code, "")):
            if key in self.limits:
                return self.limits[key]
        raise NoLimit(code, kind)

    def share(self, code: str, kind: str = "") -> Decimal:
        """A percentage as a factor."""
        return self.limit(code, kind) / 100

    def count(self, code: str) -> int:
        """A threshold that is a number of days, people, characters."""
        return int(self.limit(code))

    def standard(self, name: str) -> tuple[Decimal | None, Decimal | None]:
        """Asset standard of a 品目 by name: (for most people, for senior posts)."""
        usual = self.limits.get((ASSET + name, ""))
        return usual, self.limits.get((SENIOR + name, ""), usual)

    def next_workday(self, day: date) -> date:
        """The day or the next working day (民法典第二百零三条); the day itself past the known calendar."""
        candidate = day
        while self.workdays.get(candidate) is False:
            candidate += timedelta(days=1)
        return candidate if candidate in self.workdays else day
