"""W1: quota confirmation and plan reservation under sixteen clients."""

import random
from contextlib import ExitStack
from decimal import Decimal

from accounts.models import Post
from budgets.models import LedgerEntry, QuotaConfirmation
from budgets.models.ledger import Ledger, Shortage
from budgets.verification import problems
from tests import world
from tests.budgets.makers import paper

from . import ground, load, money, pgbench, programs, statements
from .clients import COUNT, Clients
from .measure import Report, Row, check, interleave, say

FEN = Decimal("0.01")
SECONDS = 1
TIGHT = 160  # how many times 0.01 fits into what is emptied
WHICH = {"hot": "one hot row", "many": "10,000 rows"}


class Bench:
    """The rows it works on and the jobs of its Python clients."""

    def __init__(self):
        places = world.organizations()
        self.unit = places.unit
        people = [ground.person(self.unit, Post.CLERK, number) for number in range(COUNT)]
        self.clerks, self.sessions = people, [ground.login(user) for user in people]
        say(f"W1 {money.MANY:,} quotas, {money.MANY:,} confirmations")
        self.quotas = money.quotas(self.unit, money.MANY + 1)
        held = money.quotas(self.unit, money.MANY + 1, prefix="JH")
        self.confirmations = money.confirmed(held, people[0], money.PLENTY)
        self.tight, self.web_tight = money.quotas(self.unit, 2, TIGHT * FEN, "TIGHT")
        self.scarce = money.confirmed(money.quotas(self.unit, 1, prefix="SCARCE"), people[0], TIGHT * FEN)[0]
        self.papers = [paper(self.unit, people[0], f"JH{number}") for number in range(COUNT)]
        ground.execute(statements.TABLES)
        ground.execute("ANALYZE")

    def jobs(self) -> dict:
        hot, many = self.quotas[0], self.quotas[1:]
        hot_confirmation, confirmations = self.confirmations[0], self.confirmations[1:]
        return {
            "confirm hot": lambda number: self.confirm(number, hot),
            "confirm many": lambda number: self.confirm(number, random.choice(many)),
            "reserve hot": lambda number: self.reserve(number, hot_confirmation),
            "reserve many": lambda number: self.reserve(number, random.choice(confirmations)),
            "confirm tight": lambda number: self.confirm(number, self.tight),
            "reserve tight": lambda number: self.reserve(number, self.scarce),
        }

    def confirm(self, number: int, quota) -> int:
        try:
            QuotaConfirmation.objects.take(quota, FEN, self.clerks[number])
        except Shortage:
            return 0
        return 1

    def reserve(self, number: int, confirmation) -> int:
        try:
            Ledger(self.papers[number], self.clerks[number]).reserve({confirmation.pk: FEN})
        except Shortage:
            return 0
        return 1

    def scripts(self, work: str, which: str) -> dict:
        """{bare, one, asked: pgbench script}; the hot row is the first one, the many are the others."""
        rows = self.quotas if work == "confirm" else self.confirmations
        first, last = (rows[0], rows[0]) if which == "hot" else (rows[1], rows[-1])
        base = rows[0].pk - 1  # the bare tables count from 1
        people = f"\\set by {self.clerks[0].pk} + :client_id\n\\set holder {self.papers[0].pk} + :client_id\n"
        own = f"{people}\\set row random({first.pk}, {last.pk})\n"
        bare = f"{people}\\set row random({first.pk - base}, {last.pk - base})\n"
        return {
            name: pgbench.script(f"{name}-{work}-{which}", (bare if name == "bare" else own) + text)
            for name, text in statements.scripts(work).items()
        }


def run() -> Report:
    bench = Bench()
    report = Report("W1", "Quota confirmation and plan reservation, 16 clients")
    clients = Clients(bench.jobs())
    try:
        for work in ("confirm", "reserve"):
            for which in WHICH:
                in_sql(bench, clients, report, work, which)
        emptied(bench, clients, report)
    finally:
        clients.stop()
    over_http(bench, report)
    balanced(report)
    report.notes += NOTES
    return report


NOTES = [
    "*one statement*: the conditional UPDATE and the INSERTs in one statement on the project's own "
    "tables, prepared. *as sent*: what the application sends (BEGIN and COMMIT around it, or the SELECT"
    " after it), parsed each time. *bare tables*: the same rows in tables with primary keys only; that "
    "ratio is the price of foreign keys, checks, generated columns, append-only triggers and indexes, "
    "and has no goal.",
    "*Python*: sixteen processes calling `take()` and `Ledger.reserve()`. They share the cores with the"
    " database, so with 10,000 rows the figure is the processor time of the ORM.",
    "Every client is a person of his own; sixteen clients of one person would wait for his row's key lock.",
    "HTTP: the real page (session, certificate, post, CSRF, form, message) against WSGI + psycopg doing"
    " a session look-up and the one statement; both under gunicorn, 2 × 4 threads.",
]


