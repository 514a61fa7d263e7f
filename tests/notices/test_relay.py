"""The relay against the sandbox over HTTP, through every fault it knows."""

import pytest

from notices import jobs
from notices.models import CHANNEL, Publication
from notices.relays import send_batch
from procurement.flow.outbox import claim

from .conftest import due_now

pytestmark = pytest.mark.django_db


def fresh(row) -> Publication:
    return Publication.objects.get(pk=row.pk)


def test_what_is_owed_is_published_and_its_address_kept(portal, desk):
    row = desk.publication(title="甲公告")
    assert jobs.relay() == 1
    row = fresh(row)
    assert row.status == "已发布"
    assert row.remote_url == f"{portal.url}/notices/{row.remote_id}"
    assert "甲公告" in portal.get(f"/notices/{row.remote_id}").text
    assert portal.get(f"/api/notices/{row.remote_id}").json["sha256"] == row.body_sha256
    assert jobs.relay() == 0


def test_a_batch_goes_over_one_connection_without_look_ups(portal, desk):
    before = portal.stats()
    for number in range(30):
        desk.publication(title=f"第{number}份")
    assert jobs.relay() == 30
    after = portal.stats()
    assert after["notices"] - before["notices"] == 30
    assert after.get("lookups", 0) == before.get("lookups", 0)


@pytest.mark.parametrize(
    ("mode", "status"),
    [
        ("500", "失败（重试 1/8）"),
        ("429", "失败（重试 1/8）"),
        ("error_body", "失败（重试 1/8）"),
        ("timeout", "失败（重试 1/8）"),
        ("garbage", "失败（重试 1/8）"),
        ("reset", "失败（重试 1/8）"),
        ("reset_after", "失败（重试 1/8）"),
        ("slow", "已发布"),
    ],
)
@pytest.mark.parametrize("stored", [False, True])
def test_every_fault_ends_in_exactly_one_publication(portal, desk, settings, mode, status, stored):
    """`stored`: the far end published in spite of its odd answer."""
    if mode in ("429", "slow") and stored != (mode == "slow"):
        stored = mode == "slow"  # a 429 that publishes, or a slow answer that lies, would be a broken portal
    if mode == "timeout":
        settings.PORTAL_TIMEOUT = 1
    row = desk.publication()
    portal.fault(mode, times=1, stored=stored, seconds=0.1 if mode == "slow" else 5)
    jobs.relay()
    assert fresh(row).status == status
    assert bool(fresh(row).last_error) == (status != "已发布")
    settings.PORTAL_TIMEOUT = 10
    due_now()
    jobs.relay()
    assert fresh(row).status == "已发布"
    assert portal.stats()["receipts"][row.key] == 1


def test_a_portal_that_asks_for_patience_gets_it(portal, desk):
    from django.utils import timezone

    row = desk.publication()
    portal.fault("429", times=1, retry_after=90)
    jobs.relay()
    assert 80 < (fresh(row).next_at - timezone.now()).total_seconds() <= 90.5


def test_nothing_is_sent_while_the_look_up_itself_fails(portal, desk):
    row = desk.publication()
    claim(CHANNEL)  # a worker that died
    due_now()
    before = portal.stats()
    portal.fault("500", target="lookup", times=1)
    jobs.relay()
    assert portal.stats()["requests_post"] == before["requests_post"] + 1  # the order of the fault only
    assert fresh(row).in_doubt
    due_now()
    jobs.relay()
    assert fresh(row).status == "已发布"


def test_a_claim_lost_after_publication_is_settled_by_the_look_up_alone(portal, desk, hsm):
    row = desk.publication()
    (held,) = claim(CHANNEL)
    client = jobs.Portal(jobs.SIGNER)
    sent = client.send(held.key, held.content, held.sha256)  # and then the worker dies
    client.close()
    due_now()
    jobs.relay()
    assert (fresh(row).remote_id, fresh(row).status) == (sent.id, "已发布")
    assert portal.stats()["receipts"][row.key] == 1


def test_another_content_under_the_same_key_needs_a_person(portal, desk):
    row = desk.publication()
    client = jobs.Portal(jobs.SIGNER)
    body = b'{"key":"%s","kind":"intent","title":"x","unit":{"name":"x"},"fiscal_year":2026,"html":"x"}'
    body = body % row.key.encode()
    import hashlib

    client.send(row.key, body, hashlib.sha256(body).hexdigest())
    client.close()
    jobs.relay()
    assert fresh(row).status == "人工处理"
    assert "409" in fresh(row).last_error
    fresh(row).send_again()
    jobs.relay()
    assert fresh(row).status == "人工处理"


def test_a_portal_that_is_down_costs_a_try_and_nothing_else(portal, desk, settings):
    row = desk.publication()
    settings.PORTAL_URL = "http://127.0.0.1:9"
    jobs.relay()
    assert (fresh(row).status, fresh(row).in_doubt) == ("失败（重试 1/8）", False)
    settings.PORTAL_URL = portal.url
    due_now()
    assert jobs.relay() == 1


def test_an_address_outside_the_portal_is_not_believed(portal, desk, settings):
    row = desk.publication()
    settings.PORTAL_PUBLIC_URL = "https://www.ccgp-anhui.gov.cn"
    jobs.relay()
    assert fresh(row).remote_url == ""
    assert "缺少公告编号或地址" in fresh(row).last_error


def test_a_missing_token_sends_nothing(portal, desk, settings):
    row = desk.publication()
    jobs.SIGNER.close()
    settings.PORTAL_TOKEN_LABEL = "absent"
    jobs.relay()
    assert "签名设备不可用" in fresh(row).last_error
    assert portal.get(f"/api/notices/by-key/{row.key}").status == 404


def test_a_lease_about_to_end_is_given_back_unsent(portal, desk, settings):
    row = desk.publication()
    settings.OUTBOX_LEASE_SECONDS = 1
    held = claim(CHANNEL)
    settings.PORTAL_TIMEOUT = 30
    assert send_batch(held, jobs.Portal(jobs.SIGNER)) == 0
    assert portal.get(f"/api/notices/by-key/{row.key}").status == 404
    assert not claim(CHANNEL)[0].doubted
