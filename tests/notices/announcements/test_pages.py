"""Who opens what, what it costs, and what stands beside the fields."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notices.announcements.models import Announcement
from notices.models import Publication
from procurement.flow.models import Delivery, Desk, Document

from . import makers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]
HOME = "/notices/announcements/"


def cost(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_lists_cost_the_same_for_any_number_of_rows(as_user, unit, clerk, reviewer):
    makers.published(unit, clerk, reviewer)
    makers.announcement(unit, clerk)
    client, reading = as_user(clerk), as_user(reviewer)
    for page in (client, reading):
        page.get(HOME + ("review/" if page is reading else ""))
    few = cost(client, HOME + "?tab=all"), cost(reading, HOME + "review/?tab=all")
    for number in makers.UNIT_FORMATS:
        makers.announcement(unit, clerk, number)
    older = makers.published(unit, clerk, reviewer)
    makers.published(unit, clerk, reviewer, 6, supersedes=older)
    assert (cost(client, HOME + "?tab=all"), cost(reading, HOME + "review/?tab=all")) == few
    assert max(few) <= 6


def test_the_pages_of_one_paper_are_frugal(as_user, unit, clerk, reviewer):
    paper = makers.announcement(unit, clerk)
    client, address = as_user(clerk), f"{HOME}{paper.pk}/"
    client.get(address)
    assert cost(client, address) <= 9  # of them two to the calendar while it is open
    assert cost(client, address + "preview/") <= 5
    assert cost(client, address + "edit/") <= 10
    small = cost(client, address + "edit/")
    content = paper.content | {"demand": "很长" * 2000}
    Announcement.objects.filter(pk=paper.pk).update(content=content)
    assert cost(client, address + "edit/") == small
    done = makers.published(unit, clerk, reviewer)
    assert cost(client, f"{HOME}{done.pk}/") <= 8
    ready = makers.approved(unit, clerk, reviewer)
    with CaptureQueriesContext(connection) as asked:
        client.post(f"{HOME}{ready.pk}/moves/", {"verb": "file", "version": ready.version})
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) <= 14
    assert Announcement.objects.get(pk=ready.pk).state == Desk.DONE


def test_strangers_and_wrong_posts_are_kept_out(as_user, unit, clerk, reviewer, stranger, officer, viewer):
    paper = makers.announcement(unit, clerk)
    for page in ("", "edit/", "preview/", "print/", "moves/?verb=submit"):
        assert as_user(stranger).get(f"{HOME}{paper.pk}/{page}").status_code == 404
        assert as_user(officer).get(f"{HOME}{paper.pk}/{page}").status_code == 404  # not yet submitted
    for who, page in ((reviewer, ""), (reviewer, "new/?kind=3"), (officer, "new/"), (clerk, "review/")):
        assert as_user(who).get(HOME + page).status_code == 403
    assert as_user(viewer).get(HOME + "review/").status_code == 200
    assert as_user(reviewer).get(f"{HOME}{paper.pk}/edit/").status_code == 403


@pytest.mark.parametrize("kind", ["0", "1", "8", "10", "14", "x", "", "３", "9" * 30, "-3", "\x00"])
def test_what_is_no_format_of_ours_is_404(as_user, clerk, kind):
    assert as_user(clerk).get(HOME + "new/", {"kind": kind}).status_code == 404


def test_a_unit_writes_seven_formats_and_the_office_three(as_user, clerk, office_clerk):
    unit_page, office_page = (as_user(who).get(HOME + "new/").text for who in (clerk, office_clerk))
    for number in makers.UNIT_FORMATS:
        assert f'href="?kind={number}"' in unit_page
        assert as_user(office_clerk).get(HOME + "new/", {"kind": number}).status_code == 403
    for number in makers.OFFICE_FORMATS:
        assert f'href="?kind={number}"' in office_page
        assert as_user(clerk).get(HOME + "new/", {"kind": number}).status_code == 403
    for words in ("采购意向公告", "合同公告", "单一来源采购公示"):
        assert words in unit_page


def test_a_format_of_the_other_side_is_not_submitted(unit, clerk):
    paper = makers.announcement(unit, clerk, 11)
    with pytest.raises(ValidationError, match="不由本单位发布"):
        paper.perform("submit", clerk)


def test_a_draft_may_be_empty_and_a_submission_says_what_is_missing(as_user, clerk):
    client, empty = as_user(clerk), {"contact": "", "project_name": ""}
    data = makers.posted(3, given=dict.fromkeys(makers.content(3), "") | empty)
    assert client.post(HOME + "new/?kind=3", data).status_code == 302
    paper = Announcement.objects.get()
    answer = client.post(f"{HOME}{paper.pk}/edit/", data | {"action": "submit", "version": paper.version})
    assert answer.status_code == 200
    for words in ("请填写项目编号。", "请填写采购需求。", "请填写投标截止（开标）时间。"):
        assert words in answer.text
    assert 'id="id_c_project_no_error"' in answer.text


def test_too_short_a_period_is_said_beside_its_field_and_the_text_is_kept(as_user, clerk):
    today = timezone.localdate()
    given = makers.content(3, deadline=f"{today + timedelta(days=16)}T09:30", demand="<b>一百二十台</b>")
    answer = as_user(clerk).post(HOME + "new/?kind=3", makers.posted(3, "submit", given))
    assert 'id="id_c_deadline_error"' in answer.text
    assert "不得少于 20 日" in answer.text
    assert "&lt;b&gt;一百二十台&lt;/b&gt;" in answer.text
    assert not Announcement.objects.exists()


def test_periods_are_counted_again_at_the_click(unit, clerk, reviewer, monkeypatch):
    """Approved in time, published days later: the twenty days no longer fit."""
    paper = makers.approved(unit, clerk, reviewer)
    later = dict.fromkeys(("offer_from", "offer_to"), f"{timezone.localdate() - timedelta(days=1)}")
    Announcement.objects.filter(pk=paper.pk).update(content=paper.content | later)
    with pytest.raises(ValidationError, match="不能早于公告发布日"):
        paper.perform("file", clerk)
    assert not Delivery.objects.filter(document=paper).exists()
    assert Announcement.objects.get(pk=paper.pk).state == Desk.FILING


def test_the_reviewer_sees_what_changed_by_its_label(as_user, unit, clerk, reviewer):
    paper = makers.announcement(unit, clerk, 5).perform("submit", clerk)
    paper = paper.perform("send_back", reviewer, "供应商地址写错了", reason="other", to="clerk")
    given = makers.content(5)
    given["winners"][0]["address"] = "合肥市示例路 2 号"
    data = makers.posted(5, "submit", given | {"experts": "甲、乙、丙"}) | {"version": paper.version}
    assert as_user(clerk).post(f"{HOME}{paper.pk}/edit/", data).status_code == 302
    page = as_user(reviewer).get(f"{HOME}{paper.pk}/").text
    assert "修改 2 处" in page
    for words in ("中标（成交）供应商", "合肥市示例路 2 号", "甲、乙、丙"):
        assert words in page


def test_the_review_may_be_switched_off(settings, unit, clerk):
    settings.ANNOUNCEMENT_UNIT_REVIEW = False
    assert makers.announcement(unit, clerk).perform("submit", clerk).state == Desk.FILING


def test_nothing_secret_is_announced(unit, clerk, reviewer):
    paper = makers.announcement(unit, clerk, is_secret=True)
    with pytest.raises(ValidationError, match="涉密"):
        paper.perform("submit", clerk)
    approved = makers.approved(unit, clerk, reviewer)
    with transaction.atomic():
        Document.objects.filter(pk=approved.pk).update(is_secret=True)
        with pytest.raises(ValidationError, match="涉密"):
            Announcement.objects.get(pk=approved.pk).perform("file", clerk)
        with pytest.raises((IntegrityError, DataError)), transaction.atomic():
            Delivery.objects.create(
                channel="portal", key="x", document_id=approved.pk, body={}, body_sha256="0" * 64
            )
    assert not Publication.objects.exists()


def test_only_pdf_and_ofd_go_out_with_it(as_user, clerk, reviewer):
    client, data = as_user(clerk), makers.posted(7, "submit")
    picture = SimpleUploadedFile("现场.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50, "image/png")
    refused = client.post(HOME + "new/?kind=7", data | {"file:public": picture})
    assert "只能是 PDF 或 OFD" in refused.text
    paper = SimpleUploadedFile("终止决定.pdf", b"%PDF-1.7 x", "application/pdf")
    inside = SimpleUploadedFile("内部.pdf", b"%PDF-1.7 y", "application/pdf")
    client.post(HOME + "new/?kind=7", data | {"file:public": paper, "file:other": inside})
    made = Announcement.objects.get().perform("approve", reviewer).perform("file", clerk)
    (told,) = made.deliveries.get().body["data"]["attachments"]
    assert told == {
        "name": "终止决定.pdf", "size": 10, "mime": "application/pdf",
        "sha256": sha256(b"%PDF-1.7 x").hexdigest(),
    }  # fmt: skip
    assert made.attachments.get(is_public=True).sha256 == told["sha256"]
    assert "终止决定.pdf" in client.get(f"{HOME}{made.pk}/preview/").text
