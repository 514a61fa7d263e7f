"""Pages of 采购任务管理: who gets them, what they show, what they cost."""

import pytest

from accounts.models import OrgKind
from tasks.models import BookKind, TaskBook
from tasks.stages import MENUS
from tests.world import organization

from . import change_makers, makers
from .costs import cost

pytestmark = pytest.mark.django_db
AGENCY = BookKind.DECENTRALIZED


@pytest.fixture
def plan(unit, clerk, reviewer, confirmed):
    return makers.approved(unit, clerk, reviewer, confirmed, AGENCY)


@pytest.fixture
def book(unit, clerk, reviewer, confirmed):
    return makers.filed(unit, clerk, reviewer, confirmed, AGENCY)


def lists() -> list[str]:
    return [*(f"/tasks/books/{kind}/" for kind in BookKind), "/tasks/books/issued/"]


# --- the six menus ----------------------------------------------------------------------------------------


def test_each_plan_waits_in_its_own_menu_and_nowhere_else(as_user, unit, clerk, reviewer, confirmed):
    organization("徽采商城(模拟)", OrgKind.MALL, 31)
    plans = {kind: makers.approved(unit, clerk, reviewer, confirmed, kind) for kind in BookKind}
    client = as_user(clerk)
    for kind in BookKind:
        text = client.get(f"/tasks/books/{kind}/").text
        assert MENUS[kind] in text
        for other, plan in plans.items():
            assert (plan.number in text) == (other == kind)


def test_tabs_count_what_waits_what_is_filed_and_what_was_revoked(as_user, unit, clerk, reviewer, confirmed):
    made = [makers.filed(unit, clerk, reviewer, confirmed, AGENCY) for _ in range(3)]
    made[0].perform("void", clerk, "代理机构需要更换")
    client = as_user(clerk)
    text = client.get("/tasks/books/decentralized/").text
    for label, count in (("待备案", 1), ("已备案", 2), ("已撤销", 1)):
        assert f"{label}<em>{count}</em>" in text
    filed = client.get("/tasks/books/decentralized/?tab=filed").text
    assert made[1].number in filed
    assert made[0].number not in filed
    assert "代理机构需要更换" in client.get("/tasks/books/decentralized/?tab=revoked").text


def test_the_menu_counts_waiting_plans_without_another_query(as_user, unit, clerk, reviewer, confirmed, plan):
    client = as_user(clerk)
    page = client.get("/")
    assert "任务书待备案" in page.text
    assert client.get("/tasks/books/decentralized/").context["todo_count"] == 1
    assert as_user(reviewer).get("/tasks/books/decentralized/").context["todo_count"] == 0


def test_a_clerk_of_another_unit_sees_none_of_it(as_user, stranger, book, plan):
    client = as_user(stranger)
    for address in lists():
        text = client.get(f"{address}?tab=filed").text
        assert book.number not in text
    assert plan.number not in client.get("/tasks/books/decentralized/").text


@pytest.mark.parametrize("address", lists())
def test_without_a_post_there_is_no_list(as_user, admin, confirmed, address):
    assert as_user(admin).get(address).status_code == 403


@pytest.mark.parametrize("who", ["reviewer", "officer", "auditor", "viewer", "divisional"])
def test_others_read_but_find_no_button(as_user, people, plan, book, who):
    client = as_user(getattr(people, who))
    text = client.get("/tasks/books/decentralized/").text
    assert plan.number in text
    assert "verb=file" not in text
    assert book.number in client.get("/tasks/books/decentralized/?tab=filed").text
    assert client.get(f"/tasks/books/{book.pk}/").status_code == 200


@pytest.mark.parametrize("tab", ["waiting", "filed", "revoked"])
def test_the_cost_of_a_list_does_not_grow_with_its_rows(as_user, unit, clerk, reviewer, confirmed, tab):
    def add():
        made = makers.approved(unit, clerk, reviewer, confirmed, AGENCY, "1.00")
        if tab != "waiting":
            made = makers.filing(made, clerk)
        if tab == "revoked":
            made.perform("void", clerk, "重新整理后再备案")

    client, address = as_user(clerk), f"/tasks/books/decentralized/?tab={tab}"
    add()
    client.get(address)
    few = cost(client, address)
    for _ in range(5):
        add()
    assert cost(client, address) == few
    assert few <= 14


def test_the_plans_list_asks_once_what_has_grown_out_of_them(as_user, unit, clerk, reviewer, confirmed):
    client = as_user(clerk)
    makers.filed(unit, clerk, reviewer, confirmed, AGENCY, amount="1.00")
    client.get("/plans/?tab=done")
    few = cost(client, "/plans/?tab=done")
    for _ in range(4):
        makers.filed(unit, clerk, reviewer, confirmed, AGENCY, amount="1.00")
    assert cost(client, "/plans/?tab=done") == few


