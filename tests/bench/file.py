"""FILE: 备案 of contracts by sixteen clients, beside the movement of its money alone."""

from decimal import Decimal
from multiprocessing import Value

from accounts.models import Post
from budgets.models import Ledger
from budgets.verification import problems
from contracts.models import Contract
from procurement.flow.models import Desk
from procurement.sealing.models import SealedPaper
from tests import world
from tests.contracts import makers
from tests.plans.makers import catalogue

from . import ground, money
from .clients import COUNT, Clients
from .measure import Report, Row, check, interleave, say

EACH = 14  # contracts a client may file of either kind
SECONDS = 1
REPETITIONS = 3
FEN = Decimal("0.01")
SHARE = Decimal("10.00")
WHICH = {"own": "a plan and a quota each", "hot": "one plan, one quota"}


class Bench:
    """Approved contracts, and as many plans again whose money alone is moved."""

    def __init__(self):
        self.unit = world.organizations().unit
        catalogue()
        self.clerks = [ground.person(self.unit, Post.CLERK, number) for number in range(COUNT)]
        self.reviewer = ground.person(self.unit, Post.REVIEWER, 0)
        total = SHARE * EACH * COUNT
        rows = money.confirmed(money.quotas(self.unit, 2 * COUNT + 2, 3 * total), self.clerks[0], 2 * total)
        say(f"FILE {2 * COUNT * EACH} approved contracts")
        own = [self.book(row, SHARE * EACH) for row in rows[:COUNT]]
        hot = self.book(rows[COUNT], total)
        self.papers = {"own": [self.approved(book, number) for number, book in enumerate(own)]}
        self.papers["hot"] = [self.approved(hot, number) for number in range(COUNT)]
        self.held = [self.book(row, SHARE * EACH) for row in rows[COUNT + 1 :]]
        self.next = {which: [Value("i", 0) for _ in range(COUNT)] for which in WHICH}

    def book(self, confirmed, amount: Decimal):
        return makers.book(self.unit, self.clerks[0], self.reviewer, confirmed, str(amount))

    def approved(self, book, number: int) -> list[int]:
        clerk = self.clerks[number]
        return [makers.approved(book, clerk, self.reviewer, str(SHARE)).pk for _ in range(EACH)]

    def file(self, which: str, number: int) -> int:
        """The client's next contract; 0 when it has none left."""
        place = self.next[which][number].value
        if place == EACH:
            return 0
        Contract.objects.get(pk=self.papers[which][number][place]).perform("file", self.clerks[number])
        self.next[which][number].value = place + 1
        return 1

    def commit(self, which: str, number: int) -> int:
        """占用转合同 of one fen, and nothing else."""
        book = self.held[number + 1 if which == "own" else 0]
        key = book.approved_plan.holdings.values_list("confirmation", flat=True)[0]
        Ledger(book.approved_plan, self.clerks[number]).commit({key: FEN})
        return 1

    def jobs(self) -> dict:
        return {
            f"{name} {which}": lambda number, which=which, act=act: act(which, number)
            for which in WHICH
            for name, act in (("file", self.file), ("commit", self.commit))
        }


def run() -> Report:
    bench = Bench()
    report = Report("FILE", "Filing of contracts, 16 clients")
    clients = Clients(bench.jobs())
    try:
        for which, told in WHICH.items():
            ways = {
                name: lambda name=name, which=which: clients.rate(f"{name} {which}", SECONDS)
                for name in ("file", "commit")
            }
            rates = interleave(f"FILE {which}", ways, REPETITIONS)
            label = f"备案: number, money, paper and notice; {told}"
            report.rows.append(Row(label, "the ledger alone", rates["file"], rates["commit"]))
    finally:
        clients.stop()
    counted(bench, report)
    report.notes += NOTES
    return report


NOTES = [
    "One filing is 36 statements in one transaction: the paper's move with its log, the plan's lock, the "
    "ledger, the gap-free number (one row of a series, locked until the commit), the snapshot of 备案表 and "
    "the notice owed to the portal. *The ledger alone* moves one fen with `Ledger.commit` from Python.",
]


def counted(bench: Bench, report: Report) -> None:
    """One number each, no gap, every fen accounted for."""
    filed = Contract.objects.filter(state=Desk.DONE).values_list("filing_number", flat=True)
    numbers = sorted(int(text[-6:]) for text in filed)
    done = sum(value.value for values in bench.next.values() for value in values)
    check(numbers == list(range(1, done + 1)), f"{done} filings, numbers {numbers[:3]} … {numbers[-3:]}")
    papers = SealedPaper.objects.filter(template="contract").count()
    check(papers == done, f"{done} filings, {papers} papers")
    check(list(problems()) == [], "a balance is not the sum of its movements")
    left = 2 * COUNT * EACH - done
    check(left > 0, "the contracts ran out before the clock")
    report.facts.append(f"{done} contracts filed, numbers 1 to {done} without a gap, every balance proved.")
