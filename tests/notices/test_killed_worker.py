"""Whatever is killed, every approved notice is on the portal exactly once, and nothing else ever is.

All is real: PostgreSQL, the token, the sandbox over HTTP, SIGKILL. The first test kills the worker's child at
every boundary in turn: before and after each statement, commit, connection, signature, request and answer,
counted beforehand on a run that lives; so no moment at which something leaves the process is left to chance.
The second does the same to Celery with Redis and beat, a few times: child or whole worker, at a random moment
of a delivery; the master forks another child, the "service manager" starts another worker.
"""

import random
from itertools import count

import pytest
from django.db import transaction
from django.db.models import Count

from notices import jobs
from notices.models import Publication
from procurement.flow.outbox import Delivery, claim
from tests.waiting import pause, until

from .conftest import due_now
from .running import Celery, Forked

pytestmark = pytest.mark.django_db(transaction=True)
RELAY = "notices.jobs.relay"
LEAST = 25  # boundaries of a run with three notices; fewer would mean that they are not seen any more
KILLS = 6
WHOLE = (2, 5)  # rounds in which the whole worker dies


def approve(desk, rng, number: int) -> str | None:
    """One decision; every fifth is rolled back at the last moment, and must never be seen."""
    with transaction.atomic():
        owed = Publication.announce(
            desk.paper(f"第{number}份"), title=f"第{number}份公告", html="<p>正文</p>"
        )
        if rng.random() < 0.2:
            transaction.set_rollback(True)
            return None
    return owed.key


def abandoned() -> set[tuple[int, int]]:
    """Claims (row, fence) nobody has settled."""
    return set(Delivery.objects.filter(lease_until__isnull=False).values_list("pk", "fence"))


def states() -> list[tuple]:
    """What is left, for the message of a failure."""
    return list(Delivery.objects.exclude(state="sent").values_list("key", "state", "attempts", "last_error"))


def owed(desk) -> set[str]:
    """A notice whose worker died with it in hand, and two nobody has tried."""
    rows = [desk.publication(title="有疑问的公告")]
    claim("portal")
    rows += [desk.publication(title=f"第{n}份公告") for n in range(2)]
    due_now()
    return {row.key for row in rows}


@pytest.mark.parametrize("fault", ["none", "500"])
def test_a_kill_at_every_boundary_loses_and_doubles_nothing(portal, desk, environment, fault):
    """`fault`: what befalls the first request of every run."""
    before, approved = set(portal.stats()["receipts"]), set()
    forked = Forked(environment)
    try:
        for place in count(1):
            approved |= owed(desk)
            portal.fault(fault, times=1)
            ended = forked.run(RELAY, die=place)
            portal.fault("none")
            due_now(state="pending")  # the lease of the dead runs out
            jobs.relay()
            assert not Delivery.objects.exclude(state="sent").exists(), (place, states())
            if ended == 0:  # it lived: there is no such boundary any more
                break
            assert ended == 9
    finally:
        forked.stop()
    assert place > LEAST
    check_once(portal, approved, before)
    print(f"{fault}: {place - 1} kills, {len(approved)} notices, once each")


def check_once(portal, approved: set, before: set) -> None:
    """The portal's own count, and that both sides mean the same."""
    arrived = {key: times for key, times in portal.stats()["receipts"].items() if key not in before}
    assert set(arrived) == approved
    assert set(arrived.values()) == {1}, "a notice was sent again though it had arrived"
    assert dict(Delivery.objects.values_list("state").annotate(Count("id"))) == {"sent": len(approved)}
    for row in Publication.objects.order_by("?")[:20]:
        assert portal.get(f"/api/notices/{row.remote_id}").json["sha256"] == row.body_sha256


def test_celery_killed_again_and_again_loses_and_doubles_nothing(portal, desk, environment, tmp_path):
    rng = random.Random()
    before = set(portal.stats()["receipts"])
    portal.fault("slow", probability=0.6, seconds=0.05)
    portal.fault("timeout", probability=0.01, seconds=3)
    portal.fault("reset_after", probability=0.03)
    portal.fault("500", probability=0.03)
    beat = Celery("beat", environment, tmp_path / "beat.log")
    worker = Celery("worker", environment, tmp_path / "worker.log")
    approved, lost, hits = set(), set(), 0
    try:
        for kill in range(KILLS):
            assert until(lambda: worker.tend().child())
            approved |= {approve(desk, rng, kill * 10 + n) for n in range(6)} - {None}
            assert until(lambda: worker.tend() and abandoned() - lost), states()  # noqa: B023
            pause(rng.uniform(0, 0.3))
            if kill in WHOLE:
                worker.kill_all()
            else:
                worker.kill_child()
            found = abandoned()
            hits += bool(found - lost)  # this kill, not an earlier one, interrupted a delivery
            lost |= found
        portal.fault("none")
        assert until(lambda: worker.tend() and not Delivery.objects.exclude(state="sent").exists()), states()
    finally:
        worker.stop()
        beat.stop()
    check_once(portal, approved, before)
    assert hits, "no kill met a delivery under way"
