"""Whatever is killed, every approved notice is on the portal exactly once, and nothing else ever is.

All is real: PostgreSQL, Redis, Celery with beat, the token, the sandbox over HTTP, SIGKILL. Of the 50 kills
45 hit the prefork child, the process that leases, signs and sends (the master forks another in a moment),
and 5 the whole worker, master and child, because a boot takes seconds. Beat is never killed: it does not
deliver. The moment of each kill is drawn anew: ten at any time after an approval, forty after the worker
has taken a lease, so that most fall between claim, look-up, signature, request, answer and settlement.
"""

import random

import pytest
from django.db import transaction
from django.db.models import Count

from notices.models import Publication
from procurement.flow.outbox import Delivery

from .running import Celery, pause, until

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 50
WHOLE = range(4, KILLS, 10)  # rounds in which the whole worker dies: 5 of them


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


def test_fifty_kills_lose_and_double_nothing(portal, desk, environment, tmp_path):
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
            if kill % 5:  # four of five kills are aimed at a delivery, at a random point of it
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
    stats = portal.stats()
    arrived = {key: times for key, times in stats["receipts"].items() if key not in before}
    assert set(arrived) == approved
    assert set(arrived.values()) == {1}, "a notice was sent again though it had arrived"
    assert hits >= 20, f"only {hits} kills met a delivery under way"
    assert dict(Delivery.objects.values_list("state").annotate(Count("id"))) == {"sent": len(approved)}
    for row in Publication.objects.all():
        assert portal.get(f"/api/notices/{row.remote_id}").json["sha256"] == row.body_sha256
    print(f"{KILLS} kills, {hits} during a delivery, {len(approved)} notices, once each")
