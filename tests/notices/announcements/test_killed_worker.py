"""Published by the clock though workers are killed: never early, exactly once. All is real, SIGKILL too."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from notices.models import Publication
from procurement.flow.models import Delivery
from tests.notices.running import Celery
from tests.waiting import pause, until

from . import makers

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 4
PATIENCE = 180  # seconds: a starved machine takes long to boot a worker


def scheduled(unit, clerk, reviewer, seconds: float):
    """A termination, approved, to be published so many seconds from now."""
    at = timezone.now() + timedelta(seconds=seconds)
    return makers.approved(unit, clerk, reviewer, 7, publish_at=at).perform("file", clerk)


def test_scheduled_announcements_survive_killed_workers(
    portal, environment, tmp_path, unit, clerk, reviewer
):  # fmt: skip
    makers.calendar()
    portal.fault("slow", probability=0.5, seconds=0.2)
    beat = Celery("beat", environment, tmp_path / "beat.log")
    worker = Celery("worker", environment, tmp_path / "worker.log")
    try:
        assert until(lambda: worker.tend().child(), PATIENCE)
        papers = [scheduled(unit, clerk, reviewer, 1 + number / 2) for number in range(KILLS)]
        for number in range(KILLS):
            pause(0.5)
            worker.kill_all() if number == 2 else worker.kill_child()
            assert until(lambda: worker.tend().child(), PATIENCE)
        left = Delivery.objects.exclude(state="sent")
        assert until(lambda: worker.tend() and not left.exists(), PATIENCE)
    finally:
        worker.stop()
        beat.stop()
    for paper in papers:
        check(portal, paper)


def check(portal, paper) -> None:
    """It stands there once, and not since before its time."""
    row = Publication.objects.get(document=paper)
    assert portal.stats()["receipts"][row.key] == 1
    assert row.sent_at >= paper.publish_at
    answer = portal.get(f"/api/notices/by-key/{row.key}").json
    arrived = datetime.fromisoformat(answer["published_at"])  # in whole seconds
    assert arrived >= paper.publish_at.replace(microsecond=0)
