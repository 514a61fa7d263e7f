"""STAT: the statistics page at a million contract lines, beside the same sums asked of the contracts."""

import time
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from statistics import median

from django.db import transaction

from accounts.models import Post
from contracts.statistics.figures import Figures
from contracts.statistics.recording import record
from plans.models import Plan
from procurement.flow.models import Desk
from tests.contracts.statistics import makers

from . import ground, load, programs, stat_rows
from .measure import Report, Row, check, interleave, say

REQUESTS, FILINGS = 10, 50
PAGE = f"/contracts/statistics/?year={stat_rows.YEAR}"
LIST = f"/contracts/statistics/contracts/?year={stat_rows.YEAR}"
DIRECT = """
    SELECT left(k.code, 1), s.org_kind, p.method, u.size, u.special, extract(quarter FROM c.signed_on),
        s.energy_saving, s.water_saving, s.environmental, count(DISTINCT c.document_ptr_id), count(*),
        sum(s.plan_1), sum(s.plan_2), sum(s.plan_3), sum(s.plan_4), sum(s.plan_5), sum(s.contract_1),
        sum(s.contract_2), sum(s.contract_3), sum(s.contract_4), sum(s.contract_5), sum(s.contract_6)
    FROM contracts_contract c JOIN flow_document d ON d.id = c.document_ptr_id AND d.state = 'done'
    JOIN plans_plan p ON p.document_ptr_id = c.approved_plan_id
    JOIN contracts_contractitem i ON i.contract_id = c.document_ptr_id
    JOIN plans_planitem w ON w.id = i.plan_item_id JOIN reference_category k ON k.id = w.category_id
    JOIN statistics_linestatistics s ON s.item_id = i.id
    JOIN contracts_contractsupplier u ON u.contract_id = c.document_ptr_id
    WHERE c.signed_on >= %s AND c.signed_on <= %s
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""
YEAR = (date(stat_rows.YEAR, 1, 1), date(stat_rows.YEAR, 12, 31))


def run() -> Report:
    places, clerk = stat_rows.fill()
    report = Report("STAT", f"The statistics page over {stat_rows.LINES:,} filed contract lines of one year")
    agreed(report)
    filing(places, clerk, report)
    with ExitStack() as stack:
        programs.gunicorn(stack, "web", "procurement.wsgi", programs.WEB)
        measured(places, report)
    report.notes += NOTES
    return report


NOTES = [
    "Ours: the whole page over HTTP for the office, every unit: session, certificate, post, one query over "
    "the sums kept with every filing, tables, two charts. Theirs: one SQL statement over the contracts "
    "themselves on one connection, grouped once, nothing drawn; what a page without kept sums cannot be "
    "quicker than.",
    "One browser, one request after the other: answer times, not throughput. The rows are written by SQL, "
    "1,200 units, two lines a contract, all of one year; the sums are made by the statement the filing uses.",
]


def agreed(report: Report) -> None:
    """The page's figures are those of the contracts."""
    rows = ground.execute(DIRECT, *YEAR)
    total = Figures(stat_rows.YEAR, 0).total
    check(total.lines == stat_rows.LINES, f"{total.lines} lines counted")
    check(sum(row[10] for row in rows) == total.lines, "lines differ")
    check(sum(sum(row[16:22]) for row in rows) == total.amount, "contract money differs")
    check(sum(sum(row[11:16]) for row in rows) == total.budget, "plan money differs")
    kept = ground.value("SELECT count(*) FROM statistics_tally")
    report.facts.append(
        f"Page and direct recount agree to the fen: {total.lines:,} lines, {total.amount:,.2f} yuan; "
        f"{kept:,} rows of sums."
    )


def filing(places, clerk, report: Report) -> None:
    """What a filing pays for the sums: `record` of a contract with four lines, each in its transaction."""
    with transaction.atomic():
        # a plan of its own: the million lines share a few plan lines, as no real ones do
        of = Plan.objects.get(pk=stat_rows.plans(places.unit, clerk)[0])
        day, totals = date(stat_rows.YEAR, 6, 1), [Decimal(100)] * 4
        papers = [makers.contract(of, clerk, day, totals, state=Desk.DONE) for _ in range(FILINGS)]
        for paper in papers:
            makers.complete(paper)
    times = []
    for paper in papers:
        began = time.perf_counter()
        with transaction.atomic():
            record(paper)
        times.append(time.perf_counter() - began)
    told = f"{median(times) * 1000:.1f} ms"
    report.facts.append(f"Recording a filed contract of four lines in the statistics: {told}.")


def measured(places, report: Report) -> None:
    officer = ground.person(places.office, Post.APPROVER, 1)
    browser = load.Browser(programs.WEB, ground.login(officer))
    works = {
        "page of the year": PAGE,
        "page of a quarter": f"{PAGE}&quarter=3",
        "contracts of a figure": f"{LIST}&of=method-open_tender",
        "contracts of a rare figure": f"{LIST}&of=special-2",
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    variants = {name: lambda n=name: ours(browser, works[n], times[n]) for name in works}
    variants["direct"] = direct
    for way in variants.values():
        way()
    for found in times.values():
        found.clear()
    rates = interleave("STAT", variants)
    for name in works:
        report.rows.append(Row(name, "one SQL statement over the contracts", rates[name], rates["direct"]))
    told = ", ".join(f"{name} {median(found) * 1000:.0f} ms" for name, found in times.items())
    report.facts.append(
        f"Median answer times: {told}; direct statement {1000 / median(rates['direct']):.0f} ms."
    )
    say(report.facts[-1])


def ours(browser: load.Browser, path: str, times: list[float]) -> float:
    """Answers a second, one after the other."""
    request = browser.get(path)
    outcome = load.run(programs.WEB, [iter([*[request] * REQUESTS, None]).__next__], 120)
    check(set(outcome.statuses) == {200}, f"{path}: {dict(outcome.statuses)}")
    times.extend(outcome.times)
    return 1 / median(outcome.times)


def direct() -> float:
    began = time.perf_counter()
    ground.execute(DIRECT, *YEAR)
    return 1 / (time.perf_counter() - began)
