"""The list of rules: each with code, legal basis, validity; running them in the order of their codes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from procurement.reference.models import Category

from .context import Context, NoLimit
from .facts import PlanFacts
from .findings import FLAG, ORANGE, RED, Finding, Verdict
from .sources import UNREAD, Since

RULES: dict[str, "Rule"] = {}
GROUPS = "ABCDEHP"


@dataclass(frozen=True)
class Rule:
    """A pure function over facts and context, and the paper it rests on."""

    code: str
    title: str
    basis: str
    check: Callable[[PlanFacts, Context], Verdict | None]
    since: Since
    valid_to: date | None = None
    reads: frozenset[str] = frozenset()  # codes of the thresholds it compares with
    covers: str = ""  # the orange rule that says the same in milder words

    @property
    def severity(self) -> str:
        """The worst it can say."""
        return {"H": RED, "P": FLAG}.get(self.code[0], ORANGE)

    @property
    def valid_from(self) -> date:
        return self.since.day

    @property
    def unread(self) -> str:
        """What is said beside the basis when its first day was not read in the paper."""
        return "" if self.since.read else UNREAD

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def __call__(self, facts: PlanFacts, context: Context) -> Finding | None:
        """The finding, or None where the rule has nothing to say about this plan."""
        try:
            verdict = self.check(facts, context)
        except NoLimit as missing:
            verdict = self.unknown(missing)
        if verdict is None:
            return None
        said = (verdict.what, self.basis, verdict.mend, verdict.anchor, self.unread)
        return Finding(self.code, verdict.severity, self.title, *said)

    def unknown(self, missing: NoLimit) -> Verdict | None:
        """No threshold in force: a rule may not guess, and says so; flags stay silent."""
        if self.code[0] in "HP":
            return None
        kind = Category.Type(missing.type).label if missing.type in Category.Type.values else ""
        what = f"系统中没有当日有效的限额标准（{missing.code}{'，' + kind if kind else ''}），无法判断本项。"
        return Verdict(ORANGE, what, "请联系系统管理员导入限额标准，或核对后写明理由。")


def rule(code: str, title: str, basis: str, since: Since, *, reads: str = "", **more):
    """Put a function on the list."""

    def register(check):
        RULES[code] = Rule(code, title, basis, check, since, reads=frozenset(reads.split()), **more)
        return check

    return register


@cache
def ordered() -> list[Rule]:
    return sorted(RULES.values(), key=lambda rule: (GROUPS.index(rule.code[0]), rule.code))


def run(facts: PlanFacts, context: Context, rules: Iterable[Rule]) -> Iterator[Finding]:
    for each in rules:
        if each.in_force(context.day) and (finding := each(facts, context)) is not None:
            yield finding


def examine(facts: PlanFacts, context: Context, rules: Iterable[Rule] | None = None) -> list[Finding]:
    """All findings, or those of some rules; an orange one falls away where a red one says the same."""
    found = list(run(facts, context, ordered() if rules is None else rules))
    told = {RULES[finding.code].covers for finding in found if finding.severity == RED} - {""}
    return [finding for finding in found if not (finding.severity == ORANGE and finding.code in told)]
