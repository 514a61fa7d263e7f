"""Corrections, terminations, and what is published by the clock."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from notices import jobs
from notices.announcements.models import Announcement
from notices.models import Publication
from procurement.flow.models import Conflict, Delivery, Desk
from procurement.flow.outbox import claim
from tests.notices.conftest import due_now

from . import makers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]
NEW = "/notices/announcements/new/"


def test_a_correction_begins_with_what_the_old_one_says(as_user, portal, unit, clerk, reviewer):
    older = makers.approved(unit, clerk, reviewer).perform("file", clerk)
    assert jobs.relay() == 1
    client = as_user(clerk)
    page = client.get(f"/notices/announcements/{older.pk}/").text
    assert f"{NEW}?kind=6&amp;of={older.pk}" in page
    form = client.get(f"{NEW}?kind=6&of={older.pk}").text
    for words in ("教学用台式计算机采购项目", "FSKY340001202600001号", f"{timezone.localdate()}", "采购公告"):
        assert words in form


def test_the_portal_shows_what_was_corrected(as_user, portal, unit, clerk, reviewer):
    older = makers.approved(unit, clerk, reviewer).perform("file", clerk)
    jobs.relay()
    client = as_user(clerk)
    client.post(f"{NEW}?kind=6&of={older.pk}", makers.posted(6, "submit"))
    newer = Announcement.objects.get(format=6).perform("approve", reviewer).perform("file", clerk)
    assert (newer.supersedes_id, newer.case) == (older.pk, older.case)
    body = newer.deliveries.get().body
    assert body["supersedes"] == older.deliveries.get().key
    assert older.title in body["html"]
    assert jobs.relay() == 1
    first, second = (
        portal.get(f"/notices/{one.remote_id}").text for one in Publication.objects.order_by("pk")
    )
    assert "已更正" in first
    assert newer.title in first
    assert older.title in second
    assert "已更正" in client.get("/notices/announcements/?tab=done").text
    assert (
        "kind=6" not in client.get(f"/notices/announcements/{older.pk}/").text
    )  # now it goes on from the newer


def test_a_termination_withdraws(as_user, portal, unit, clerk, reviewer):
    older = makers.approved(unit, clerk, reviewer, 4).perform("file", clerk)
    jobs.relay()
    as_user(clerk).post(f"{NEW}?kind=7&of={older.pk}", makers.posted(7, "submit"))
    newer = Announcement.objects.get(format=7).perform("approve", reviewer).perform("file", clerk)
    assert newer.deliveries.get().body["data"]["withdrawal"] is True
    jobs.relay()
    row = Publication.objects.get(document=older)
    assert "终止" in portal.get(f"/notices/{row.remote_id}").text
    assert newer.follow_obstacle(6)


def test_an_announcement_has_one_successor_only(as_user, unit, clerk, reviewer):
    older = makers.published(unit, clerk, reviewer)
    makers.announcement(unit, clerk, 6, supersedes=older)
    assert as_user(clerk).get(f"{NEW}?kind=7&of={older.pk}").status_code == 409
    second = makers.announcement(unit, clerk, 7, supersedes=older)
    with pytest.raises(ValidationError, match="请在该公告上继续办理"):
        second.perform("submit", clerk)


def test_what_does_not_stand_there_is_not_followed(as_user, unit, clerk, reviewer, stranger):
    draft, sending = makers.announcement(unit, clerk), makers.approved(unit, clerk, reviewer)
    sending.perform("file", clerk)
    done = makers.published(unit, clerk, reviewer)
    client = as_user(clerk)
    assert client.get(f"{NEW}?kind=6&of={draft.pk}").status_code == 409
    assert client.get(f"{NEW}?kind=6&of={sending.pk}").status_code == 409
    assert client.get(f"{NEW}?kind=3&of={done.pk}").status_code == 404
    assert as_user(stranger).get(f"{NEW}?kind=6&of={done.pk}").status_code == 404
    for key in ("0", "x", "", "９", "9" * 30):
        assert client.get(NEW, {"kind": "6", "of": key}).status_code == 404


def test_the_office_corrects_its_own(as_user, places, office_clerk):
    paper = makers.announcement(places.office, office_clerk, 11).perform("submit", office_clerk)
    assert paper.state == Desk.FILING  # what the office has decided is not reviewed by a unit
    paper = paper.perform("file", office_clerk)
    Publication.objects.update(state="sent", sent_at=timezone.now())
    client = as_user(office_clerk)
    answer = client.post(f"{NEW}?kind=6&of={paper.pk}", makers.posted(6, "submit"))
    assert answer.status_code == 302
    assert Announcement.objects.get(format=6).state == Desk.FILING


# --- by the clock -------------------------------------------------------------------------------------------


def test_what_has_its_time_is_not_sent_before(portal, unit, clerk, reviewer):
    at = timezone.now() + timedelta(hours=2)
    paper = makers.approved(unit, clerk, reviewer, 7, publish_at=at).perform("file", clerk)
    owed = paper.deliveries.get()
    assert owed.next_at == at
    assert "定时" in Announcement.objects.get(pk=paper.pk).publication_status
    assert jobs.relay() == 0
    assert not Publication.objects.get().send_again()  # by hand neither
    assert claim("portal") == []
    due_now()
    assert jobs.relay() == 1
    assert portal.get(f"/api/notices/by-key/{owed.key}").status == 200


def test_before_its_time_it_may_be_voided_and_is_never_sent(portal, unit, clerk, reviewer):
    at = timezone.now() + timedelta(hours=2)
    paper = makers.approved(unit, clerk, reviewer, 7, publish_at=at).perform("file", clerk)
    key = paper.deliveries.get().key
    paper = paper.perform("void", clerk, "采购人要求暂缓公告")
    assert (paper.state, Delivery.objects.count()) == (Desk.VOID, 0)
    assert jobs.relay() == 0
    assert portal.get(f"/api/notices/by-key/{key}").status == 404


def test_once_a_worker_has_it_voiding_comes_too_late(unit, clerk, reviewer):
    at = timezone.now() + timedelta(hours=2)
    paper = makers.approved(unit, clerk, reviewer, 7, publish_at=at).perform("file", clerk)
    Delivery.objects.update(fence=1)  # claimed between the look and the click
    with pytest.raises(Conflict, match="正在发布"):
        paper.perform("void", clerk, "采购人要求暂缓公告")
    assert Announcement.objects.get(pk=paper.pk).state == Desk.DONE
    Delivery.objects.update(next_at=timezone.now())
    assert Announcement.objects.get(pk=paper.pk).void_obstacle()


@pytest.mark.parametrize(("days", "why"), [(-1, "已经过去"), (200, "最多提前 180 天"), (100_000, "年份不对")])
def test_a_time_that_makes_no_sense_is_refused(as_user, clerk, days, why):
    at = f"{timezone.localdate() + timedelta(days=days)}T10:00"
    answer = as_user(clerk).post(f"{NEW}?kind=7", makers.posted(7, publish_at=at))
    assert answer.status_code == 200
    assert why in answer.text


def test_a_time_that_passed_while_it_was_reviewed_means_at_once(portal, unit, clerk, reviewer):
    paper = makers.approved(unit, clerk, reviewer, 7, publish_at=timezone.now() - timedelta(minutes=1))
    paper.perform("file", clerk)
    assert jobs.relay() == 1


def test_the_periods_count_from_the_scheduled_day(unit, clerk):
    """In time today, too late in three weeks."""
    at = timezone.now() + timedelta(days=21)
    paper = makers.announcement(unit, clerk, publish_at=at)
    with pytest.raises(ValidationError, match="公告发布日"):
        paper.perform("submit", clerk)
