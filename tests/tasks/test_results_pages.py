"""What people do about the execution of a book, on its pages."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.flow.outbox import Delivery
from tasks.models import BookKind, ExecutionResult, ExecutorEvent, TaskBook

from . import makers
from .outside import event, report, result

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(unit, clerk, reviewer, confirmed, known):
    """The unit itself carries it out: nobody reports."""
    return makers.filed(unit, clerk, reviewer, confirmed, BookKind.RESEARCH)


@pytest.fixture
def mall(unit, clerk, reviewer, confirmed, known):
    return makers.filed(unit, clerk, reviewer, confirmed, BookKind.MALL)


def typed(book, **fields) -> dict:
    item = book.approved_plan.items.get()
    return {
        "event_id": "0" * 32, "result_no": "CJ-2026-1", "result_date": "2026-11-20", "method": "open_tender",
        "supplier-1-name": "安徽示例科技有限公司", "supplier-1-uscc": "91340000MB00000012",
        "supplier-1-size": "small", "supplier-1-is_winner": "on", "supplier-2-name": "乙公司",
        f"line-{item.pk}-quantity": "1", f"line-{item.pk}-unit_price": "９８０．００",
        f"line-{item.pk}-brand": "示例",
    } | fields  # fmt: skip


def address(name: str, book, *more) -> str:
    return reverse(f"taskbook-{name}", args=[book.pk, *more])


def test_a_clerk_enters_the_result_of_his_own_units_purchase(book, clerk, as_user):
    client = as_user(clerk)
    assert "录入结果" in client.get(address("detail", book)).content.decode()
    assert client.get(address("result", book)).status_code == 200
    assert client.post(address("result", book), typed(book)).status_code == 302
    kept = ExecutionResult.objects.get()
    assert (kept.source, kept.amount, kept.bidders) == ("manual", Decimal("980.00"), 2)
    assert [one.name for one in kept.winners] == ["安徽示例科技有限公司"]
    assert kept.event.entered_by == clerk
    page = client.get(address("detail", book)).content.decode()
    assert "安徽示例科技有限公司" in page
    client.post(address("execution", book, "completed"))
    assert TaskBook.objects.get(pk=book.pk).execution == "completed"


def test_pressing_twice_enters_once_and_the_same_number_corrects(book, clerk, as_user):
    client = as_user(clerk)
    for _ in range(2):
        client.post(address("result", book), typed(book))
    item = book.approved_plan.items.get()
    again = typed(book, event_id="1" * 32, **{f"line-{item.pk}-unit_price": "900"})
    client.post(address("result", book), again)
    assert list(ExecutionResult.objects.order_by("pk").values_list("amount", "standing", "revision")) == [
        (Decimal("980.00"), "superseded", 1), (Decimal("900.00"), "effective", 2),
    ]  # fmt: skip


def test_a_failed_round_is_entered_with_its_reason(book, clerk, as_user):
    lost = {
        "event_id": "2" * 32, "result_no": "FB-1", "result_date": "2026-11-20", "failed": "on",
        "failure_reason": "有效投标人不足三家",
    }  # fmt: skip
    as_user(clerk).post(address("result", book), lost)
    assert ExecutionResult.objects.get().failed


WRONG = [
    ({"result_no": ""}, "请填写结果编号"), ({"result_date": "昨天"}, "中标（成交）日期的格式不对"),
    ({"supplier-1-name": ""}, "成交供应商"), ({"failed": "on"}, "采购失败时请写明失败原因"),
    ({"supplier-2-offer": "many"}, "报价（元）的格式不对"),
    ({"supplier-1-size": "huge"}, "请从列表中选择规模"),
    ({"result_date": "0001-01-01"}, "不在合理的年份内"), ({"method": "lottery"}, "请从列表中选择采购方式"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "sentence"), WRONG)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(book, clerk, as_user, fields, sentence):
    answer = as_user(clerk).post(address("result", book), typed(book, **fields))
    page = answer.content.decode()
    assert (answer.status_code, ExecutionResult.objects.count()) == (200, 0)
    assert sentence in page
    assert "示例" in page


def test_more_than_the_book_has_is_kept_and_settled_by_a_person(book, clerk, officer, as_user):
    item = book.approved_plan.items.get()
    as_user(clerk).post(address("result", book), typed(book, **{f"line-{item.pk}-unit_price": "5000"}))
    flagged = ExecutorEvent.objects.get(needs_person=True)
    client = as_user(officer)
    assert "待核实" in client.get(address("detail", book)).content.decode()
    client.post(address("settle", book, flagged.pk), {"accept": "1", "note": "短"})
    assert ExecutorEvent.objects.get().needs_person
    client.post(address("settle", book, flagged.pk), {"accept": "0", "note": "金额录入有误，不予采纳"})
    assert ExecutionResult.objects.get().standing == "dismissed"
    assert "刘敏核实：金额录入有误" in ExecutorEvent.objects.get().sentence
    assert (
        client.post(address("settle", book, flagged.pk), {"accept": "1", "note": "再来一次看看"}).status_code
        == 409
    )


def test_nobody_types_results_for_a_mall_that_reports_them(mall, clerk, as_user):
    client = as_user(clerk)
    assert client.get(address("result", mall)).status_code == 403
    assert client.post(address("execution", mall, "received")).status_code == 403
    assert "登记执行情况" not in client.get(address("detail", mall)).content.decode()


def test_an_agency_without_a_system_is_registered_by_hand(
    unit, clerk, reviewer, confirmed, settings, as_user
):
    settings.EXECUTORS = {}
    book, client = makers.filed(unit, clerk, reviewer, confirmed, BookKind.DECENTRALIZED), as_user(clerk)
    assert "接收任务书" in client.get(address("detail", book)).content.decode()
    client.post(address("execution", book, "returned"), {"reason": "短"})
    assert TaskBook.objects.get(pk=book.pk).execution == "waiting"
    client.post(address("execution", book, "received"))
    client.post(address("execution", book, "returned"), {"reason": "代理机构资质到期"})
    kept = TaskBook.objects.get(pk=book.pk)
    assert (kept.execution, kept.return_reason) == ("returned", "代理机构资质到期")


def test_what_does_not_get_through_is_sent_again_by_hand(mall, clerk, as_user):
    Delivery.objects.update(state="manual", attempts=8, last_error="无法连接徽采商城")
    owed, client = Delivery.objects.get(), as_user(clerk)
    assert "立即重新发送" in client.get(address("detail", mall)).content.decode()
    client.post(address("resend", mall, owed.pk))
    assert Delivery.objects.get().state == "pending"


def test_strangers_see_nothing_and_the_wrong_post_does_nothing(book, mall, stranger, reviewer, as_user):
    for who, status in ((stranger, 404), (reviewer, 403)):
        client = as_user(who)
        assert client.get(address("result", book)).status_code == status
        assert client.post(address("execution", book, "completed")).status_code == status
        assert client.post(address("settle", book, 1), {}).status_code == status
        assert client.post(address("resend", mall, 1)).status_code == status


def test_the_entry_page_costs_the_same_whatever_was_reported(book, clerk, as_user):
    client = as_user(clerk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("result", book)).status_code == 200
        return len(queries)

    cost()  # the session is new
    first = cost()
    client.post(address("result", book), typed(book))
    assert cost() == first
    assert first <= 14


def test_the_books_page_costs_the_same_whatever_was_reported(mall, known, clerk, as_user):
    client, costs = as_user(clerk), []
    for number in range(4):
        content = event(mall, "result", number + 1, result=result(mall, "10.00", f"DD-{number}", "0.1"))
        report(known["huicai"], "huicai", content)
        with CaptureQueriesContext(connection) as queries:
            client.get(address("detail", mall))
        costs.append(len(queries))
    assert len(set(costs[1:])) == 1  # the first finds the session new
