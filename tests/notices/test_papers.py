"""Everything the portal has published gets one sealed paper, under the code that went out with it."""

import hashlib
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notices import jobs
from notices.models import Publication
from procurement.sealing import checking, offline, published, rendering
from procurement.sealing import jobs as sealing
from procurement.sealing.models import SealedPaper

pytestmark = pytest.mark.django_db


@pytest.fixture
def out(portal, desk, settings, tmp_path):
    """Publishes a notice and lets the workers make its paper: (row, paper)."""
    settings.MEDIA_ROOT = str(tmp_path)

    def publish(**options):
        row = desk.publication(title="安徽示例大学采购意向", **options)
        jobs.relay()
        for work in (sealing.order_published, sealing.render, sealing.sign):
            work()
        return Publication.objects.get(pk=row.pk), SealedPaper.objects.get(number=row.key)

    return publish


def test_the_portals_page_leads_to_the_check_of_the_paper(out, portal, hsm):
    row, paper = out()
    told = row.body["data"]["paper"]
    assert (told["number"], told["code"]) == (paper.number, paper.code)
    page = portal.get(f"/notices/{row.remote_id}").text
    assert told["address"].replace("&", "&amp;") in page
    answer = Client().get("/verify/?" + told["address"].partition("?")[2]).content.decode()
    for text in ("文件真实有效", row.remote_url, row.body_sha256, "安徽示例大学"):
        assert text in answer
    with paper.file.open() as file:
        found = offline.verify(file.read(), (hsm.trust / "portal.pem").read_bytes())
    assert found.fingerprint == hsm.keyid


def test_the_same_row_is_drawn_to_the_same_bytes(out):
    _, paper = out()
    assert hashlib.sha256(rendering.render(paper)).hexdigest() == paper.pdf_sha256


def test_a_paper_is_ordered_once_and_only_of_what_is_out(portal, desk, settings, tmp_path):
    desk.publication(title="甲")
    assert sealing.order_published() == 0
    jobs.relay()
    assert sealing.order_published() == 1
    assert sealing.order_published() == 0
    assert sealing.order_missed() == 0
    assert SealedPaper.objects.count() == 1


def test_what_came_out_while_no_worker_ordered_papers_is_caught_up_at_night(
    portal, desk, settings, monkeypatch
):
    monkeypatch.setattr(published, "BATCH", 2)
    long_ago = timezone.now() - published.RECENT - timedelta(hours=1)
    rows = [desk.publication(title=f"第 {number} 份") for number in range(5)]
    jobs.relay()
    Publication.objects.update(sent_at=long_ago)
    assert sealing.order_published() == 0
    assert sealing.order_missed() == len(rows)
    assert sealing.order_missed() == 0
    assert {paper.number for paper in SealedPaper.objects.all()} == {row.key for row in rows}
    assert "procurement.sealing.jobs.order_missed" in {
        entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()
    }


def test_what_was_published_before_codes_were_sent_gets_a_code_all_the_same(portal, desk):
    row = desk.publication()
    body = row.body | {"data": {}}
    Publication.objects.filter(pk=row.pk).update(body=body)
    jobs.relay()
    Publication.objects.filter(pk=row.pk).update(state="sent", sent_at=row.created_at, remote_id="1")
    assert sealing.order_published() == 1
    assert len(SealedPaper.objects.get().verify_code) == 12


def test_a_notice_that_replaces_another_ends_its_papers_validity(out):
    old, paper = out()
    _, newer = out(supersedes=old.key)
    paper.refresh_from_db()
    assert checking.by_code(paper.number, paper.code).answer == "withdrawn"
    assert checking.by_code(newer.number, newer.code).answer == "valid"


def test_the_paper_stands_on_the_workbench(publication, portal, as_user, clerk, stranger, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    row = publication()
    for work in (jobs.relay, sealing.order_published, sealing.render, sealing.sign):
        work()
    paper = SealedPaper.objects.get(number=row.key)
    page = as_user(clerk).get(f"/notices/{row.pk}/").content.decode()
    assert paper.code in page
    assert f"/sealed/{paper.pk}/file/" in page
    assert as_user(clerk).get(f"/sealed/notices/{row.key}/")["Location"] == f"/sealed/{paper.pk}/file/"
    assert as_user(stranger).get(f"/sealed/notices/{row.key}/").status_code == 404
