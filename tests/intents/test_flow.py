"""The whole path of M 3.3 over HTTP: entry, review, return, resubmission, approval, 发布."""

import pytest

from intents.models import Intent
from notices.models import Publication
from procurement.flow.models import Desk, Move

from . import makers

pytestmark = pytest.mark.django_db


def move(client, paper, verb: str, **data):
    paper.refresh_from_db(fields=["version"])
    return client.post(f"/intents/{paper.pk}/moves/", {"verb": verb, "version": paper.version} | data)


def test_a_ticked_quota_fills_the_form_and_is_submitted(as_user, clerk, confirmed):
    client = as_user(clerk)
    assert confirmed.quota.project_name in client.get("/intents/new/").text
    form = client.get(f"/intents/new/?c={confirmed.pk}&next=1")
    assert 'value="900000.00"' in form.text
    assert 'value="教学设备更新"' in form.text
    paper = submitted(client, confirmed)
    assert (paper.state, paper.amount) == (Desk.UNIT, 600_000)
    assert paper.case == confirmed.quota.case


def submitted(client, confirmed) -> Intent:
    """Entered over HTTP from one ticked confirmation."""
    data = makers.posted(makers.row(confirmed), action="submit")
    done = client.post(f"/intents/new/?c={confirmed.pk}&next=1", data)
    paper = Intent.objects.get()
    assert done.url == f"/intents/{paper.pk}/"
    return paper


def test_a_returned_notice_comes_again_with_its_differences(as_user, clerk, reviewer, confirmed):
    unit_clerk, unit_reviewer = as_user(clerk), as_user(reviewer)
    paper = submitted(unit_clerk, confirmed)
    why = {"to": "clerk", "reason": "demand", "opinion": "请补充需求说明"}
    assert move(unit_reviewer, paper, "send_back", **why).status_code == 302
    assert "请补充需求说明" in unit_clerk.get(f"/intents/{paper.pk}/edit/").text
    row = makers.row(confirmed, id=paper.items.get().pk, amount="700000")
    again = makers.posted(row, action="submit", initial=1, version=Intent.objects.get().version)
    assert unit_clerk.post(f"/intents/{paper.pk}/edit/", again).status_code == 302
    seen = unit_reviewer.get(f"/intents/{paper.pk}/").text
    assert "与上次提交的差异" in seen
    assert "700,000.00" in seen


def test_an_approved_notice_waits_for_the_clerk_and_is_published_once(as_user, clerk, reviewer, confirmed):
    unit_clerk, paper = as_user(clerk), submitted(as_user(clerk), confirmed)
    assert move(as_user(reviewer), paper, "approve", opinion="同意").status_code == 302
    assert Intent.objects.get().state == Desk.FILING
    assert not Publication.objects.exists()  # approval alone publishes nothing
    listed = unit_clerk.get("/intents/?tab=done").text
    assert f"/intents/{paper.pk}/moves/?verb=file" in listed
    assert "待发布" in listed
    assert move(unit_clerk, paper, "file").status_code == 302
    publication = Publication.objects.get()
    assert publication.document_id == paper.pk
    assert publication.body["kind"] == "intent"
    assert publication.body["data"]["items"][0]["amount"] == "600000.00"
    assert "发布中" in unit_clerk.get("/intents/?tab=done").text
    verbs = list(Move.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["submit", "approve", "file"]


def test_a_second_click_on_publish_owes_nothing_more(as_user, unit, clerk, reviewer, confirmed):
    paper = makers.approved(unit, clerk, reviewer, makers.item(confirmed))
    client, version = as_user(clerk), paper.version
    first, second = (
        client.post(f"/intents/{paper.pk}/moves/", {"verb": "file", "version": version}) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (302, 409)
    assert Publication.objects.count() == 1


@pytest.mark.parametrize(
    ("persona", "verb", "at", "status"),
    [
        ("clerk", "file", "draft", 409),
        ("clerk", "file", "submitted", 409),
        ("clerk", "approve", "submitted", 403),
        ("reviewer", "approve", "draft", 409),
        ("reviewer", "file", "approved", 403),
        ("reviewer", "submit", "draft", 403),
        ("clerk", "void", "published", 403),
        ("clerk", "withdraw", "approved", 409),
        ("officer", "approve", "submitted", 403),
        ("stranger", "submit", "draft", 404),
        ("stranger", "file", "approved", 404),
    ],
)
def test_the_wrong_order_or_post_is_refused(
    request, as_user, unit, clerk, reviewer, confirmed, persona, verb, at, status
):
    paper = makers.intent(unit, clerk, makers.item(confirmed))
    steps = {"draft": [], "submitted": ["submit"], "approved": ["submit", "approve"]}
    for step in steps.get(at, ["submit", "approve", "file"]):
        paper = paper.perform(step, reviewer if step == "approve" else clerk)
    before = Move.objects.count()
    client = as_user(request.getfixturevalue(persona))
    answer = client.post(f"/intents/{paper.pk}/moves/", {"verb": verb, "version": paper.version})
    assert answer.status_code == status
    assert Move.objects.count() == before


def test_an_empty_paper_is_not_submitted(unit, clerk, as_user):
    paper = makers.intent(unit, clerk)
    answer = as_user(clerk).post(f"/intents/{paper.pk}/moves/", {"verb": "submit", "version": paper.version})
    assert answer.status_code == 200
    assert "请至少填写一个采购项目" in answer.text


def test_an_approved_notice_may_be_voided_before_it_is_published(unit, clerk, reviewer, confirmed):
    paper = makers.approved(unit, clerk, reviewer, makers.item(confirmed))
    assert paper.perform("void", clerk, "项目已取消，不再公开").state == Desk.VOID
    assert not Publication.objects.exists()
