"""What the clock starts and what wakes a worker are tasks that a worker, just started, knows."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from procurement.flow.outbox import WAKERS

ASK = """
import json
from procurement.celery import app
app.loader.import_default_modules()
print(json.dumps([name for name in app.tasks if not name.startswith("celery.")]))
"""


@pytest.fixture(scope="module")
def known() -> set[str]:
    """The tasks of a fresh process: this one has imported more than a worker does."""
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def scheduled() -> set[str]:
    return {line["task"] for line in settings.CELERY_BEAT_SCHEDULE.values()}


def test_a_worker_knows_every_task_that_is_scheduled_or_woken(known):
    assert scheduled() | set(WAKERS.values()) <= known


def test_every_task_is_scheduled_or_woken(known):
    assert known <= scheduled() | set(WAKERS.values())


def test_each_executor_has_a_relay_of_its_own():
    assert {f"tasks.jobs.relay_{channel}" for channel in settings.EXECUTORS} <= scheduled()
