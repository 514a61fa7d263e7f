"""PLAN: opening, recomputing and submitting a plan of 1, 20 and 200 items."""

from contextlib import ExitStack
from statistics import median

from accounts.models import Post
from budgets.verification import problems
from plans.models import Plan
from procurement.flow.log import first_break
from tests import world
from tests.plans import makers
from tests.sessions import logged_in

from . import ground, load, plan_form, programs
from .measure import REPETITIONS, Report, Row, check, interleave, say
from .plan_form import SIZES, WORKS
from .spent import Spent

EACH = {1: 10, 20: 8, 200: 4}  # requests of one repetition, one after the other
FLOOR = 40
MOST = max(SIZES)
LABELS = {"open": "open the form", "recompute": "recompute 辅助填报", "submit": "save and submit"}


class Bench:
    """A clerk, her drafts, what her browser would send for each, and what was measured so far."""

    def __init__(self):
        places = world.organizations()
        self.unit = places.unit
        self.clerk = ground.person(self.unit, Post.CLERK, 1)
        self.confirmed = makers.confirmation(self.unit, self.clerk)
        self.session = ground.login(self.clerk)
        say(f"PLAN {sum(EACH.values()) * (REPETITIONS + 1)} drafts")
        self.drafts = {
            rows: [self.draft(rows) for _ in range(EACH[rows] * (REPETITIONS + 1))] for rows in SIZES
        }
        self.standing = {rows: self.draft(rows) for rows in SIZES}  # opened and recomputed, never submitted
        self.bare = self.draft(MOST)
        self.done: list[Plan] = []
        self.sent: dict[tuple, bytes] = {}  # what the browser posts, by work and plan
        self.times: dict[tuple, list[float]] = {}
        ground.execute("ANALYZE")

    def draft(self, rows: int) -> Plan:
        return plan_form.draft(self.unit, self.clerk, self.confirmed, rows)

    def paper(self, work: str, rows: int) -> Plan:
        """The one that is read again and again, or the next draft to submit."""
        if work != "submit":
            return self.standing[rows]
        self.done.append(self.drafts[rows].pop())
        return self.done[-1]

    def ours(self, browser: load.Browser, spent: dict, work: str, rows: int) -> float:
        """Requests a second, one after the other; forms are opened before the clock starts."""
        requests = [self.request(browser, work, self.paper(work, rows)) for _ in range(EACH[rows])]
        with spent[work, rows].counting(len(requests)):
            outcome = load.run(programs.WEB, [iter([*requests, None]).__next__], 60)
        check(
            set(outcome.statuses) == {302 if work == "submit" else 200}, f"{work}: {dict(outcome.statuses)}"
        )
        self.times.setdefault((work, rows), []).extend(outcome.times)
        return 1 / median(outcome.times)

    def request(self, browser: load.Browser, work: str, paper: Plan) -> bytes:
        path = plan_form.address(work, paper)
        if work == "open":
            return browser.get(path)
        if (work, paper.pk) not in self.sent:
            data = plan_form.fields(browser.read(plan_form.address("open", paper)))
            self.sent[work, paper.pk] = browser.send(path, *plan_form.body(work, data))
        return self.sent[work, paper.pk]

    def theirs(self, browser: load.Browser, work: str, data: dict) -> float:
        path = f"/{self.bare.pk}" if work == "open" else f"/{work}/{self.bare.pk}"
        request = browser.get(path) if work == "open" else browser.post(path, **data)
        outcome = load.run(programs.FLOOR, [iter([*[request] * FLOOR, None]).__next__], 60)
        check(
            set(outcome.statuses) == {302 if work == "submit" else 200}, f"{work}: {dict(outcome.statuses)}"
        )
        return 1 / median(outcome.times)


def run() -> Report:
    bench = Bench()
    report = Report("PLAN", "Opening, recomputing and submitting a plan of 1, 20 and 200 items")
    counted(bench, report)
    with ExitStack() as stack:
        web = programs.gunicorn(stack, "web", "procurement.wsgi", programs.WEB)
        programs.gunicorn(stack, "floor", "tests.bench.plan_floor", programs.FLOOR)
        measured(bench, web, report)
    whole(bench, report)
    report.notes += NOTES
    return report


