"""W5: publication from the outbox to the portal, signed by the token, counted where it arrives."""

import http.client
import os
import shutil
import time
import uuid
from contextlib import ExitStack, contextmanager

from django.db import transaction

from accounts.cakey import authority as ca
from notices.models import CHANNEL, Publication
from procurement.celery import app as ours
from procurement.flow import outbox
from procurement.flow.models import Document
from tests import world
from tests.sandbox.running import Sandbox, Sender

from . import ground, programs
from .measure import Report, Row, check, interleave, say
from .naive import app as naive
from .naive import publish_one

NOTICES = 300  # of one repetition
MANY = int(os.environ.get("BENCH_W5_MANY", "5000"))  # through several workers at once
WORKERS = 4
HTML = "<p>为便于供应商及时了解政府采购信息，现将本单位采购意向公开如下：</p>" * 40  # some 5 kB
FAULTS = {"500": 0.03, "reset_after": 0.03, "error_body": 0.02, "garbage": 0.02}  # together one in ten


class Bench:
    """A token, a portal that trusts it, papers whose notices are owed."""

    def __init__(self, stack: ExitStack):
        folder = programs.HOME / "w5"
        shutil.rmtree(folder, ignore_errors=True)
        authority = ca.create_authority(folder / "authority")
        conf = ca.create_conf(folder / "server")
        certificate = ca.make_server_token(authority, conf, pin="739155")
        (folder / "trust").mkdir()
        (folder / "trust/portal.pem").write_bytes(ca.pem(certificate))
        (folder / "pin").write_text("739155\n")
        self.sender = Sender()
        self.sender.trusted_by(folder / "trust")
        self.portal = Sandbox(folder, folder / "trust").start()
        stack.callback(self.portal.stop)
        self.environment = {
            "SOFTHSM2_CONF": str(conf), "PKCS11_PIN_FILE": str(folder / "pin"), "PORTAL_URL": self.portal.url,
        }  # fmt: skip
        places = world.organizations()
        self.unit, self.clerk = places.unit, world.person("clerk", "李经办")
        self.owed: set[str] = set()

    def papers(self, count: int) -> list[Document]:
        return Document.objects.bulk_create(
            Document(
                kind="intent", number=f"YX{uuid.uuid4().hex[:20]}", title="2026年11月政府采购意向",
                unit=self.unit, division=self.unit, office=self.unit, fiscal_year=2026, clerk=self.clerk,
            )
            for _ in range(count)
        )  # fmt: skip

    @transaction.atomic
    def owe(self, count: int = NOTICES) -> list[Publication]:
        """Debts as the last decision leaves them; the wake-ups are the bench's own."""
        made = [Publication.announce(paper, title=paper.title, html=HTML) for paper in self.papers(count)]
        transaction.get_connection().run_on_commit.clear()
        self.owed |= {row.key for row in made}
        return made

    def relayed(self) -> float:
        """Ours: one message wakes the worker, which sends all that is due."""
        rows, began = self.owe(), ground.value("SELECT clock_timestamp()")
        outbox.wake(CHANNEL)
        return rate(rows, began)

    def one_by_one(self) -> float:
        """One task a notice; they are queued before the clock starts."""
        rows = self.owe()
        self.tell("cancel_consumer")
        for row in rows:
            publish_one.apply_async([row.pk], queue="naive")
        began = ground.value("SELECT clock_timestamp()")
        self.tell("add_consumer")
        return rate(rows, began)

    def tell(self, order: str) -> None:
        """The worker stops or begins to take tasks."""
        to = {"destination": ["naive@bench"], "reply": True, "limit": 1, "timeout": 10}
        check(bool(getattr(naive.control, order)("naive", **to)), "the worker does not answer")

    def loop(self) -> float:
        """The floor: the same bodies, signed beforehand, over one kept-alive connection."""
        ready = []
        for row in self.owe():
            ready.append((row.content, self.sender.headers(row.key, row.content)))
        self.forget()
        connection = http.client.HTTPConnection("127.0.0.1", self.portal.port, timeout=10)
        began = time.perf_counter()
        for content, headers in ready:
            connection.request("POST", "/api/notices", content, headers)
            answer = connection.getresponse()
            answer.read()
            check(answer.status == 201, f"the portal answered the loop {answer.status}")
        seconds = time.perf_counter() - began
        connection.close()
        return NOTICES / seconds

    def forget(self) -> None:
        """The loop keeps no books: its debts are crossed out first, the portal counts them all the same."""
        Publication.objects.filter(state="pending").update(
            state="sent", sent_at=outbox.Now(), remote_id="-", remote_url="-"
        )

    def settled(self, kills: int, workers: list, count: int = NOTICES) -> tuple[int, float]:
        """Publish under faults, a worker's child killed now and then: (deliveries, seconds)."""
        rows, began, limit = self.owe(count), time.monotonic(), max(60, count / 20)
        while left := Publication.objects.filter(state="pending").count():
            for _ in workers:
                outbox.wake(CHANNEL)  # as beat does
            if kills and left < count * (kills + 1) / 4:
                child = programs.child_of(workers[0])
                kills -= bool(child)
                if child:
                    child.kill()
            check(time.monotonic() - began < limit, f"{left} notices were not sent within {limit:.0f} s")
            time.sleep(0.1)
        self.nothing_stuck()
        return len(rows), time.monotonic() - began

    @contextmanager
    def weather(self):
        """One answer of the portal in ten is wrong meanwhile; gives a count of those met so far."""

        def faults() -> int:
            return sum(number for name, number in self.portal.stats().items() if name.startswith("fault_"))

        before = faults()
        for mode, probability in FAULTS.items():
            self.portal.fault(mode, probability=probability)
        yield lambda: faults() - before
        self.portal.fault("none")

    def nothing_stuck(self) -> None:
        rows = Publication.objects.exclude(state="sent")
        stuck = rows.values_list("key", "state", "attempts", "last_error")
        check(not stuck, f"not sent: {list(stuck[:5])}")


