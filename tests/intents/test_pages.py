"""Every page: what it costs, who may open it, what it shows."""

import pytest

from intents.models import Intent
from procurement.flow.models import Desk
from tests.world import fresh

from . import makers

pytestmark = pytest.mark.django_db
ROWS = 25  # more than a page


@pytest.fixture
def many(unit, clerk, reviewer, confirmed):
    """Many papers on every desk, the last with many rows."""
    items = [makers.item(confirmed, project_name=f"设备 {number}") for number in range(40)]
    for _ in range(ROWS):
        makers.intent(unit, clerk, makers.item(confirmed))
        makers.intent(unit, clerk, makers.item(confirmed)).perform("submit", clerk)
    for _ in range(5):
        makers.published(unit, clerk, reviewer, makers.item(confirmed))
    return makers.intent(unit, clerk, *items).perform("submit", clerk)


def queries(client, address: str, counter, method: str = "get", **data) -> int:
    client.get(address)  # what is remembered for a while is remembered now
    with counter() as seen:
        answer = getattr(client, method)(address, data)
    assert answer.status_code in (200, 302)
    return len([q for q in seen if "SAVEPOINT" not in q["sql"]])


@pytest.fixture
def counted():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)


@pytest.mark.parametrize("tab", ["draft", "returned", "review", "done", "void", "all"])
def test_a_list_costs_six_queries_at_most(as_user, clerk, many, counted, tab):
    assert queries(as_user(clerk), f"/intents/?tab={tab}", counted) <= 6


def test_the_review_list_costs_six_queries_at_most(as_user, reviewer, many, counted):
    assert queries(as_user(reviewer), "/intents/review/", counted) <= 6


def test_the_quota_list_to_tick_costs_six_queries_at_most(as_user, unit, clerk, many, counted):
    for number in range(ROWS):
        makers.confirmation(unit, clerk, name=f"项目 {number}")
    assert queries(as_user(clerk), "/intents/new/", counted) <= 6


@pytest.mark.parametrize("persona", ["clerk", "reviewer", "viewer", "auditor", "officer", "divisional"])
def test_a_paper_with_forty_rows_costs_nine_queries_at_most(request, as_user, many, counted, persona):
    client = as_user(request.getfixturevalue(persona))
    assert queries(client, f"/intents/{many.pk}/", counted) <= 9


def test_a_published_paper_costs_nine_queries_at_most(as_user, clerk, many, counted):
    paper = Intent.objects.filter(state=Desk.DONE).first()
    assert queries(as_user(clerk), f"/intents/{paper.pk}/", counted) <= 9


def test_a_resubmitted_paper_costs_nine_queries_at_most(as_user, clerk, reviewer, many, counted):
    paper = many.perform("send_back", reviewer, "请补充需求说明", to=Desk.CLERK, reason="demand")
    paper.perform("submit", clerk)
    assert queries(as_user(reviewer), f"/intents/{many.pk}/", counted) <= 9


@pytest.mark.parametrize(
    ("persona", "verb", "before"), [("reviewer", "approve", []), ("clerk", "file", ["approve"])]
)
def test_a_decision_costs_fourteen_queries_at_most(
    request, as_user, reviewer, many, counted, persona, verb, before
):
    paper = many
    for step in before:
        paper = paper.perform(step, reviewer)
    client = as_user(request.getfixturevalue(persona))
    address = f"/intents/{paper.pk}/moves/"
    data = {"verb": verb, "version": paper.version, "opinion": "同意"}
    assert queries(client, address, counted, "post", **data) <= 14


def test_submitting_forty_rows_costs_fourteen_queries_at_most(as_user, clerk, many, counted):
    paper = many.perform("withdraw", clerk)
    data = {"verb": "submit", "version": paper.version}
    assert queries(as_user(clerk), f"/intents/{paper.pk}/moves/", counted, "post", **data) <= 14


