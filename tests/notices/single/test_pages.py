"""Every page: what it costs, who may open it, what it shows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices.models import SingleSourceNotice
from notices.single.settling import settle
from tests.notices.objections.makers import lodged, objected
from tests.world import fresh

from . import makers

pytestmark = pytest.mark.django_db
ROWS = 22  # more than a page


def queries(client, address: str, method: str = "get", **data) -> int:
    client.get(address)  # what is remembered for a while is remembered now
    with CaptureQueriesContext(connection) as seen:
        answer = getattr(client, method)(address, data)
    assert answer.status_code in (200, 302)
    return len([query for query in seen if "SAVEPOINT" not in query["sql"]])


def many(unit, clerk, officer, confirmed) -> None:
    for _ in range(ROWS):
        makers.notice(unit, clerk, confirmed=confirmed, experts=makers.EXPERTS[:1])
        makers.published(unit, clerk, officer, confirmed=confirmed, experts=makers.EXPERTS[:1])
        makers.notice(unit, clerk, confirmed=confirmed, experts=makers.EXPERTS[:1]).perform("submit", clerk)


def test_what_the_pages_cost(as_user, calendar, unit, clerk, officer, auditor, confirmed):
    """Lists 6, papers 9 (a publicised one 10), moves 14: whatever the number of rows."""
    many(unit, clerk, officer, confirmed)
    client, office, reader = as_user(clerk), as_user(officer), as_user(auditor)
    for tab in ("draft", "review", "done", "all"):
        assert queries(client, f"/notices/single/?tab={tab}") <= 6
    for tab in ("waiting", "handled", "all"):
        assert queries(office, f"/notices/single/review/?tab={tab}") <= 6
    assert queries(client, "/notices/single/new/") <= 6
    waiting = SingleSourceNotice.objects.filter(state="office").first()
    for one in (client, office, reader):
        assert queries(one, f"/notices/single/{waiting.pk}/") <= 9
    paper = SingleSourceNotice.objects.filter(state="done").first()
    for _ in range(3):
        lodged(paper)
    settle(paper.pk)
    assert queries(client, f"/notices/single/{paper.pk}/") <= 10
    move = {"verb": "approve", "version": waiting.version, "opinion": "同意"}
    assert queries(office, f"/notices/single/{waiting.pk}/moves/", "post", **move) <= 14


@pytest.mark.parametrize("persona", ["stranger", "foreign_reviewer"])
def test_a_stranger_finds_nothing(request, as_user, calendar, unit, clerk, officer, persona):
    paper, client = makers.published(unit, clerk, officer), as_user(request.getfixturevalue(persona))
    for page in ("", "edit/", "preview/", "print/", "moves/", f"files/{paper.attachments.first().pk}/"):
        assert client.get(f"/notices/single/{paper.pk}/{page}").status_code == 404, page


def test_only_the_right_post_opens_each_list(as_user, people):
    allowed = {"list": {"clerk", "second_clerk", "stranger"}, "review": {"officer", "viewer", "auditor"}}
    for persona in ("clerk", "reviewer", "officer", "divisional", "viewer", "auditor", "stranger"):
        client = as_user(getattr(people, persona))
        for page, address in (("list", "/notices/single/"), ("review", "/notices/single/review/")):
            wanted = 200 if persona in allowed[page] else 403
            assert client.get(address).status_code == wanted, (persona, page)
        assert (client.get("/notices/single/new/").status_code == 200) == (persona in allowed["list"])


def test_a_submitted_notice_is_frozen_and_its_edges_hold(as_user, unit, clerk, reviewer, confirmed, stranger):
    paper = makers.notice(unit, clerk, confirmed=confirmed).perform("submit", clerk)
    data = makers.posted(confirmed, version=paper.version)
    assert as_user(clerk).post(f"/notices/single/{paper.pk}/edit/", data).status_code == 409
    assert as_user(reviewer).get(f"/notices/single/{paper.pk}/edit/").status_code == 409
    assert "没有可用的采购指标" in as_user(stranger).get(f"/notices/single/new/?c={confirmed.pk}").text
    assert "请先选一条采购指标" in as_user(clerk).get("/notices/single/new/?next=1").text
    for words in ("\x00", "%", "'\"><svg onload>", "９" * 30):
        assert as_user(clerk).get("/notices/single/new/", {"q": words, "c": words}).status_code == 200


def test_the_paper_shows_where_its_publicity_stands(as_user, calendar, unit, clerk, officer):
    paper = makers.published(unit, clerk, officer)
    client = as_user(clerk)
    assert "公示中" in client.get("/notices/single/?tab=done").text  # before the scheduler has looked
    settle(paper.pk)
    for address in ("/notices/single/?tab=done", f"/notices/single/{paper.pk}/"):
        text = client.get(address).text
        assert "还剩" in text, address
        assert 'href="http://portal.test/notices/7"' in text
    assert "本公告已在门户发布" in client.get(f"/notices/single/{paper.pk}/preview/").text
    assert client.get(f"/notices/single/{paper.pk}/print/").content.startswith(b"%PDF-")
    assert client.get("/notices/single/export/list/?tab=all").content.startswith(b"PK")


def test_an_objected_notice_offers_its_answer_to_the_clerk_only(as_user, calendar, unit, clerk, officer):
    paper = objected(unit, clerk, officer)
    address = f"/notices/answers/new/?notice={paper.pk}"
    assert address in as_user(clerk).get(f"/notices/single/{paper.pk}/").text
    assert address not in as_user(fresh(officer)).get(f"/notices/single/{paper.pk}/").text
