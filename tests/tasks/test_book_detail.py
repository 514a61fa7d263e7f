"""The page of one task book: revoke, seal anew, results."""

from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import OrgKind
from plans.models import Plan
from procurement.sealing.models import SealedPaper
from tasks.models import BookKind, Execution, ExecutionResult, ExecutorEvent, TaskBook
from tests.world import organization

from . import makers
from .costs import cost

pytestmark = pytest.mark.django_db
AGENCY = BookKind.DECENTRALIZED
NEW = 9  # queries: session, posts, book, moves, paper, delivery, items, money, menu


@pytest.fixture
def plan(unit, clerk, reviewer, confirmed):
    return makers.approved(unit, clerk, reviewer, confirmed, AGENCY)


@pytest.fixture
def book(unit, clerk, reviewer, confirmed):
    return makers.filed(unit, clerk, reviewer, confirmed, AGENCY)


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
    assert cost(client, address) <= NEW, "nothing reported yet"
    made = result(book)
    full = cost(client, address)
    for number in range(5):
        copied(book.approved_plan.items.first())
        copied(made.event, event_id=f"E{number + 2}")
        copied(made, result_no=f"CJ-{number + 2}", event=ExecutorEvent.objects.last())
    assert cost(client, address) == full
    assert full <= NEW + 4, "events, results, their suppliers and lines"


def copied(row, **changes) -> None:
    row.pk, row._state.adding = None, True
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


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
