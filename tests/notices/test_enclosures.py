"""Public attachments: they arrive with their notice, under their hash; private ones never leave."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from notices import jobs
from notices.enclosures import release
from notices.models import Difference, Publication
from notices.workbench.comparing import changes
from notices.workbench.jobs import inspect_one
from procurement.flow.attachments import Attachment
from procurement.sealing import jobs as sealing
from procurement.sealing import rendering
from procurement.sealing.models import SealedPaper
from tests.notices.conftest import due_now

pytestmark = pytest.mark.django_db
OPEN, INNER = b"%PDF-1.7 open to everybody", b"%PDF-1.7 for the office only"
FAULTS = ["500", "429", "error_body", "garbage", "reset", "reset_after", "timeout"]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def owed(portal, desk, settings, tmp_path):
    """A notice with a public and a private attachment: (paper, row)."""
    settings.MEDIA_ROOT, settings.PORTAL_CHECK_RATE = str(tmp_path), 100_000

    @transaction.atomic
    def owe(*contents: bytes):
        paper = desk.paper()
        for place, content in enumerate([*contents, INNER]):
            category = "inner" if content == INNER else "open"
            upload = SimpleUploadedFile(f"<论证>材料 {place}.pdf", content, "application/pdf")
            Attachment.receive(paper, upload, category, desk.clerk)
        data = {"attachments": release(paper, "open")}
        row = Publication.announce(paper, title="带附件的公示", html="<p>正文</p>", data=data)
        return paper, Publication.objects.get(pk=row.pk)

    return owe


def again(row) -> Publication:
    return Publication.objects.get(pk=row.pk)


def test_public_attachments_are_published_whole_and_private_ones_never_leave(owed, portal):
    before = portal.stats().get("files", 0)
    first, second = OPEN + b" of this test", OPEN + b" two"  # the portal keeps one file of each content
    paper, row = owed(first, second)
    assert jobs.relay() == 1
    number = again(row).remote_id
    page = portal.get(f"/notices/{number}").text
    for place, content in enumerate([first, second], 1):
        taken = portal.get(f"/notices/{number}/files/{place}")
        assert (taken.status, taken.body) == (200, content)
        assert taken.headers["content-type"] == "application/pdf"
        assert taken.headers["content-disposition"].startswith("attachment")
        assert taken.headers["content-security-policy"].startswith("sandbox")
        assert f'href="/notices/{number}/files/{place}"' in page
        assert sha256(content) in page
    assert "&lt;论证&gt;材料 0.pdf" in page
    assert portal.stats()["files"] == before + 2
    assert portal.get(f"/api/files/{sha256(INNER)}").status == 404
    for place in ("0", "3", "x", "1/2", "%EF%BC%99"):
        assert portal.get(f"/notices/{number}/files/{place}").status == 404
    assert sha256(INNER) not in str(row.body)
    assert list(paper.attachments.filter(is_public=False).values_list("sha256", flat=True)) == [sha256(INNER)]


@pytest.mark.parametrize("mode", FAULTS)
def test_a_fault_with_an_attachment_delays_the_notice_and_doubles_nothing(owed, portal, mode):
    content = OPEN + mode.encode()
    _, row = owed(content)
    portal.fault(mode, target="file", times=1, seconds=5)
    assert jobs.relay() == 0
    held = again(row)
    assert (held.state, held.attempts, held.in_doubt) == ("pending", 1, False)
    assert portal.get(f"/api/notices/by-key/{row.key}").status == 404
    due_now()
    assert jobs.relay() == 1
    assert portal.get(f"/notices/{again(row).remote_id}/files/1").body == content
    assert portal.stats()["receipts"][row.key] == 1


@pytest.mark.parametrize("damage", ["gone", "changed", "private"])
def test_a_lost_or_private_file_stops_its_notice_before_a_person(owed, portal, damage):
    paper, row = owed(OPEN + damage.encode())
    file = paper.attachments.get(is_public=True)
    if damage == "gone":
        file.file.storage.delete(file.file.name)
    elif damage == "changed":
        with open(file.file.path, "wb") as stored:
            stored.write(b"%PDF-1.7 other")
    else:
        Attachment.objects.filter(pk=file.pk).update(is_public=False)
    assert jobs.relay() == 0
    held = again(row)
    assert held.state == "manual"
    assert "缺失或已损坏" in held.last_error
    assert portal.get(f"/api/notices/by-key/{row.key}").status == 404


def test_a_file_that_was_swapped_or_removed_at_the_portal_is_found(owed, portal):
    content = OPEN + b" truth"
    _, row = owed(content)
    jobs.relay()
    assert inspect_one(row.pk)
    assert not Difference.objects.exists()
    portal.tamper(row.key, file=sha256(content), content="%PDF-1.7 swapped")
    inspect_one(row.pk)
    found = Difference.objects.get(closed_at=None)
    (change,) = changes(row.body, found.copy)
    assert (change.label, change.old) == ("附件 1 的校验值", sha256(content))
    assert change.new == sha256(b"%PDF-1.7 swapped")
    portal.fault("500", target="download", times=1)
    assert not inspect_one(row.pk)  # no answer is no difference
    portal.tamper(row.key, file=sha256(content))
    inspect_one(row.pk)
    assert changes(row.body, Difference.objects.get(closed_at=None).copy)[0].new == ""
    assert Difference.objects.count() == 2


def test_the_sealed_paper_and_its_check_name_each_attachment_with_its_hash(owed, portal):
    _, row = owed(OPEN)
    jobs.relay()
    for work in (sealing.order_published, sealing.render, sealing.sign):
        work()
    paper = SealedPaper.objects.get(number=row.key)
    html = rendering.html(paper)
    assert "材料 0.pdf" in html
    assert sha256(OPEN) in html
    answer = Client().get("/verify/", {"number": paper.number, "code": paper.code}).content.decode()
    assert sha256(OPEN) in answer