PAGES = ["", "edit/", "preview/", "print/", "moves/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("persona", ["stranger", "foreign_reviewer"])
def test_a_stranger_finds_nothing(request, as_user, unit, clerk, confirmed, persona, page):
    paper = makers.intent(unit, clerk, makers.item(confirmed)).perform("submit", clerk)
    client = as_user(request.getfixturevalue(persona))
    assert client.get(f"/intents/{paper.pk}/{page}").status_code == 404


@pytest.mark.parametrize("persona", ["divisional", "officer", "viewer", "auditor"])
def test_a_draft_is_seen_by_its_own_unit_only(request, as_user, unit, clerk, confirmed, persona):
    paper = makers.intent(unit, clerk, makers.item(confirmed))
    assert as_user(request.getfixturevalue(persona)).get(f"/intents/{paper.pk}/").status_code == 404


@pytest.mark.parametrize("persona", ["reviewer", "officer", "auditor", "viewer", "divisional"])
@pytest.mark.parametrize("address", ["/intents/", "/intents/new/", "/intents/export/list/"])
def test_only_a_clerk_enters_intents(request, as_user, confirmed, persona, address):
    assert as_user(request.getfixturevalue(persona)).get(address).status_code == 403


@pytest.mark.parametrize("persona", ["clerk", "officer", "divisional", "stranger"])
def test_only_the_units_reviewer_and_readers_open_the_review_list(request, as_user, persona):
    status = 200 if persona == "divisional" else 403  # a division's reviewer has the post, and no rows
    assert as_user(request.getfixturevalue(persona)).get("/intents/review/").status_code == status


def test_a_reviewer_may_not_edit(as_user, unit, clerk, reviewer, confirmed):
    paper = makers.intent(unit, clerk, makers.item(confirmed))
    assert as_user(reviewer).get(f"/intents/{paper.pk}/edit/").status_code == 403
    assert as_user(reviewer).post(f"/intents/{paper.pk}/delete/").status_code == 403


def test_a_submitted_paper_is_frozen(as_user, unit, clerk, confirmed):
    paper = makers.intent(unit, clerk, makers.item(confirmed)).perform("submit", clerk)
    data = makers.posted(makers.row(confirmed), version=paper.version)
    assert as_user(clerk).post(f"/intents/{paper.pk}/edit/", data).status_code == 409


def test_a_draft_can_be_deleted(as_user, unit, clerk, confirmed):
    paper = makers.intent(unit, clerk, makers.item(confirmed))
    assert as_user(clerk).post(f"/intents/{paper.pk}/delete/").status_code == 302
    assert not Intent.objects.exists()


def test_another_units_quota_cannot_be_named(as_user, stranger, places, confirmed):
    client = as_user(stranger)
    assert "没有可用的采购指标" in client.get(f"/intents/new/?c={confirmed.pk}").text
    answer = client.post("/intents/new/", makers.posted(makers.row(confirmed)))
    assert answer.status_code == 200
    assert "请从列表中选择采购指标" in answer.text
    assert not Intent.objects.exists()


def test_nothing_ticked_says_so(as_user, clerk, confirmed):
    assert "请至少勾选一条采购指标" in as_user(clerk).get("/intents/new/?next=1").text


@pytest.mark.parametrize("words", ["教学", "118号", "没有这个", "\x00", "%", "'\"><svg onload>"])
def test_quotas_are_found_by_project_or_document(as_user, clerk, confirmed, words):
    answer = as_user(clerk).get("/intents/new/", {"q": words})
    assert answer.status_code == 200
    assert ("教学设备更新" in answer.text) == (words in ("教学", "118号", "\x00"))


def test_print_and_export_show_the_rows(as_user, unit, clerk, reviewer, confirmed):
    paper = makers.published(unit, clerk, reviewer, makers.item(confirmed))
    printed = as_user(clerk).get(f"/intents/{paper.pk}/print/")
    assert printed.content.startswith(b"%PDF-")
    exported = as_user(clerk).get("/intents/export/list/?tab=all")
    assert exported.status_code == 200
    assert exported.content.startswith(b"PK")


def test_the_list_shows_where_it_stands_on_the_portal(as_user, unit, clerk, reviewer, confirmed):
    makers.published(unit, clerk, reviewer, makers.item(confirmed))
    text = as_user(clerk).get("/intents/?tab=done").text
    assert "已发布" in text
    assert 'href="http://portal.test/notices/7"' in text


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "发布中"),
        ({"attempts": 2, "last_error": "无法连接门户"}, "失败"),
        ({"state": "manual", "attempts": 8}, "人工处理"),
    ],
)
def test_the_states_of_a_publication_are_told(as_user, unit, clerk, reviewer, confirmed, changes, shown):
    paper = makers.approved(unit, clerk, reviewer, makers.item(confirmed)).perform("file", clerk)
    paper.deliveries.update(**changes)
    client = as_user(fresh(clerk))
    assert shown in client.get("/intents/?tab=done").text
    assert shown in client.get(f"/intents/{paper.pk}/").text