NOTES = [
    "One browser, one request after the other: these are answer times, not throughput. Ours: session, "
    "certificate, post, CSRF, the form's checks, every rule of 辅助填报, the whole page; at submission also "
    "the rows written, the ledger, snapshot, chain, log and redirect. The body is what a browser sends for "
    "that page, some 25 fields an item: multipart from a button; recomputing is asked by the page's script, "
    "urlencoded and without empty fields.",
    "The floor: session look-up, the same rows as inputs in joined strings; recomputing only adds up; "
    "submitting is one UPDATE of the rows, one statement for the ledger, one for the log; fields urlencoded. "
    "No goal is set for these lines: what is promised is that the queries do not grow with the items.",
    "Both under gunicorn, 2 × 4 threads.",
]


def counted(bench: Bench, report: Report) -> None:
    """Queries of each work and size, in the process; the first plan only fills what is remembered."""
    client = logged_in(bench.clerk)
    plan_form.queries(client, bench.draft(1))
    found = {rows: plan_form.queries(client, bench.draft(rows)) for rows in SIZES}
    check(len({tuple(one.items()) for one in found.values()}) == 1, f"queries grow with the items: {found}")
    told = ", ".join(f"{LABELS[work]} {found[MOST][work]}" for work in WORKS)
    sizes = ", ".join(str(rows) for rows in SIZES)
    report.facts.append(f"SQL statements of a request, the same for {sizes} items: {told}.")


def measured(bench: Bench, web, report: Report) -> None:
    browser = load.Browser(programs.WEB, bench.session, plan_form.address("open", bench.standing[1]))
    bare = load.Browser(programs.FLOOR, bench.session)
    data = dict(plan_form.fields(browser.read(plan_form.address("open", bench.bare))))
    spent = {(work, rows): Spent(web) for work in WORKS for rows in SIZES}
    for work in WORKS:
        variants = {
            f"{rows}": lambda rows=rows, w=work: bench.ours(browser, spent, w, rows) for rows in SIZES
        }
        variants["floor"] = lambda w=work: bench.theirs(bare, w, data)
        for way in variants.values():  # every process has answered once before the clock counts
            way()
        bench.times.clear()
        rates = interleave(f"PLAN {work}", variants)
        rows_of(work, rates, report)
        timed(bench, spent, work, report)


def rows_of(work: str, rates: dict, report: Report) -> None:
    label, least = LABELS[work], SIZES[0]
    report.rows += [
        Row(f"{label}, {rows} items", f"the same, {least} item", rates[f"{rows}"], rates[f"{least}"])
        for rows in SIZES[1:]
    ]
    report.rows.append(
        Row(f"{label}, {MOST} items", f"bare WSGI + psycopg, {MOST}", rates[f"{MOST}"], rates["floor"])
    )


def timed(bench: Bench, spent: dict, work: str, report: Report) -> None:
    """Answer time and processor time by size."""
    parts = [
        f"{rows} item{'s' * (rows > 1)} {median(bench.times[work, rows]) * 1000:.0f} ms "
        f"(processor {spent[work, rows].each:.0f} ms)"
        for rows in SIZES
    ]
    report.facts.append(f"{LABELS[work]}, median answer time: {', '.join(parts)}.")


def whole(bench: Bench, report: Report) -> None:
    """Every plan is at the unit once, its chain whole, and the ledger adds up to what was submitted."""
    papers = list(Plan.objects.filter(pk__in=[paper.pk for paper in bench.done]))
    check(len(papers) == len(bench.done), "a draft was submitted twice")
    check(
        {(paper.state, paper.moves.count()) for paper in papers} == {("unit", 1)}, "not every plan moved once"
    )
    broken = [paper.pk for paper in papers if first_break(paper)]
    check(not broken, f"broken chains: {broken[:5]}")
    # the floor reserves for the same paper again and again and keeps no books
    wrong = [problem for problem in problems() if bench.bare.number not in str(problem)]
    check(not wrong, f"verify_ledger: {wrong[:3]}")
    report.facts.append(
        f"{len(papers)} plans submitted over HTTP, each once, chains whole; verify_ledger finds nothing."
    )
