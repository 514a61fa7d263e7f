"""Eight connections want the same paper: exactly one wins, always."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, transaction

from procurement.flow.models import Conflict, Document, Draft, Refused
from tests.notices.running import until
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
            said = [result.result(timeout=120) for result in results]
            assert said.count("won") == 1, said
            assert all("。" in sentence for sentence in said if sentence != "won")
            after = Document.objects.get(pk=paper.pk)
            assert after.moves.count() == 2
            assert after.version == paper.version + 1


def keep_late(barrier: Barrier, user, token, paper) -> str:
    """An autosave of an opened form, from a connection of its own."""
    try:
        barrier.wait()
        row = Draft.keep(user, token, 7, kind=paper.kind, document_id=paper.pk, version=1, data={"a": ["旧"]})
        return "spent" if row.data is None else "kept"
    finally:
        connection.close()


def test_autosaves_racing_a_save_never_bring_the_old_text_back(unit, people):
    paper = entry(unit, people.clerk)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(ROUNDS):
            token, barrier = uuid4(), Barrier(5)
            late = [pool.submit(keep_late, barrier, people.clerk, token, paper) for _ in range(4)]
            with transaction.atomic():
                barrier.wait()
                Draft.close(people.clerk, token, paper)
            assert {result.result(timeout=120) for result in late} <= {"spent", "kept"}
            assert list(Draft.objects.living(people.clerk)) == []


WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees its first look again and again
        return cursor.execute(WAITING).fetchone()[0] > 0


@pytest.mark.parametrize("ending", ["saved", "deleted"])
def test_an_autosave_waits_for_whoever_has_the_paper_and_neither_fails(unit, people, ending):
    paper, token, barrier = entry(unit, people.clerk), uuid4(), Barrier(2)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            fresh_row = type(paper).objects.locked(paper.pk)  # as a save does before it closes the draft
            late = pool.submit(keep_late, barrier, people.clerk, token, paper)
            barrier.wait()
            assert until(waiting)
            if ending == "saved":
                Draft.close(people.clerk, token, paper)
            else:
                fresh_row.delete()
        assert late.result(timeout=30) == "spent"
    assert not Draft.objects.living(people.clerk).exists()
