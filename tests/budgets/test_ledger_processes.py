"""Eight processes on one hot quota and many others: not one fen is lost or made."""

import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Sum

from budgets.models import Quota, QuotaConfirmation, Shortage
from budgets.verification import problems

from . import makers

pytestmark = pytest.mark.django_db(transaction=True)


def environment() -> dict:
    """What a process of its own needs to reach the test database."""
    at = connection.settings_dict
    address = f"postgresql:///{at['NAME']}?host={at['HOST']}&user={at['USER']}"
    return os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "PROCUREMENT_MODE": "test",
    }


def start(seed: int, steps: int) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.budgets.worker", str(seed), str(steps)]
    return subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, cwd=settings.BASE_DIR)


def test_eight_processes_lose_and_make_no_fen(unit, clerk):
    for number in range(21):
        makers.quota(unit, "800.00" if number == 0 else "120.00", f"ZB{number:02d}")
    for number in range(4):
        makers.paper(unit, clerk, f"JH{number}")
    workers = [start(seed, 150) for seed in range(8)]
    net = Counter()
    for worker in workers:
        out, _ = worker.communicate(timeout=300)
        assert worker.returncode == 0
        net.update(json.loads(out))
    assert list(problems()) == []
    for quota in Quota.objects.all():
        assert quota.confirmed_amount * 100 == net[f"confirmed {quota.pk}"]
        assert quota.available >= 0
    used = QuotaConfirmation.objects.aggregate(a=Sum("reserved_amount"), b=Sum("committed_amount"))
    assert (used["a"] + used["b"]) * 100 == net["reserved or committed"]
    assert net["refused"] > 50


def test_the_last_money_is_won_exactly_once(unit, clerk):
    quota = makers.quota(unit, "100.00")

    def want(_) -> bool:
        try:
            quota.confirm(Decimal("30.00"), clerk)
        except Shortage:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(want, range(40)))
    assert won.count(True) == 3
    assert Quota.objects.get(pk=quota.pk).available == Decimal("10.00")
    assert list(problems()) == []
