"""规则试验室: change thresholds in a dry run and see which plans would be judged otherwise."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.apps import apps
from django.db import connection, transaction

from .batch import Batch, Limits
from .context import Context
from .facts import ZERO, PlanFacts
from .findings import LABELS
from .gathering import plans
from .registry import RULES, Rule, examine, ordered
from .rules.office import OFFICE_RULES, office_reasons

Changes = Mapping[tuple[str, str], Decimal]
AT_ONCE = 250  # plans of one batch
SILENT = "不适用"


@dataclass(frozen=True)
class Flip:
    """One rule that would judge one plan otherwise; severity is empty where it says nothing."""

    plan: object
    code: str
    title: str
    before: str
    after: str
    office_before: bool
    office_after: bool

    @property
    def was(self) -> str:
        return LABELS.get(self.before, SILENT)

    @property
    def would(self) -> str:
        return LABELS.get(self.after, SILENT)

    @property
    def office(self) -> str:
        """What becomes of the way to the procurement office; empty when nothing does."""
        if self.office_before == self.office_after:
            return ""
        return "改为报采购处" if self.office_after else "不再报采购处"


@contextmanager
def read_only():
    """A transaction in which the database itself refuses to write; it ends with a rollback."""
    with transaction.atomic():
        connection.cursor().execute("SET TRANSACTION READ ONLY")
        yield
        transaction.set_rollback(True)


def submitted(year: int):
    """The plans a trial looks at; an administrator sees nothing of secret ones (domain.md §2.2)."""
    return plans().filter(fiscal_year=year, is_secret=False)


def years() -> list[int]:
    """Years with plans to try rules on, the latest first."""
    rows = apps.get_model("plans", "Plan").objects.filter(submitted_at__isnull=False)
    return list(rows.order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct())


@dataclass
class Trial:
    """Iterating gives the flips batch by batch, and counts them; nothing is written."""

    year: int
    changes: Changes
    total: int = 0
    examined: int = 0
    flipped: int = 0
    amount: Decimal = ZERO
    to_office: int = 0
    from_office: int = 0
    turns: Counter = field(default_factory=Counter)  # (code, title, was, would) -> plans

    def __post_init__(self):
        self.rules = concerned(self.changes)

    def __iter__(self) -> Iterator[list[Flip]]:
        with read_only():
            # a unit's plans together: what it bought besides is read with as few batches as can be
            keys = list(submitted(self.year).order_by("unit", "pk").values_list("pk", flat=True))
            self.total, limits = len(keys), Limits()
            for start in range(0, len(keys), AT_ONCE):
                yield self.batch(keys[start : start + AT_ONCE], limits)

    def batch(self, keys: list[int], limits: Limits) -> list[Flip]:
        papers = submitted(self.year).filter(pk__in=keys).select_related("unit").order_by("unit", "pk")
        found = [flip for seen in Batch(list(papers), limits) for flip in self.judged(*seen)]
        self.examined += len(keys)
        return found

    def judged(self, plan, facts: PlanFacts, context: Context) -> list[Flip]:
        found = flips(plan, facts, context, self.changes, self.rules)
        if found:
            self.flipped += 1
            self.amount += plan.amount
            self.to_office += found[0].office_after > found[0].office_before
            self.from_office += found[0].office_after < found[0].office_before
            self.turns.update((flip.code, flip.title, flip.was, flip.would) for flip in found)
        return found

    def counted(self) -> list[tuple[str, str, str, str, int]]:
        return [(*turn, count) for turn, count in sorted(self.turns.items())]


def family(code: str) -> str:
    """asset of asset:台式计算机."""
    return code.partition(":")[0]


def concerned(changes: Changes) -> list[Rule]:
    """The rules that read a changed threshold, and those that lead to the procurement office."""
    codes = {family(code) for code, _ in changes}
    return [rule for rule in ordered() if rule.reads & codes or rule.code in OFFICE_RULES]


def flips(plan, facts: PlanFacts, context: Context, changes: Changes, rules: list[Rule]) -> list[Flip]:
    """As the plan stood on the day of its submission."""
    changed = replace(context, limits=context.limits | changes)
    was, would = examine(facts, context, rules), examine(facts, changed, rules)
    before, after = ({finding.code: finding.severity for finding in found} for found in (was, would))
    if before == after:
        return []
    offices = bool(office_reasons(was, facts)), bool(office_reasons(would, facts))
    return [
        Flip(plan, code, RULES[code].title, before.get(code, ""), after.get(code, ""), *offices)
        for code in sorted(before.keys() | after.keys())
        if before.get(code) != after.get(code)
    ]
