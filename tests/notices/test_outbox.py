"""The outbox: what is owed is owed once, leased to one, settled by the last who holds it."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from notices.models import CHANNEL, Publication
from procurement.flow.outbox import Delivery, arrived, claim, delay, most_tries

from .conftest import due_now

pytestmark = pytest.mark.django_db


def fresh(row) -> Publication:
    return Publication.objects.get(pk=row.pk)


def expire(row) -> None:
    Delivery.objects.filter(pk=row.pk).update(lease_until=F("created_at"))


def test_a_claimed_row_is_nobody_elses_until_its_lease_ends(desk):
    row = desk.publication()
    (first,) = claim(CHANNEL)
    assert (first.key, first.doubted) == (row.key, False)
    assert claim(CHANNEL) == []
    expire(row)
    (second,) = claim(CHANNEL)
    assert second.fence == first.fence + 1
    assert second.doubted  # somebody had it and never said what became of it


def test_only_the_last_claimant_may_settle(desk):
    row = desk.publication()
    (stale,) = claim(CHANNEL)
    expire(row)
    (current,) = claim(CHANNEL)
    assert not arrived([(stale, "1", "http://portal/1")])
    assert not stale.failed("too late", doubt=True)
    assert arrived([(stale, "1", "http://portal/1"), (current, "2", "http://portal/2")]) == 1
    assert (fresh(row).remote_id, fresh(row).status) == ("2", "已发布")
    assert not current.failed("after the end", doubt=True)


def test_what_is_given_back_is_free_at_once_and_as_sure_as_before(desk):
    desk.publication()
    (first,) = claim(CHANNEL)
    first.give_back()
    (second,) = claim(CHANNEL)
    assert not second.doubted


def test_oldest_due_rows_come_first_and_others_wait(desk):
    rows = [desk.publication() for _ in range(3)]
    Delivery.objects.filter(pk=rows[0].pk).update(next_at=Now() + timezone.timedelta(hours=1))
    assert [held.id for held in claim(CHANNEL, 1)] == [rows[1].pk]
    assert [held.id for held in claim(CHANNEL, 5)] == [rows[2].pk]
    assert claim("another channel") == []


def test_eight_failures_then_a_person_and_the_retry_by_hand_begins_anew(desk):
    row = desk.publication()
    seen = []
    for _ in range(most_tries()):
        due_now()
        (held,) = claim(CHANNEL)
        held.failed("门户返回 500", doubt=True)
        seen.append(fresh(row).status)
    assert seen == [f"失败（重试 {n}/8）" for n in range(1, 8)] + ["人工处理"]
    due_now()
    assert claim(CHANNEL) == []
    assert fresh(row).send_again()
    assert fresh(row).status == "待发布"
    assert claim(CHANNEL)[0].doubted


def test_a_sent_or_leased_row_is_not_sent_again_by_hand(desk):
    row = desk.publication()
    (held,) = claim(CHANNEL)
    assert not fresh(row).send_again()
    arrived([(held, "1", "http://portal/1")])
    assert not fresh(row).send_again()
    assert fresh(row).status == "已发布"


def test_a_refusal_goes_to_a_person_at_once(desk):
    row = desk.publication()
    claim(CHANNEL)[0].refused("门户拒绝（409）")
    assert fresh(row).status == "人工处理"
    assert fresh(row) in Publication.objects.stuck()


def test_delays_grow_from_a_minute_to_six_hours_with_jitter(settings):
    for tries, seconds in enumerate(settings.OUTBOX_DELAYS, 1):
        found = {delay(tries) for _ in range(50)}
        assert len(found) > 1
        assert all(0.8 * seconds <= value <= 1.2 * seconds for value in found)
    assert (settings.OUTBOX_DELAYS[0], settings.OUTBOX_DELAYS[-1]) == (60, 6 * 3600)


def test_a_failed_row_waits_for_its_delay_and_obeys_the_portals_wish(desk):
    row = desk.publication()
    (held,) = claim(CHANNEL)
    held.failed("门户限流（429）", doubt=False, after=7)
    wait = (fresh(row).next_at - timezone.now()).total_seconds()
    assert 5 < wait <= 7.5
    assert claim(CHANNEL) == []


def test_one_version_of_a_paper_is_owed_once(desk):
    paper = desk.paper()
    Publication.announce(paper, title="甲", html="<p>甲</p>")
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.announce(paper, title="乙", html="<p>乙</p>")
    paper.version += 1
    assert Publication.announce(paper, title="乙", html="<p>乙</p>").key == f"intent-{paper.pk}-2"


def test_a_secret_paper_is_refused_by_the_program(desk):
    with pytest.raises(ValidationError, match="涉密"):
        Publication.announce(desk.paper(is_secret=True), title="密", html="<p>密</p>")


def test_a_secret_paper_is_refused_by_the_database(desk):
    paper = desk.paper(is_secret=True)
    fields = {"channel": CHANNEL, "key": "x", "document_id": paper.pk, "body": {}, "body_sha256": ""}
    for secret in (False, True):  # the composite key refuses one, the check the other
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.create(**fields, document_secret=secret)


def test_a_paper_that_is_owed_cannot_become_secret(desk):
    row = desk.publication()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row.document).objects.filter(pk=row.document_id).update(is_secret=True)


@pytest.mark.django_db(transaction=True)
def test_a_debt_outside_a_transaction_is_a_mistake(desk):
    with pytest.raises(transaction.TransactionManagementError):
        Publication.announce(desk.paper(), title="甲", html="<p>甲</p>")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_owed_for_a_decision_that_was_rolled_back(desk):
    with transaction.atomic():
        Publication.announce(desk.paper(), title="甲", html="<p>甲</p>")
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_workers_claim_every_row_exactly_once(desk, broker):
    rows = {desk.publication().pk for _ in range(120)}
    taken, lock, start = [], threading.Lock(), threading.Barrier(8)

    def work():
        start.wait()
        while held := claim(CHANNEL, 7):
            with lock:
                taken.extend(one.id for one in held)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(rows)
