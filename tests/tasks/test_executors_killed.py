"""Whatever is killed while books are handed over, each filed book reaches its executor exactly once.

The relay is the one that tests/notices/test_killed_worker.py kills at every boundary; here a few kills show
that the channels of executors hang on it: PostgreSQL, Redis, Celery with beat, the token, the sandbox over
HTTP, SIGKILL of the child that leases, signs and sends; every third kill takes the whole worker.
"""

import os
import random

import pytest
from django.db import connection

from procurement.flow.outbox import Delivery
from tasks.models import BookKind
from tests.notices.running import Celery
from tests.waiting import pause, until

from . import makers

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 6


@pytest.fixture
def environment(outside, hsm, keys, broker):
    """What the worker's process needs to know."""
    head, _, query = os.environ["DATABASE_URL"].partition("?")
    database = f"{head.rsplit('/', 1)[0]}/{connection.settings_dict['NAME']}"
    return os.environ | {
        "PROCUREMENT_MODE": "test",
        "DJANGO_SETTINGS_MODULE": "tests.tasks.worker_settings",
        "DATABASE_URL": database + (f"?{query}" if query else ""),
        "EXECUTOR_HUICAI_URL": f"{outside.url}/huicai",
        "PKCS11_PIN_FILE": str(hsm.pin_file),
        "SOFTHSM2_CONF": str(hsm.conf),
        "TEST_BROKER_PREFIX": broker,
    }


def abandoned() -> set[tuple[int, int]]:
    """Claims (row, fence) nobody has settled."""
    return set(Delivery.objects.filter(lease_until__isnull=False).values_list("pk", "fence"))


def states() -> list[tuple]:
    """What is left, for the message of a failure."""
    return list(Delivery.objects.exclude(state="sent").values_list("key", "state", "attempts", "last_error"))


def test_kills_lose_and_double_no_book(unit, clerk, reviewer, confirmed, outside, environment, tmp_path):
    plans = [
        makers.approved(unit, clerk, reviewer, confirmed, BookKind.MALL, amount="10.00")
        for _ in range(KILLS * 2)
    ]
    outside.fault("slow", probability=0.8, seconds=0.1)
    outside.fault("reset_after", probability=0.05)
    outside.fault("500", probability=0.03)
    rng, books, lost, hits = random.Random(), [], set(), 0
    beat = Celery("beat", environment, tmp_path / "beat.log")
    worker = Celery("worker", environment, tmp_path / "worker.log")
    try:
        for kill in range(KILLS):
            assert until(lambda: worker.tend().child())
            books += [makers.file_book(plans.pop().pk, clerk) for _ in range(2)]
            assert until(lambda: worker.tend() and abandoned() - lost), states()  # noqa: B023
            pause(rng.uniform(0, 0.1))
            worker.kill_all() if kill % 3 == 2 else worker.kill_child()
            found = abandoned()
            hits += bool(found - lost)
            lost |= found
        outside.fault("none")
        assert until(lambda: worker.tend() and not Delivery.objects.exclude(state="sent").exists()), states()
    finally:
        worker.stop()
        beat.stop()
    arrived = outside.stats()["receipts"]
    assert arrived == {f"huicai/taskbook-{book.pk}-{book.version}": 1 for book in books}
    assert hits >= KILLS // 3, f"only {hits} kills met a hand-over under way"
    print(f"{KILLS} kills, {hits} during a hand-over, {len(books)} books, once each")
