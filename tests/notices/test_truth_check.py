"""The nightly truth check against the sandbox: drift is found, heals, and a portal's faults are no drift."""

import pytest
from django.utils import timezone

from notices import jobs
from notices.models import Difference, Event, Inspection
from notices.portal import Portal
from notices.workbench import inspecting
from notices.workbench.jobs import inspect, inspect_one

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(settings):
    """No pacing."""
    settings.PORTAL_CHECK_RATE = 100_000


@pytest.fixture
def sent(portal, desk):
    """Publishes that many notices; what earlier tests left at the portal goes first."""
    for key in portal.stats()["receipts"]:
        portal.tamper(key, remove=True)

    def publish(number: int = 1):
        rows = [desk.publication(title=f"第{n}份公告") for n in range(number)]
        assert jobs.relay() == number
        return rows

    return publish


def night() -> Inspection:
    """One whole pass, as of a new day."""
    Inspection.objects.all().delete()
    assert inspect() is False
    return Inspection.objects.get()


def found() -> list[tuple]:
    rows = Difference.objects.filter(closed_at=None).order_by("pk")
    return [(row.key, row.kind, (row.copy or {}).get("title", "")) for row in rows]


def test_a_portal_that_tells_the_truth_leaves_no_difference(sent):
    sent(45)  # more than two batches
    done = night()
    assert (done.stage, done.checked, done.unread, done.found) == ("done", 45, 0, 0)
    assert found() == []


def test_a_changed_a_missing_and_a_foreign_notice_are_found_and_heal(sent, portal):
    _whole, changed, gone = sent(3)
    portal.tamper(changed.key, set={"title": "被改过的公告"})
    portal.tamper("intent-99999-1", like=gone.key)
    portal.tamper(gone.key, remove=True)
    done = night()
    assert done.found == 3
    expected = [
        (changed.key, "content", "被改过的公告"),
        (gone.key, "missing", ""),
        ("intent-99999-1", "stray", "第2份公告"),
    ]
    assert found() == expected
    assert night().found == 0  # the same again is no news
    assert found() == expected
    portal.tamper(changed.key, set={"title": "第1份公告"})
    portal.tamper(gone.key, like="intent-99999-1")
    portal.tamper("intent-99999-1", remove=True)
    night()
    assert found() == []
    assert set(Difference.objects.values_list("outcome", flat=True)) == {"healed"}
    told = Event.objects.filter(delivery=changed).values_list("what", "text")
    assert list(told) == [("differs", "内容不一致"), ("healed", "内容不一致")]


def test_a_difference_that_changes_is_kept_and_followed_by_another(sent, portal):
    (row,) = sent()
    for text in ("<p>甲</p>", "<p>乙</p>"):
        portal.tamper(row.key, set={"html": text})
        night()
    first, second = Difference.objects.order_by("pk")
    assert (first.outcome, first.copy["html"]) == ("changed", "<p>甲</p>")
    assert (second.outcome, second.copy["html"]) == ("", "<p>乙</p>")


@pytest.mark.parametrize("mode", ["500", "429", "error_body", "garbage", "reset", "timeout", "slow"])
def test_a_fault_of_the_portal_is_no_drift_and_the_pass_goes_on_later(sent, portal, settings, mode):
    sent(4)
    settings.PORTAL_TIMEOUT = 1 if mode == "timeout" else 10
    portal.fault(mode, target="copy", seconds=0.05 if mode == "slow" else 5)
    assert inspect() is False
    row = Inspection.objects.get()
    assert (row.stage == "done", bool(row.last_error)) == (mode == "slow", mode != "slow")
    portal.fault("none")
    settings.PORTAL_TIMEOUT = 10
    inspect()
    row.refresh_from_db()
    assert (row.stage, row.checked, row.unread, row.last_error) == ("done", 4, 0, "")
    assert found() == []


def test_a_single_fault_costs_one_notice_for_one_night(sent, portal):
    sent(4)
    portal.fault("500", target="copy", times=1)
    done = night()
    assert (done.stage, done.checked, done.unread) == ("done", 3, 1)
    assert found() == []


def test_a_portal_that_is_down_stops_the_pass_and_nothing_else(sent, portal, settings):
    sent()
    settings.PORTAL_URL = "http://127.0.0.1:9"
    assert inspect() is False
    assert "无法连接门户" in Inspection.objects.get().last_error
    assert found() == []
    settings.PORTAL_URL = portal.url
    inspect()
    assert Inspection.objects.get().stage == "done"


def test_a_list_that_fails_is_asked_again_and_one_that_does_not_exist_is_done_without(sent, portal):
    (row,) = sent()
    portal.tamper("intent-99998-1", like=row.key)
    portal.fault("500", target="listing", times=2)
    assert night().stage == "done"
    assert found() == [("intent-99998-1", "stray", "第0份公告")]
    portal.fault("500", target="listing")
    assert night().stage == "listing"
    assert len(found()) == 1


class Killed(BaseException):
    """As if the process ended here."""


@pytest.mark.parametrize("after", range(3))
def test_a_killed_pass_goes_on_where_it_stopped(sent, portal, monkeypatch, after):
    rows = sent(45)
    portal.tamper(rows[3].key, set={"title": "被改过"})
    portal.tamper(rows[41].key, set={"title": "被改过"})
    kept = inspecting.Reader.keep
    calls = iter(range(9))

    def dies(self, *arguments, **changes):
        if next(calls) == after:
            raise Killed
        return kept(self, *arguments, **changes)

    before = portal.stats().get("copies", 0)
    with monkeypatch.context() as patch:
        patch.setattr(inspecting.Reader, "keep", dies)
        with pytest.raises(Killed):
            inspect()
    inspect()
    row = Inspection.objects.get()
    assert (row.stage, row.checked, row.found) == ("done", 45, 2)
    assert len(found()) == 2
    assert portal.stats()["copies"] - before <= 45 + inspecting.BATCH  # at most the lost batch twice


def test_a_pass_taken_over_writes_nothing_more(sent, portal):
    (row,) = sent()
    portal.tamper(row.key, set={"title": "被改过"})
    first, second = (inspecting.claim() for _ in range(2))
    assert second is None  # one at a time
    Inspection.objects.update(lease_until=timezone.now())
    assert inspecting.claim().fence == first.fence + 1
    reader = inspecting.Reader(Portal(jobs.SIGNER), first)
    with pytest.raises(inspecting.Stopped):
        inspecting.read_notices(reader)
    reader.portal.close()
    assert found() == []


def test_what_is_not_out_yet_is_not_asked_for(sent, desk, portal):
    sent()
    desk.publication(title="还没有发")
    before = portal.stats().get("copies", 0)
    night()
    assert portal.stats()["copies"] == before + 1


def test_one_notice_is_checked_because_a_person_asked(sent, portal):
    (row,) = sent()
    portal.tamper(row.key, set={"unit": "另一单位"})
    assert inspect_one(row.pk)
    assert found() == [(row.key, "content", "第0份公告")]
    portal.fault("500", target="copy", times=1)
    assert not inspect_one(row.pk)
    assert len(found()) == 1
    portal.tamper(row.key, set={"unit": "安徽示例大学"})
    assert inspect_one(row.pk)
    assert found() == []


def test_the_pace_is_kept(sent, settings):
    sent(6)
    settings.PORTAL_CHECK_RATE = 50
    began = timezone.now()
    night()
    assert (timezone.now() - began).total_seconds() >= 5 / 50
