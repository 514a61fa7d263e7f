"""FILE: contracts filed, by one process and by several, each on a plan of his own and all on one plan."""

import multiprocessing
import time
from decimal import Decimal

import psycopg
from django.core.exceptions import ValidationError

from accounts.models import Post, User
from budgets.models import Ledger
from budgets.verification import problems
from contracts.models import Contract
from contracts.statistics.figures import Figures
from notices.models import Publication
from plans.models import Plan
from procurement.sealing.models import SealedPaper
from tests import world
from tests.contracts import makers
from tests.plans.makers import catalogue

from . import ground
from .file_floor import FILING, TABLES
from .measure import REPETITIONS, SMALL, Report, Row, check, interleave, say

HANDS = 4  # processes
EACH = 3 if SMALL else 10  # filings of one process in one repetition
ROUNDS = REPETITIONS + 1  # the first one is not measured
PRICE = Decimal("10.00")
FORK = multiprocessing.get_context("fork")


class Bench:
    """A unit's plans, each with what its processes will file."""

    def __init__(self):
        places = world.organizations()
        self.unit = places.unit
        self.clerk, self.reviewer = (
            ground.person(self.unit, post, 1) for post in (Post.CLERK, Post.REVIEWER)
        )
        catalogue()
        say(f"FILE {ROUNDS * EACH * (1 + 2 * HANDS) + EACH * HANDS} approved contracts")
        self.alone = self.approved(1)
        self.own = [self.approved(1) for _ in range(HANDS)]
        self.one = self.approved(HANDS)
        self.tight = self.approved(HANDS, rounds=1)
        self.filed: list[str] = []
        ground.execute(TABLES)
        ground.execute("ANALYZE")

    def approved(self, hands: int, rounds: int = ROUNDS) -> list[int]:
        """Contracts of a new plan that take all it has, ready for 备案."""
        count = rounds * hands * EACH
        money = makers.confirmation(self.unit, self.clerk)
        book = makers.book(self.unit, self.clerk, self.reviewer, money, amount=str(count * PRICE))
        papers = [makers.approved(book, self.clerk, self.reviewer, str(PRICE)) for _ in range(count)]
        return [paper.pk for paper in papers]

    def rate(self, queues: list[list[int]]) -> float:
        """Filings a second of these processes, one queue each; every one must succeed."""
        numbers, seconds = together(queues, self.clerk.pk)
        check(all(numbers), f"{numbers.count('')} of {len(numbers)} filings were refused")
        self.filed += numbers
        return len(numbers) / seconds

    def next_of(self, keys: list[int]) -> list[int]:
        return [keys.pop() for _ in range(EACH)]

    def variants(self) -> dict:
        return {
            "one process": lambda: self.rate([self.next_of(self.alone)]),
            "own plans": lambda: self.rate([self.next_of(keys) for keys in self.own]),
            "one plan": lambda: self.rate([self.next_of(self.one) for _ in range(HANDS)]),
            "floor": floor,
        }


def together(queues: list[list[int]], clerk: int) -> tuple[list[str], float]:
    """(numbers, "" for a refusal; seconds from the common start to the last answer)."""
    ground.loosen()
    ready, answers = FORK.Barrier(len(queues) + 1), FORK.SimpleQueue()
    hands = [FORK.Process(target=files, args=(keys, clerk, ready, answers)) for keys in queues]
    for hand in hands:
        hand.start()
    ready.wait(60)
    began = time.perf_counter()
    found = [number for _ in hands for number in answers.get()]
    seconds = time.perf_counter() - began
    for hand in hands:
        hand.join(10)
    return found, seconds


def files(keys: list[int], clerk: int, ready, answers) -> None:
    """One process with its own connection."""
    by, numbers = User.objects.get(pk=clerk), []
    ready.wait(60)
    for key in keys:
        try:
            numbers.append(Contract.objects.get(pk=key).perform("file", by).filing_number)
        except ValidationError:
            numbers.append("")
    answers.put(numbers)


def floor() -> float:
    """The same rows written by one connection that knows them all beforehand."""
    with psycopg.connect(ground.conninfo()) as connection:
        began = time.perf_counter()
        for _ in range(EACH * 4):
            with connection.transaction():
                for statement in FILING:
                    connection.execute(statement, prepare=True)
        return EACH * 4 / (time.perf_counter() - began)


def run() -> Report:
    bench = Bench()
    report = Report("FILE", f"Contracts filed by one process and by {HANDS}")
    variants = bench.variants()
    for way in variants.values():
        way()
    rates = interleave("FILE", variants)
    report.rows += [
        Row(f"{HANDS} processes, a plan each", "one process", rates["own plans"], rates["one process"]),
        Row(f"{HANDS} processes, one plan", "one process", rates["one plan"], rates["one process"]),
        Row("one process", "the same rows in prepared SQL", rates["one process"], rates["floor"]),
    ]
    emptied(bench, report)
    whole(bench, report)
    report.notes += NOTES
    return report


NOTES = [
    "Ours: what 备案 does between the button and the redirect, without HTTP: locks on contract, plan and "
    "task book, every obstacle, the ledger's commit, the register of suppliers, statistics and their sums, "
    "number, hash chain, snapshot of the paper to be sealed, notice owed to the portal; one transaction; "
    "the workers are woken after it.",
    "All filings of a year take their number from one row, which is locked last; on one plan they wait for "
    "that plan from the start. Sealing and sending are other processes' work and not in these figures.",
]


def emptied(bench: Bench, report: Report) -> None:
    """Half of the money is gone: exactly the other half of the contracts is filed."""
    plan = Plan.objects.get(pk=Contract.objects.get(pk=bench.tight[0]).approved_plan_id)
    held, room = plan.holdings.get(), len(bench.tight) // 2
    Ledger(plan, bench.clerk).release({held.confirmation_id: (len(bench.tight) - room) * PRICE})
    numbers, _ = together([bench.next_of(bench.tight) for _ in range(HANDS)], bench.clerk.pk)
    won = [number for number in numbers if number]
    check(len(won) == room, f"{len(won)} contracts were filed, there was money for {room}")
    bench.filed += won
    held.refresh_from_db()
    check((held.reserved_amount, held.committed_amount) == (0, room * PRICE), f"the plan holds {held}")
    report.facts.append(
        f"{len(numbers)} contracts at once by {HANDS} processes, money for {room}: exactly {room} filed, the "
        "others refused, nothing left and nothing above."
    )


def whole(bench: Bench, report: Report) -> None:
    """Numbers without gap or twin; each filing has its money, its facts, its paper and its notice."""
    count, serials = len(bench.filed), sorted(int(number[-6:]) for number in bench.filed)
    check(serials == list(range(1, count + 1)), "numbers are missing or were given twice")
    check(Contract.objects.filed().count() == count, "filed contracts and numbers differ")
    for model, which in ((SealedPaper, {"template": "contract"}), (Publication, {})):
        check(model.objects.filter(**which).count() == count, f"{model.__name__}: not one each")
    total = Figures(makers.TODAY.year, 0).total
    check((total.contracts, total.amount) == (count, count * PRICE), "the statistics differ")
    wrong = list(problems())
    check(not wrong, f"verify_ledger: {wrong[:3]}")
    report.facts.append(
        f"{count} filings: numbers 1 to {count}, none missing, none twice; one paper, one notice and one "
        "line of statistics each; verify_ledger finds nothing."
    )
