"""Eight connections want the same paper: exactly one wins, always."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from procurement.flow.models import Conflict, Document, Refused
from tests.papers import entry
from tests.world import fresh

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 12
CALLS = [("approve", "reviewer", {}), ("send_back", "reviewer", {"to": "clerk"}), ("withdraw", "clerk", {})]


def attempt(barrier: Barrier, paper, verb: str, user, details: dict) -> str:
    """One person on one connection; returns "won" or the sentence he reads."""
    try:
        user = fresh(user)
        barrier.wait()
        paper.perform(verb, user, "材料不齐，请补充", version=paper.version, **details)
    except (Conflict, Refused) as lost:
        return str(lost)
    else:
        return "won"
    finally:
        connection.close()


def test_approve_return_and_withdraw_race_and_exactly_one_wins(unit, people):
    with ThreadPoolExecutor(8) as pool:
        for number in range(ROUNDS):
            paper = entry(unit, people.clerk, title=f"第 {number} 轮").perform("submit", fresh(people.clerk))
            barrier = Barrier(8)
            calls = [CALLS[(number + place) % 3] for place in range(8)]
            results = [
                pool.submit(attempt, barrier, paper, verb, getattr(people, who), details)
                for verb, who, details in calls
            ]
            said = [result.result(timeout=30) for result in results]
            assert said.count("won") == 1, said
            assert all("。" in sentence for sentence in said if sentence != "won")
            after = Document.objects.get(pk=paper.pk)
            assert after.moves.count() == 2
            assert after.version == paper.version + 1
