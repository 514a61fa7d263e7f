"""Pages of 采购任务管理: who gets them, what they show, what they cost."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import OrgKind
from plans.models import Plan
from procurement.sealing.models import SealedPaper
from tasks.models import BookKind, Execution, ExecutionResult, ExecutorEvent, MethodChange, TaskBook
from tasks.stages import MENUS
from tests.world import organization

from . import change_makers, makers

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


def cost(client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


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


# --- the book ---------------------------------------------------------------------------------------------


def result(book) -> ExecutionResult:
    event = ExecutorEvent.objects.create(
        channel=book.channel, event_id="E1", book=book, book_number=book.number, kind="result", sequence=1,
        occurred_at=timezone.now(), body={}, body_sha256="0" * 64, keyid="k", verdict="accepted",
    )  # fmt: skip
    made = ExecutionResult.objects.create(
        book=book, event=event, source="agency", result_no="CJ-1", standing="effective",
        result_date=timezone.localdate(), amount=Decimal("900.00"),
    )  # fmt: skip
    made.suppliers.create(name="示例科技有限公司", is_winner=True)
    made.lines.create(name="台式计算机", quantity=Decimal(1), unit_price=Decimal(900), total=Decimal(900))
    return made


def test_the_detail_page_shows_plan_money_trail_paper_and_results(as_user, clerk, book):
    result(book)
    text = as_user(clerk).get(f"/tasks/books/{book.pk}/").text
    for words in (
        book.number, book.approved_plan.number, "教学用台式计算机", "皖财教〔2026〕118号", "采购计划审核轨迹",
        "任务书公文", "下达与执行", "待接收", "发送中", "示例科技有限公司", "900.00", "撤销",
    ):  # fmt: skip
        assert words in text, words


def test_the_detail_page_costs_the_same_for_any_number_of_rows(as_user, clerk, book):
    client, address = as_user(clerk), f"/tasks/books/{book.pk}/"
    client.get(address)
    few = cost(client, address)
    item = book.approved_plan.items.get()
    for _ in range(5):
        item.pk = None
        item._state.adding = True
        item.save()
    assert cost(client, address) == few
    assert few <= 34


def test_revoking_asks_for_a_reason_beside_the_field(as_user, clerk, book):
    client, address = as_user(clerk), f"/tasks/books/{book.pk}/moves/"
    assert "撤销原因" in client.get(f"{address}?verb=void").text
    answer = client.post(address, {"verb": "void", "version": book.version, "opinion": "无"})
    assert "撤销时请写明原因，至少 5 个字。" in answer.text
    client.post(address, {"verb": "void", "version": book.version, "opinion": "代理机构需要更换"})
    assert TaskBook.objects.get().status == "已撤销"
    assert "代理机构需要更换" in client.get(f"/tasks/books/{book.pk}/").text


def test_the_office_revokes_what_was_received_with_a_reason(as_user, clerk, officer, book):
    TaskBook.objects.update(execution=Execution.RECEIVED)
    address = f"/tasks/books/{book.pk}/moves/"
    assert as_user(clerk).post(address, {"verb": "void", "version": book.version}).status_code == 403
    answer = as_user(officer).post(address, {"verb": "recall", "version": book.version, "opinion": ""})
    assert "采购处撤销时请写明原因" in answer.text
    data = {"verb": "recall", "version": book.version, "opinion": "投诉成立，责令重新开展"}
    as_user(officer).post(address, data)
    assert TaskBook.objects.get().state == "void"


def test_sealing_anew_keeps_number_and_content(as_user, clerk, book):
    client, address = as_user(clerk), f"/tasks/books/{book.pk}/reseal/"
    assert "正在" in client.post(address, follow=True).text or SealedPaper.objects.count() == 1
    SealedPaper.objects.update(state="failed")
    client.post(address)
    new, old = SealedPaper.objects.order_by("-revision")
    assert (new.number, new.snapshot, new.revision) == (old.number, old.snapshot, 2)


def test_the_paper_is_one_click_away_once_it_is_sealed(as_user, clerk, book):
    client, address = as_user(clerk), f"/tasks/books/{book.pk}/print/"
    assert client.get(address).url == f"/tasks/books/{book.pk}/"
    SealedPaper.objects.update(file="sealed/x.pdf")
    assert client.get(address).url == f"/sealed/{SealedPaper.objects.get().pk}/file/"


def test_a_returned_book_tells_why_and_can_be_filed_again(as_user, clerk, book):
    TaskBook.objects.update(execution=Execution.RETURNED, return_reason="采购需求不完整")
    text = as_user(clerk).get(f"/tasks/books/{book.pk}/").text
    assert "采购需求不完整" in text
    book.perform("void", clerk, "按退回意见重新备案")
    assert makers.filing(Plan.objects.get(), clerk)


def test_a_mall_book_shows_what_is_ordered_done_and_left(as_user, unit, clerk, reviewer, confirmed):
    organization("徽采商城(模拟)", OrgKind.MALL, 31)
    book = makers.filed(unit, clerk, reviewer, confirmed, BookKind.MALL, item={"quantity": Decimal(120)})
    made = result(book)
    made.lines.update(quantity=Decimal(45))
    text = as_user(clerk).get("/tasks/books/issued/?tab=mall").text
    for words in ("采购数量", "已完成数量", "可用数量", ">120<", ">45<", ">75<"):
        assert words in text, words


def test_what_nobody_outside_has_is_not_issued(as_user, unit, clerk, reviewer, confirmed, book):
    own = makers.filed(unit, clerk, reviewer, confirmed, BookKind.RESEARCH)
    text = as_user(clerk).get("/tasks/books/issued/").text
    assert book.number in text
    assert own.number not in text


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


# --- 采购方式变更 -------------------------------------------------------------------------------------------


def test_a_change_begins_with_a_filed_plan(as_user, clerk, plan, book):
    client = as_user(clerk)
    assert "采购方式变更" in client.get("/plans/").text
    offered = client.get("/tasks/changes/new/").text
    assert book.approved_plan.number in offered
    assert plan.number not in offered
    assert f"/tasks/changes/new/?plan={book.approved_plan_id}" in client.get(
        f"/plans/{book.approved_plan_id}/"
    ).text.replace("&amp;", "&")
    form = client.get(f"/tasks/changes/new/?plan={book.approved_plan_id}").text
    for words in ("原采购计划", "公开招标", "教学用台式计算机", "皖财教〔2026〕118号", "拟变更采购方式"):
        assert words in form
    assert client.get(f"/tasks/changes/new/?plan={plan.pk}").status_code == 404
    assert client.get("/tasks/changes/new/?plan=nonsense").status_code == 200


def data(**fields) -> dict:
    return {"action": "save", "version": 1} | change_makers.FIELDS | fields


def test_the_form_saves_a_draft_and_keeps_what_was_typed(as_user, clerk, book):
    client, address = as_user(clerk), f"/tasks/changes/new/?plan={book.approved_plan_id}"
    answer = client.post(address, data(new_method="", explanation="理由写到一半"))
    assert "理由写到一半" in answer.text
    assert "拟变更采购方式" in answer.text
    assert not MethodChange.objects.exists()
    assert client.post(address, data()).status_code == 302
    paper = MethodChange.objects.get()
    assert (paper.original_plan, paper.original_method) == (book.approved_plan, "open_tender")
    assert paper.amount == book.amount
    again = client.post(address, data())
    assert paper.number in again.text
    assert MethodChange.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"new_method": "x'--"}, {"main_cause": "\x00"}, {"responsive_suppliers": "-1"},
        {"responsive_suppliers": "九九"}, {"responsive_suppliers": "999999999999"}, {"contact": "长" * 500},
        {"explanation": "字" * 5000}, {"supplier": "<script>alert(1)</script>" * 20},
    ],
)  # fmt: skip
def test_nonsense_is_answered_in_words(as_user, clerk, book, fields):
    answer = as_user(clerk).post(
        f"/tasks/changes/new/?plan={book.approved_plan_id}", data(**fields, action="submit")
    )
    assert answer.status_code == 200
    assert not MethodChange.objects.exists()


def test_a_change_runs_through_the_browser_forms_to_the_new_plan(
    as_user, clerk, reviewer, officer, stranger, book
):
    paper = change_makers.change(book.approved_plan, clerk)
    address = f"/tasks/changes/{paper.pk}/"
    assert as_user(stranger).get(address).status_code == 404
    for page in ("/tasks/changes/", "/tasks/changes/new/", f"{address}edit/"):
        assert as_user(reviewer).get(page).status_code == 403
    client = as_user(clerk)
    client.post(f"{address}edit/", data(action="submit", version=paper.version))
    for user in (reviewer, officer):
        assert paper.number in as_user(user).get("/tasks/changes/review/").text
        fresh = MethodChange.objects.get()
        move = {"verb": "approve", "version": fresh.version, "opinion": "同意变更"}
        assert as_user(user).post(f"{address}moves/", move).status_code == 302
    done = MethodChange.objects.get()
    text = client.get(address).text
    assert done.new_plan.number in text
    assert book.number in text
    assert done.approval_no in text
    assert "待备案" in client.get(f"/plans/{done.new_plan_id}/").text
    assert done.new_plan.number in client.get("/tasks/books/decentralized/").text
    assert "已变更" in client.get(f"/plans/{book.approved_plan_id}/").text
    assert client.get(f"{address}print/")["Content-Type"] == "application/pdf"


def test_the_list_of_changes_costs_the_same_for_any_number(as_user, unit, clerk, reviewer, confirmed):
    client = as_user(clerk)

    def add():
        change_makers.change(
            makers.filed(unit, clerk, reviewer, confirmed, AGENCY, amount="1.00").approved_plan, clerk
        )

    add()
    client.get("/tasks/changes/")
    few = cost(client, "/tasks/changes/")
    for _ in range(3):
        add()
    assert cost(client, "/tasks/changes/") == few
