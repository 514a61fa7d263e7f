"""W2: one approve over HTTP with every check on."""

import random
from contextlib import ExitStack
from statistics import median, quantiles

from django.test.utils import CaptureQueriesContext

from accounts.models import Post
from budgets.models import BudgetEntry
from procurement.flow.log import Move, first_break
from procurement.flow.models import Document
from tests import world
from tests.sessions import logged_in

from . import desk, ground, load, programs
from .measure import REPETITIONS, Report, Row, check, interleave, say
from .spent import Spent

CLIENTS = 8
SECONDS = 1.5
OURS, THEIRS = 3000, 500  # papers laid down: ours move on for good, the floor puts its own back
AT_ONCE = 20  # papers that two people approve at the same moment


class Bench:
    """Papers on the desk of one unit's reviewers."""

    def __init__(self):
        places = world.organizations()
        self.unit, clerk = places.unit, world.person("clerk", "李经办", Post.CLERK, places.unit)
        self.people = [ground.person(self.unit, Post.REVIEWER, number) for number in range(CLIENTS)]
        self.sessions = [ground.login(user) for user in self.people]
        say(f"W2 {OURS + THEIRS + AT_ONCE:,} submitted papers")
        keys = desk.submitted(self.unit, clerk, OURS + THEIRS + AT_ONCE + 2)
        self.contested, self.counted = keys[:AT_ONCE], keys[AT_ONCE : AT_ONCE + 2]
        self.ours, self.theirs = iter(keys[AT_ONCE + 2 : AT_ONCE + 2 + OURS]), keys[-THEIRS:]
        self.done: list[int] = []
        ground.execute("ANALYZE")

    def approve(self, browser: load.Browser, pk: int) -> bytes:
        path = f"/budgets/entries/{pk}/moves/"
        return browser.post(path, verb="approve", version=2, opinion="同意", to="", reason="", next="")

    def next_of_ours(self, browser: load.Browser) -> bytes:
        self.done.append(next(self.ours))
        return self.approve(browser, self.done[-1])

    def next_of_theirs(self, browser: load.Browser, by: int) -> bytes:
        fields = {"by": by, "organization": self.unit.pk, "version": 2, "opinion": "同意"}
        return browser.post("/approve", paper=random.choice(self.theirs), **fields)


def run() -> Report:
    bench = Bench()
    report = Report("W2", "One approve over HTTP, every check on")
    counted(bench, report)
    with ExitStack() as stack:
        web = programs.gunicorn(stack, "web", "procurement.wsgi", programs.WEB)
        bare = programs.gunicorn(stack, "floor", "tests.bench.floor", programs.FLOOR)
        page = f"/budgets/entries/{bench.contested[0]}/"
        browsers = [load.Browser(programs.WEB, session, page) for session in bench.sessions]
        floor = [load.Browser(programs.FLOOR, session) for session in bench.sessions]
        times: list[float] = []
        spent = {"ours": Spent(web), "floor": Spent(bare)}
        rates = interleave(
            "W2 approve",
            {
                "floor": lambda: theirs(bench, floor, spent["floor"]),
                "ours": lambda: ours(bench, browsers, times, spent["ours"]),
            },
        )
        report.rows.append(
            Row("approve, 8 clients", "bare WSGI + psycopg", rates["ours"], rates["floor"], 0.4)
        )
        report.facts.append(
            f"Processor time in the application for one approve: {spent['ours'].each:.1f} ms, of the floor "
            f"{spent['floor'].each:.1f} ms."
        )
        at_once(bench, browsers, report)
    alone = quantiles(times, n=20)
    report.facts.append(
        f"Answer times of ours with {CLIENTS} clients: median {median(times) * 1000:.0f} ms, "
        f"p95 {alone[-1] * 1000:.0f} ms."
    )
    whole(bench, report)
    report.notes += NOTES
    return report


NOTES = [
    "Ours: session, user and posts, certificate binding and revocation (remembered 30 s in the "
    "process), CSRF, visibility of the paper, form, FSM and four eyes, version, chain and hash, log, "
    "message, redirect. The floor: session look-up, SELECT FOR UPDATE, UPDATE, INSERT on the same "
    "tables, nothing else. Both under gunicorn, 2 × 4 threads.",
    "django-viewflow and Tryton are not measured here: they are no part of this project's environment.",
]


def ours(bench: Bench, browsers: list, times: list[float], spent: Spent) -> float:
    outcome = load.run(programs.WEB, [lambda b=b: bench.next_of_ours(b) for b in browsers], SECONDS)
    check(set(outcome.statuses) == {302}, f"answers {dict(outcome.statuses)}")
    times += outcome.times
    spent.requests += outcome.statuses[302]
    return outcome.rate(302)


def theirs(bench: Bench, floor: list, spent: Spent) -> float:
    makers = [
        lambda b=b, by=user.pk: bench.next_of_theirs(b, by)
        for b, user in zip(floor, bench.people, strict=True)
    ]
    outcome = load.run(programs.FLOOR, makers, SECONDS)
    check(set(outcome.statuses) == {302}, f"answers {dict(outcome.statuses)}")
    spent.requests += outcome.statuses[302]
    return outcome.rate(302)


def counted(bench: Bench, report: Report) -> None:
    """What one approve says to the database: the second of a process, when the certificate is remembered."""
    from django.db import connection

    client = logged_in(bench.people[0])
    for pk in bench.counted:
        with CaptureQueriesContext(connection) as queries:
            fields = {"verb": "approve", "version": 2, "opinion": "同意"}
            answer = client.post(f"/budgets/entries/{pk}/moves/", fields)
        check(answer.status_code == 302, f"approve in the process: {answer.status_code}")
    said = [query["sql"] for query in queries.captured_queries]
    begin = next(place for place, sql in enumerate(said) if sql.startswith("BEGIN"))
    end = next(place for place, sql in enumerate(said) if sql.startswith("COMMIT"))
    inside = said[begin + 1 : end]
    report.facts.append(
        f"SQL round trips: {len(inside)} inside the transaction (goal ≤ 6"
        f"{'' if len(inside) <= 6 else ', **missed**'}), with BEGIN and COMMIT {len(inside) + 2}, "
        f"{len(said)} in the whole request."
    )


def at_once(bench: Bench, browsers: list, report: Report) -> None:
    """Two people approve the same paper at the same moment: one does, the other is told."""
    for pk in bench.contested:
        pair = [iter([bench.approve(browser, pk)]) for browser in browsers[:2]]
        outcome = load.run(programs.WEB, [lambda one=one: next(one, None) for one in pair], 30)
        check(
            outcome.statuses[302] == 1 and set(outcome.statuses) <= {302, 403, 404, 409},
            f"paper {pk}: {dict(outcome.statuses)}",
        )
    bench.done += bench.contested
    report.facts.append(
        f"{AT_ONCE} papers approved by two people at once: each exactly once, the other was refused."
    )


def whole(bench: Bench, report: Report) -> None:
    """Every approved paper is one desk further, once, with an unbroken chain."""
    rows = Document.objects.filter(pk__in=bench.done)
    moved = rows.filter(state="division", version=3).count()
    logged = Move.objects.filter(document__in=bench.done, verb="approve").count()
    check(
        moved == logged == len(bench.done), f"{len(bench.done)} answers, {moved} moved, {logged} in the log"
    )
    papers = BudgetEntry.objects.filter(pk__in=bench.done)
    broken = [paper.pk for paper in papers if first_break(paper)]
    check(not broken, f"broken chains: {broken[:5]}")
    report.facts.append(
        f"{moved:,} papers approved in {REPETITIONS} repetitions, each one desk further, chains whole."
    )
