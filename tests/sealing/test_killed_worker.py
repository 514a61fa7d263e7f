"""Killed at every step, doubled, or both: in the end one sealed file, valid, and nothing beside it."""

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from procurement.sealing import jobs
from procurement.sealing.models import SealedPaper
from tests.notices.running import Celery
from tests.sandbox.running import ROOT
from tests.waiting import pause, until

from .conftest import order

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 6


@pytest.fixture
def environment(sealing, token, settings, broker):
    """What a worker process of the tests needs to know."""
    name, url = connection.settings_dict["NAME"], os.environ["DATABASE_URL"]
    head, _, query = url.partition("?")
    return os.environ | {
        "PROCUREMENT_MODE": "test",
        "DJANGO_SETTINGS_MODULE": "tests.sealing.worker_settings",
        "DATABASE_URL": head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else ""),
        "MEDIA_ROOT": settings.MEDIA_ROOT,
        "PKCS11_PIN_FILE": str(token[2]),
        "SOFTHSM2_CONF": str(token[1]),
        "TEST_BROKER_PREFIX": broker,
    }


@pytest.fixture
def run(environment):
    """`run(job, event, function)`: one run of a worker in a forked child; how it ended."""
    words = [sys.executable, "-m", "tests.sealing.worker"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(words, cwd=ROOT, env=environment, **pipes) as process:

        def one(*line: str) -> int:
            process.stdin.write(" ".join(line) + "\n")
            process.stdin.flush()
            return int(process.stdout.readline())

        yield one


def due_now() -> None:
    """The leases of the dead run out."""
    SealedPaper.objects.update(next_at=Now(), lease_until=None)


def check_whole(settings, papers) -> None:
    """Exactly the files the rows name, with the bytes they name."""
    rows = SealedPaper.objects.all()
    assert {row.state for row in rows} == {"sealed"}
    assert rows.count() == papers
    there = {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}
    assert there == {Path(row.file.path) for row in rows}
    for row in rows:
        content = Path(row.file.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row.file_sha256
        assert content.count(b"/ByteRange") == 1


POINTS = [
    ("render", "return", "claim"), ("render", "return", "render"), ("render", "call", "keep_rendering"),
    ("render", "call", "write"), ("render", "return", "write"), ("render", "return", "pass_on"),
    ("render", "return", "keep_rendering"), ("sign", "return", "claim"), ("sign", "return", "rendering"),
    ("sign", "call", "async_sign_raw"), ("sign", "return", "seal"), ("sign", "call", "write"),
    ("sign", "return", "write"), ("sign", "return", "pass_on"), ("sign", "return", "keep_only"),
    ("sign", "return", "keep_sealed"),
]  # fmt: skip


def test_a_kill_at_any_step_leaves_one_sealed_file(run, document, settings):
    for number, (job, *where) in enumerate(POINTS, 1):
        order(document)
        if job == "sign":
            assert jobs.render() == 1
        assert run(job, *where) == -9, (job, where)
        for again in (jobs.render, jobs.sign, jobs.render, jobs.sign):  # a healthy worker: this process
            due_now()
            again()
        check_whole(settings, number)


def test_two_workers_at_once_seal_each_paper_once(environment, document, settings):
    with transaction.atomic():
        for _ in range(6):
            order(document)
    for job in ("render", "sign"):
        words = [sys.executable, "-m", "tests.sealing.worker", job]
        both = [subprocess.Popen(words, cwd=ROOT, env=environment) for _ in range(2)]
        assert [one.wait(300) for one in both] == [0, 0]
    check_whole(settings, 6)


def log(folder) -> str:
    """What the processes said, for the message of a failure."""
    return "\n".join((folder / name).read_text()[-1500:] for name in ("worker.log", "beat.log"))


def test_celery_killed_again_and_again_seals_everything_once(environment, document, settings, tmp_path):
    """Real Redis, Celery and beat; most kills hit the forked child, which does the work, some the master."""
    rng, papers = random.Random(), 0
    beat = Celery("beat", environment, tmp_path / "beat.log")
    worker = Celery("worker", environment, tmp_path / "worker.log")
    try:
        for kill in range(KILLS):
            assert until(lambda: worker.tend().child()), log(tmp_path)
            with transaction.atomic():
                for _ in range(2):
                    order(document)
                    papers += 1
            leased = SealedPaper.objects.filter(lease_until__gt=Now())
            assert until(lambda: worker.tend() and leased.exists()), log(tmp_path)  # noqa: B023
            pause(rng.uniform(0, 0.4))
            worker.kill_all() if kill == 3 else worker.kill_child()
        left = SealedPaper.objects.exclude(state="sealed")
        assert until(lambda: worker.tend() and not left.exists()), list(
            left.values("state", "attempts", "error")
        )
    finally:
        worker.stop()
        beat.stop()
    check_whole(settings, papers)