def in_sql(bench: Bench, clients: Clients, report: Report, work: str, which: str) -> None:
    """The same work four ways."""
    name, scripts = f"{work} {which}", bench.scripts(work, which)
    before = LedgerEntry.objects.count()
    variants = {key: (lambda path=path: pgbench.rate(path, SECONDS)) for key, path in scripts.items()}
    rates = interleave(f"W1 {name}", variants | {"python": lambda: clients.rate(name, SECONDS / 2)})
    made, told = LedgerEntry.objects.count() - before, SECONDS / 2 * sum(rates["python"])
    check(made >= told, f"{name}: {told} successes were reported, the ledger has {made} rows")
    label = f"{work}, {WHICH[which]}"
    report.rows += [
        Row(f"{label}: as sent", "one statement", rates["asked"], rates["one"], 0.85),
        Row(f"{label}: Python", "one statement", rates["python"], rates["one"]),
    ]
    if "bare" in rates:
        report.rows.append(Row(f"{label}: one statement", "bare tables", rates["one"], rates["bare"]))


def emptied(bench: Bench, clients: Clients, report: Report) -> None:
    """Sixteen clients want more than there is: exactly what there is is given out."""
    for work in ("confirm", "reserve"):
        given = []
        while not given or given[-1]:
            given.append(sum(clients.run(f"{work} tight", 0.5)))
        check(sum(given) == TIGHT, f"{work}: {sum(given)} of {TIGHT} shares were given out")
    bench.tight.refresh_from_db()
    bench.scarce.refresh_from_db()
    check(bench.tight.available == 0 and bench.scarce.available == 0, "what was emptied is not at zero")
    report.facts.append(
        f"Emptied by {COUNT} clients in Python: {TIGHT} shares, exactly {TIGHT} given out, by confirmation "
        "and by reservation."
    )


def over_http(bench: Bench, report: Report) -> None:
    """The real confirm page beside the bare program."""
    with ExitStack() as stack:
        programs.gunicorn(stack, "web", "procurement.wsgi", programs.WEB)
        programs.gunicorn(stack, "floor", "tests.bench.floor", programs.FLOOR)
        page = f"/budgets/quotas/{bench.web_tight.pk}/confirm/"
        browsers = [load.Browser(programs.WEB, session, page) for session in bench.sessions]
        floor = [load.Browser(programs.FLOOR, session) for session in bench.sessions]
        for which in WHICH:
            rows = [quota.pk for quota in (bench.quotas[:1] if which == "hot" else bench.quotas[1:])]
            compared(which, confirming(browsers, rows), confirming_bare(floor, bench.clerks, rows), report)
        emptied_over_http(bench, browsers, report)


def compared(which: str, ours: list, theirs: list, report: Report) -> None:
    rates = interleave(
        f"W1 HTTP {which}",
        {"floor": lambda: posted(programs.FLOOR, theirs), "ours": lambda: posted(programs.WEB, ours)},
    )
    label = f"confirm, {WHICH[which]}: HTTP"
    report.rows.append(Row(label, "bare WSGI + psycopg", rates["ours"], rates["floor"], 0.4))


def confirming(browsers: list, rows: list[int]) -> list:
    """What each browser sends: the page's own form."""
    return [
        lambda b=b: b.post(f"/budgets/quotas/{random.choice(rows)}/confirm/", amount="0.01") for b in browsers
    ]


def confirming_bare(browsers: list, clerks: list, rows: list[int]) -> list:
    return [
        lambda b=b, by=by.pk: b.post("/confirm", quota=random.choice(rows), amount="0.01", by=by)
        for b, by in zip(browsers, clerks, strict=True)
    ]


def posted(port: int, makers: list) -> float:
    before = LedgerEntry.objects.count()
    outcome = load.run(port, makers, SECONDS)
    made = LedgerEntry.objects.count() - before
    check(set(outcome.statuses) == {302}, f"answers {dict(outcome.statuses)}")
    check(made == outcome.statuses[302], f"{outcome.statuses[302]} answers 302, {made} rows in the ledger")
    return outcome.rate(302)


def emptied_over_http(bench: Bench, browsers: list, report: Report) -> None:
    path, shares = f"/budgets/quotas/{bench.web_tight.pk}/confirm/", 2 * TIGHT // COUNT
    makers = [iter([b.post(path, amount="0.01")] * shares).__next__ for b in browsers]
    outcome = load.run(programs.WEB, [lambda make=make: ended(make) for make in makers], 60)
    check(set(outcome.statuses) == {200, 302}, f"answers {dict(outcome.statuses)}")
    check(outcome.statuses[302] == TIGHT, f"HTTP: {outcome.statuses[302]} of {TIGHT} shares were given out")
    report.facts.append(
        f"Emptied over HTTP by {COUNT} browsers: {TIGHT} shares confirmed, the other {outcome.statuses[200]} "
        "got the form back with what is left."
    )


def ended(make) -> bytes | None:
    try:
        return make()
    except StopIteration:
        return None


def balanced(report: Report) -> None:
    wrong = list(problems())
    check(not wrong, f"verify_ledger: {wrong[:3]}")
    rows = LedgerEntry.objects.count()
    report.facts.append(f"verify_ledger: {rows:,} movements, every balance is their sum; zero over-commit.")
