"""The whole way with a real worker: commit, Redis, Celery, token, HTTP."""

import subprocess
import sys

import pytest
from django.db import transaction

from notices.models import Publication
from tests.sandbox.running import ROOT
from tests.waiting import until

from .running import Celery

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(environment, tmp_path):
    running = Celery("worker", environment, tmp_path / "worker.log")
    yield running
    running.stop()


def sent(row) -> bool:
    return Publication.objects.filter(pk=row.pk, state="sent").exists()


def test_a_commit_wakes_the_worker_and_the_notice_stands_on_the_portal(portal, desk, worker):
    row = desk.publication()
    assert until(lambda: sent(row))
    address = Publication.objects.get(pk=row.pk).remote_url
    assert row.document.title in portal.get(address.removeprefix(portal.url)).text


def test_beat_finds_what_no_message_announced(portal, desk, environment, worker, tmp_path):
    with transaction.atomic():
        paper = desk.paper()
        owed = Publication.announce(paper, title="甲", html="<p>甲</p>")
        transaction.get_connection().run_on_commit.clear()  # the wake-up is lost, as with Redis
    beat = Celery("beat", environment, tmp_path / "beat.log")
    try:
        assert until(lambda: sent(owed))
    finally:
        beat.stop()


OWE = """
import django
django.setup()
from django.db import transaction
from notices.models import Publication
from procurement.flow.models import Document
with transaction.atomic():
    Publication.announce(Document.objects.get(), title="甲", html="<p>甲</p>")
print(Publication.objects.get().status)
"""


def test_a_broker_that_is_down_delays_and_never_breaks_the_decision(desk, environment):
    desk.paper()
    whole = {"DJANGO_SETTINGS_MODULE": "procurement.settings"}  # a decision is made where pages are served
    nowhere = environment | whole | {"REDIS_URL": "redis+socket:///nowhere/redis.sock"}
    done = subprocess.run(
        [sys.executable, "-c", OWE],
        env=nowhere,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert (done.stdout.strip(), done.returncode) == ("待发布", 0)
    assert "was not woken" in done.stderr
