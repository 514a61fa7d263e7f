"""From the order to the sealed file, and what may happen on the way."""

import hashlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from procurement.flow.codes import ALPHABET
from procurement.flow.snapshots import digest
from procurement.sealing import jobs, queue
from procurement.sealing.models import SealedPaper

from .conftest import made, order


def files(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def due_now() -> None:
    """Time passes: leases run out, what waits for its next try is due."""
    SealedPaper.objects.update(next_at=Now(), lease_until=None)


def test_an_order_becomes_one_sealed_file(sealing, document, settings):
    paper = order(document)
    assert (paper.state, paper.revision, paper.snapshot_sha256) == ("ordered", 1, digest(paper.snapshot))
    assert set(paper.verify_code) <= set(ALPHABET)
    assert paper.verify_url.startswith(f"{settings.PUBLIC_BASE_URL}/verify/?number=RW")
    made(paper)
    (file,) = files(settings)
    content = file.read_bytes()
    assert paper.state == "sealed"
    assert (paper.size, paper.file_sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert paper.mark.encode() in content
    assert paper.pdf_sha256 != paper.file_sha256
    assert "weasyprint" in paper.renderer
    assert SealedPaper.objects.due("ordered").count() == SealedPaper.objects.due("rendered").count() == 0


def test_an_order_is_part_of_the_decision_or_is_not(sealing, document, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as woken, transaction.atomic():
        order(document)
        transaction.set_rollback(True)
    assert not SealedPaper.objects.exists()
    assert not woken


@pytest.mark.django_db(transaction=True)
def test_an_order_outside_a_transaction_is_a_mistake(document):
    with pytest.raises(transaction.TransactionManagementError):
        SealedPaper.order(document, "trial", title="试验", number="RW1", snapshot={})


def test_the_database_wants_the_file_of_what_is_sealed(sealing, document):
    paper = order(document)
    with pytest.raises(IntegrityError), transaction.atomic():
        SealedPaper.objects.filter(pk=paper.pk).update(state="sealed")
    with pytest.raises(IntegrityError), transaction.atomic():
        SealedPaper.objects.filter(pk=paper.pk).update(state="withdrawn")
    with pytest.raises(IntegrityError), transaction.atomic():
        order(document, number=paper.number)


def test_resealing_makes_a_new_revision_of_the_same_content(sealing, document, clerk):
    first = order(document)
    with pytest.raises(ValidationError, match="还在生成"), transaction.atomic():
        first.reseal(clerk)
    made(first)
    with transaction.atomic():
        second = first.reseal(clerk)
    made(second)
    assert (second.number, second.revision, second.state) == (first.number, 2, "sealed")
    assert second.snapshot == first.snapshot
    assert second.verify_code != first.verify_code
    assert second.ordered_by == clerk
    assert list(SealedPaper.objects.newest()) == [second]


def test_withdrawing_ends_every_revision(sealing, document, clerk):
    first = made(order(document))
    with transaction.atomic():
        second = first.reseal(clerk)
    second.withdraw()
    assert jobs.render() == 0, "nobody draws what is withdrawn"
    assert set(SealedPaper.objects.values_list("state", flat=True)) == {"withdrawn"}
    first.refresh_from_db()
    assert first.withdrawn_at
    assert first.file, "the file stays on record"
    with pytest.raises(ValidationError, match="已撤销"), transaction.atomic():
        first.reseal(clerk)


def test_a_paper_withdrawn_while_it_is_signed_stays_withdrawn(sealing, document, settings):
    paper = order(document)
    jobs.render()
    claimed = queue.claim(SealedPaper.objects, "rendered")
    paper.withdraw()
    assert not jobs.put_seal(claimed)
    paper.refresh_from_db()
    assert (paper.state, paper.file.name) == ("withdrawn", "")


def test_a_worker_that_woke_up_too_late_changes_nothing(sealing, document, settings):
    paper = order(document)
    late = queue.claim(SealedPaper.objects, "ordered")
    assert queue.claim(SealedPaper.objects, "ordered") is None, "it is on lease"
    due_now()
    made(paper)
    assert not jobs.draw(late)
    assert len(files(settings)) == 1
    paper.refresh_from_db()
    assert paper.state == "sealed"


@pytest.mark.parametrize("harm", ["lost", "damaged"])
def test_a_rendering_that_is_gone_is_made_again(sealing, document, settings, harm):
    paper = order(document)
    jobs.render()
    (file,) = files(settings)
    file.unlink() if harm == "lost" else file.write_bytes(b"%PDF-1.7 something else")
    assert jobs.sign() == 0
    assert made(paper).state == "sealed"


def test_one_that_cannot_be_drawn_holds_up_nobody_and_waits_for_a_person(sealing, document, settings):
    settings.OUTBOX_DELAYS = [0, 0]
    bad = order(document, template="no such kind")
    good = order(document)
    made(good)
    assert good.state == "sealed"
    bad.refresh_from_db()
    assert (bad.state, bad.attempts) == ("failed", 3)
    assert "排版失败" in bad.error
    assert bad.try_again()
    assert not good.try_again()
    bad.refresh_from_db()
    assert (bad.state, bad.attempts) == ("ordered", 0)


def test_what_kills_its_worker_every_time_is_not_tried_for_ever(sealing, document, settings):
    settings.OUTBOX_DELAYS = [0]
    paper = order(document)
    for _ in range(2):
        assert queue.claim(SealedPaper.objects, "ordered") == paper  # and the worker dies
        due_now()
    assert queue.claim(SealedPaper.objects, "ordered") is None
    paper.refresh_from_db()
    assert (paper.state, paper.error) == ("failed", "多次生成未完成，请联系技术支持。")


def test_without_the_token_the_paper_waits(sealing, document, settings):
    jobs.SIGNER.close()
    label, settings.PORTAL_TOKEN_LABEL = settings.PORTAL_TOKEN_LABEL, "pulled out"
    paper = made(order(document))
    assert (paper.state, paper.attempts) == ("rendered", 1)
    assert "签名设备不可用" in paper.error
    settings.PORTAL_TOKEN_LABEL = label
    due_now()
    assert made(paper).state == "sealed"
    assert paper.error == ""