def test_lists_filter_and_export(as_user, clerk, book):
    client = as_user(clerk)
    assert book.number in client.get(f"/tasks/books/decentralized/?tab=filed&q={book.number}").text
    assert "没有符合条件" in client.get("/tasks/books/decentralized/?tab=filed&q=不存在的").text
    assert client.get("/tasks/books/decentralized/?tab=filed&low=abc").status_code == 200
    for kind in [*BookKind, "issued"]:
        answer = client.get(f"/tasks/books/export/{kind}/?tab=filed")
        assert answer["Content-Type"].startswith("application/vnd.openxml")
    assert client.get("/tasks/books/export/nonsense/").status_code == 404


# --- 备案 ---------------------------------------------------------------------------------------------------


def test_filing_from_the_list(as_user, clerk, plan):
    client = as_user(clerk)
    text = client.get("/tasks/books/decentralized/").text
    address = f"/tasks/plans/{plan.pk}/file/"
    assert f"{address}?verb=file" in text
    page = client.get(f"{address}?verb=file&next=/tasks/books/decentralized/", headers={"X-Fragment": "1"})
    assert "data-fragment" in page.text
    assert "确定备案" in page.text
    done = client.post(address, {"version": plan.version}, follow=True)
    book = TaskBook.objects.get()
    assert done.redirect_chain == [(f"/tasks/books/{book.pk}/", 302)]
    assert f"任务书 {book.number} 已备案" in done.text
    assert [move.key != "" for move in book.moves.all()] == [True, True]


def test_filing_from_the_plans_own_page_at_the_top_right(as_user, clerk, reviewer, plan):
    text = as_user(clerk).get(f"/plans/{plan.pk}/").text
    assert f'href="/tasks/plans/{plan.pk}/file/?verb=file" data-dialog>备案' in text
    assert "备案前检查" in text
    assert "verb=file" not in as_user(reviewer).get(f"/plans/{plan.pk}/").text


def test_what_stops_it_is_said_before_it_is_tried(as_user, clerk, plan):
    type(plan.agency).objects.filter(pk=plan.agency_id).update(is_active=False)
    client = as_user(clerk)
    for address in (f"/plans/{plan.pk}/", f"/tasks/plans/{plan.pk}/file/"):
        text = client.get(address).text
        assert "为什么不能备案" in text
        assert "已停用" in text
        assert "确定备案" not in text
    answer = client.post(f"/tasks/plans/{plan.pk}/file/", {"version": plan.version})
    assert answer.status_code == 200
    assert "已停用" in answer.text
    assert not TaskBook.objects.exists()


@pytest.mark.parametrize("version", ["", "nonsense", "0", "99999999999999999999"])
def test_a_version_nobody_has_seen_is_a_lost_race(as_user, clerk, plan, version):
    assert as_user(clerk).post(f"/tasks/plans/{plan.pk}/file/", {"version": version}).status_code == 409


def test_the_second_clerk_is_told_which_book_there_is(as_user, second_clerk, book):
    answer = as_user(second_clerk).post(f"/tasks/plans/{book.approved_plan_id}/file/", {"version": 1})
    assert answer.status_code == 409
    assert book.number in answer.text


def test_a_stranger_finds_nothing_and_a_wrong_post_is_refused(as_user, people, plan, book):
    for who in ("stranger", "foreign_reviewer"):
        client = as_user(getattr(people, who))
        for address in (f"/tasks/plans/{plan.pk}/file/", f"/tasks/books/{book.pk}/"):
            assert client.get(address).status_code == 404
        assert client.post(f"/tasks/books/{book.pk}/reseal/").status_code == 404
        assert client.get(f"/tasks/books/{book.pk}/print/").status_code == 404
    for who in ("reviewer", "officer", "auditor"):
        client = as_user(getattr(people, who))
        answer = client.post(f"/tasks/plans/{plan.pk}/file/", {"version": plan.version})
        assert answer.status_code == 403
        assert client.post(f"/tasks/books/{book.pk}/reseal/").status_code == 403
    assert TaskBook.objects.count() == 1


# --- the rest of the system picks them up -----------------------------------------------------------------


def test_search_home_and_flow_chart_know_books_and_changes(as_user, clerk, reviewer, officer, book):
    change = change_makers.change(book.approved_plan, clerk).perform("submit", clerk)
    client = as_user(clerk)
    for paper in (book, change):
        text = client.get(f"/search/?q={paper.number}").text
        assert paper.number in text
    assert "采购方式变更" in client.get("/").text
    assert as_user(reviewer).get("/").text.count("采购方式变更待审核")
    assert "新增采购任务书" not in client.get("/").text
