"""The file, its progress and another try: who may, who may not, on record."""

import pytest

from procurement.sealing.models import SealedDownload, SealedPaper

from .conftest import made, order


@pytest.fixture
def paper(sealing, document):
    document.submitted_at = document.created_at
    document.save(update_fields=["submitted_at"])
    return order(document)


def test_whoever_sees_the_document_gets_the_file_and_it_is_noted(as_user, paper, clerk, officer):
    made(paper)
    for person in (clerk, officer):
        answer = as_user(person).get(f"/sealed/{paper.pk}/file/")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith(f'attachment; filename="{paper.number}.pdf"')
        assert "sandbox" in answer["Content-Security-Policy"]
        assert b"".join(answer.streaming_content).startswith(b"%PDF-1.7")
    assert list(SealedDownload.objects.order_by("pk").values_list("by", flat=True)) == [clerk.pk, officer.pk]


def test_only_a_get_takes_the_file(as_user, paper, clerk):
    made(paper)
    for verb in ("head", "post", "put"):
        assert getattr(as_user(clerk), verb)(f"/sealed/{paper.pk}/file/").status_code == 405
    assert not SealedDownload.objects.exists()


@pytest.mark.parametrize("page", ["file", "state"])
def test_a_stranger_finds_nothing_and_nobody_gets_in_unasked(as_user, client, paper, stranger, page):
    made(paper)
    assert as_user(stranger).get(f"/sealed/{paper.pk}/{page}/").status_code == 404
    assert client.get(f"/sealed/{paper.pk}/{page}/").status_code == 302
    assert not SealedDownload.objects.exists()


def test_before_it_is_sealed_there_is_no_file(as_user, paper, clerk):
    assert as_user(clerk).get(f"/sealed/{paper.pk}/file/").status_code == 404


def test_a_lost_file_is_not_found_and_not_a_crash(as_user, paper, clerk):
    made(paper)
    paper.file.storage.delete(paper.file.name)
    assert as_user(clerk).get(f"/sealed/{paper.pk}/file/").status_code == 404


def test_the_progress_tells_every_state(as_user, paper, clerk, django_assert_max_num_queries):
    client, address = as_user(clerk), f"/sealed/{paper.pk}/state/"
    with django_assert_max_num_queries(6):
        page = client.get(address).content.decode()
    assert f'data-poll="{address}"' in page
    assert "排队中" in page
    made(paper)
    page = client.get(address).content.decode()
    assert "data-poll" not in page
    assert f"/sealed/{paper.pk}/file/" in page
    assert paper.code in page
    paper.withdraw()
    assert "已撤销，文件不再有效" in client.get(address).content.decode()


def test_a_failure_is_told_and_tried_again_by_clerk_or_office_only(
    as_user, paper, clerk, officer, reviewer, stranger
):
    SealedPaper.objects.update(state="failed", error="排版失败（ValueError）", attempts=8)
    address = f"/sealed/{paper.pk}/retry/"
    assert as_user(reviewer).post(address).status_code == 403
    assert as_user(stranger).post(address).status_code == 404
    page = as_user(clerk).get(f"/sealed/{paper.pk}/state/").content.decode()
    assert "生成失败：排版失败（ValueError）" in page
    assert address in page
    assert address not in as_user(reviewer).get(f"/sealed/{paper.pk}/state/").content.decode()
    assert as_user(clerk).get(address).status_code == 405
    answer = as_user(officer).post(address, headers={"Referer": "http://testserver/plans/"})
    assert answer.url == "http://testserver/plans/"
    assert as_user(clerk).post(address, headers={"Referer": "http://evil.example/"}).url == "/"
    paper.refresh_from_db()
    assert (paper.state, paper.attempts) == ("ordered", 0)


@pytest.mark.parametrize("pk", ["0", "99999999999999999999"])
def test_a_number_that_is_none_is_not_found(as_user, db, clerk, pk):
    for page in ("file", "state"):
        assert as_user(clerk).get(f"/sealed/{pk}/{page}/").status_code == 404