def rate(rows: list[Publication], began) -> float:
    """Notices a second, from `began` to the last receipt written down, by the database's clock."""
    keys = [row.pk for row in rows]
    programs.until(
        lambda: not Publication.objects.filter(pk__in=keys, state="pending").exists(), "all notices sent", 60
    )
    states = set(Publication.objects.filter(pk__in=keys).values_list("state", flat=True))
    check(states == {"sent"}, f"states {states}")
    last = max(Publication.objects.filter(pk__in=keys).values_list("sent_at", flat=True))
    return len(rows) / (last - began).total_seconds()


def run() -> Report:
    report = Report("W5", "Publication: outbox, Celery, PKCS#11 signature, HTTP")
    with ExitStack() as stack:
        bench = Bench(stack)
        measured(bench, report)
        under_faults(bench, report)
        several_workers(bench, report)
        arrived(bench, report)
    report.notes += NOTES
    return report


NOTES = [
    "Ours: claim under a lease, sign with the key on the token (SoftHSM), POST with the idempotency "
    "key, write the receipt down; one prefork worker. The loop's bodies are signed beforehand by a key "
    "in memory and nothing is written down. The task per notice signs with the token too, but opens a "
    "connection for each and has no lease, no fence, no look-up: killed in between it would lose or "
    "repeat.",
    "The portal is the sandbox (Python, SQLite, checks every signature) on the same cores; it is most "
    "of the loop.",
]


def measured(bench: Bench, report: Report) -> None:
    with ExitStack() as stack:
        programs.celery(stack, "procurement.celery", "hsm", **bench.environment)
        programs.celery(stack, "tests.bench.naive", "naive", BENCH_NO_POOL="1", **bench.environment)
        for way in (bench.relayed, bench.one_by_one):  # both have signed once before the clock runs
            way()
        rates = interleave("W5", {"loop": bench.loop, "relay": bench.relayed, "task each": bench.one_by_one})
    label = f"relay of {NOTICES} notices"
    report.rows += [
        Row(label, "kept-alive POST loop, signed beforehand", rates["relay"], rates["loop"], 0.5),
        Row(label, "one Celery task a notice", rates["relay"], rates["task each"], 2),
    ]


def under_faults(bench: Bench, report: Report) -> None:
    """One answer in ten is wrong, and then the worker's child is killed too."""
    with ExitStack() as stack:
        worker = programs.celery(
            stack, "procurement.celery", "hsm", BENCH_SHORT_WAITS="1", **bench.environment
        )
        bench.settled(0, [worker])
        for kills in (0, 2):
            with bench.weather() as met:
                count, seconds = bench.settled(kills, [worker])
            say(f"W5 faults, {kills} kills: {count} notices in {seconds:.1f} s, {met()} faults")
            report.facts.append(
                f"10 % faults ({', '.join(FAULTS)}), {kills} times SIGKILL: {count} notices in "
                f"{seconds:.1f} s (short waits: retry after 0.2 s, lease 3 s)."
            )


def several_workers(bench: Bench, report: Report) -> None:
    """The issue's load: MANY notices, WORKERS prefork workers beside each other, the same weather."""
    with ExitStack() as stack:
        workers = [
            programs.celery(
                stack, "procurement.celery", "hsm", f"hsm{n}", BENCH_SHORT_WAITS="1", **bench.environment
            )
            for n in range(WORKERS)
        ]
        programs.until(lambda: len(ours.control.ping(timeout=1)) >= WORKERS, "all workers", 120)
        bench.settled(0, workers)  # each has signed once before the clock runs
        with bench.weather() as met:
            count, seconds = bench.settled(0, workers, MANY)
            faults = met()
        busy = sum(programs.child_of(one).cpu_times().user > 0.5 for one in workers)
    check(busy == WORKERS, f"only {busy} of {WORKERS} workers had work")
    say(f"W5 {WORKERS} workers: {count} notices in {seconds:.1f} s, {faults} faults")
    report.facts.append(
        f"{count:,} notices through {WORKERS} workers, {faults:,} of the portal's answers wrong (10 %: "
        f"{', '.join(FAULTS)}): {seconds:.1f} s, {count / seconds:,.0f} a second (short waits as above)."
    )


def arrived(bench: Bench, report: Report) -> None:
    """The portal's own count: nothing is missing, nothing came twice."""
    stats = bench.portal.stats()
    missing = bench.owed - stats["receipts"].keys()
    check(not missing, f"{len(missing)} notices never arrived, e.g. {sorted(missing)[:3]}")
    check(
        stats["notices"] == len(bench.owed),
        f"{stats['notices']} notices stand there, {len(bench.owed)} were owed",
    )
    check(
        stats["duplicates"] == 0, f"{stats['duplicates']} notices were sent again although they stood there"
    )
    report.facts.append(
        f"Counted at the portal: {stats['notices']:,} of {len(bench.owed):,} owed, 0 lost, 0 received twice."
    )
