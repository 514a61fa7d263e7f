"""Results: kept whole, corrected by newer ones, and put before a person when they cannot be true."""

from decimal import Decimal

import pytest
from django.db import transaction

from procurement.flow.models import Conflict
from tasks.executors import outcome
from tasks.models import BookKind, ExecutionResult, ExecutorEvent, TaskBook

from . import makers
from .outside import event, failed, line, report, result

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(unit, clerk, reviewer, confirmed, known):
    """One batch of computers for 1,000 yuan."""
    return makers.filed(unit, clerk, reviewer, confirmed, BookKind.MALL)


@pytest.fixture
def tell(book, known):
    """The mall reports; the verdict comes back."""
    count = iter(range(1, 1000))

    def send(kind: str = "result", content: dict | None = None, **fields) -> str:
        number = fields.pop("sequence", 0) or next(count)
        sent = event(book, kind, number, **fields, **({"result": content} if content else {}))
        return report(known["huicai"], "huicai", sent).json()["verdict"]

    return send


def standings() -> list[str]:
    return list(ExecutionResult.objects.order_by("pk").values_list("standing", flat=True))


def flagged() -> int:
    return ExecutorEvent.objects.filter(needs_person=True).count()


def test_a_result_is_kept_with_its_suppliers_and_lines(book, tell):
    full = result(
        book, project_no="P-1", package_no="1", method="open_tender", bidders=3, open_date="2026-11-19",
        suppliers=[
            {"name": "甲公司", "uscc": "91340000MB00000012", "size": "small", "is_winner": True,
             "offer": "900.00", "region": "合肥市", "address": "示例路1号",
             "bank": "示例银行", "features": "监狱企业"},
            {"name": "乙公司", "offer": "950.00"},
        ],
    )  # fmt: skip
    assert tell(content=full) == "accepted"
    kept = ExecutionResult.objects.get()
    assert (kept.source, kept.standing, kept.amount, kept.bidders) == (
        "huicai", "effective", Decimal("900.00"), 3,
    )  # fmt: skip
    assert [supplier.name for supplier in kept.suppliers.all()] == ["甲公司", "乙公司"]
    assert kept.winners[0].bank == "示例银行"
    row = kept.lines.get()
    assert (row.plan_item, row.brand, row.total) == (
        book.approved_plan.items.get(),
        "示例",
        Decimal("900.00"),
    )
    assert TaskBook.objects.get(pk=book.pk).execution == "executing"


def test_a_correction_takes_the_place_of_what_it_corrects(book, tell):
    tell(content=result(book, "900.00"))
    assert tell(content=result(book, "880.00", revision=2)) == "accepted"
    assert standings() == ["superseded", "effective"]
    assert ExecutionResult.objects.quantities([book.pk]) == {book.pk: Decimal(1)}


def test_a_correction_that_overtakes_what_it_corrects_stands(book, tell):
    tell(content=result(book, "880.00", revision=2))
    assert tell(content=result(book, "900.00")) == "late"
    assert standings() == ["effective", "superseded"]
    assert not flagged()


def test_two_truths_about_one_order_are_put_before_a_person(book, tell):
    tell(content=result(book, "900.00"))
    assert tell(content=result(book, "700.00")) == "contradiction"
    assert standings() == ["effective", "disputed"]
    assert flagged() == 1


def test_more_money_than_the_book_has_is_put_before_a_person(book, tell):
    tell(content=result(book, "900.00", quantity="0.5"))
    assert tell(content=result(book, "100.01", "DD-2", quantity="0.5")) == "contradiction"
    assert "超过任务书金额" in ExecutorEvent.objects.last().sentence
    assert standings() == ["effective", "disputed"]


def test_more_goods_than_were_ordered_are_put_before_a_person(book, tell):
    assert tell(content=result(book, "10.00", quantity="1.5")) == "contradiction"
    assert "超过采购数量" in ExecutorEvent.objects.last().sentence


def test_goods_nobody_ordered_are_put_before_a_person(book, tell):
    foreign = line(None, "1", "10.00", "10.00", plan_item=999_999)
    assert tell(content=result(book, "10.00", lines=[foreign])) == "contradiction"
    assert ExecutionResult.objects.get().lines.get().plan_item is None


def test_several_orders_add_up(book, tell):
    for number in ("DD-1", "DD-2"):
        assert tell(content=result(book, "400.00", number, quantity="0.4")) == "accepted"
    assert ExecutionResult.objects.quantities([book.pk]) == {book.pk: Decimal("0.8")}


def test_a_failed_round_is_followed_by_another(book, tell):
    assert tell(content=failed("R-1")) == "accepted"
    assert tell(content=result(book, number="R-2", round=2)) == "accepted"
    assert [one.failed for one in ExecutionResult.objects.order_by("pk")] == [True, False]
    assert ExecutionResult.objects.get(failed=True).failure_reason == "有效投标人不足三家"


def test_a_result_that_was_on_its_way_when_the_end_was_reported_counts(book, tell):
    tell("completed", sequence=3)
    assert tell(content=result(book), sequence=2) == "late"
    assert standings() == ["effective"]
    assert TaskBook.objects.get(pk=book.pk).execution == "completed"


def test_a_result_after_the_end_is_put_before_a_person(book, tell):
    tell("completed", sequence=3)
    assert tell(content=result(book), sequence=4) == "contradiction"
    assert standings() == ["disputed"]
    assert TaskBook.objects.get(pk=book.pk).execution == "completed"


def test_a_result_of_a_revoked_book_is_flagged_and_kept(book, tell, clerk):
    book.perform("void", clerk, "计划有变，撤销任务书")
    assert tell(content=result(book)) == "contradiction"
    assert (standings(), flagged()) == (["disputed"], 1)
    assert TaskBook.objects.get(pk=book.pk).execution == "waiting"


def test_a_result_of_a_returned_book_is_flagged_and_kept(book, tell):
    tell("returned", reason="型号已停产")
    assert tell(content=result(book)) == "contradiction"
    assert TaskBook.objects.get(pk=book.pk).execution == "returned"
    assert standings() == ["disputed"]


def test_a_person_decides_which_truth_stands_once(book, tell, clerk):
    tell(content=result(book, "900.00"))
    tell(content=result(book, "700.00"))
    disputed = ExecutorEvent.objects.get(needs_person=True)
    with transaction.atomic():
        outcome.settle(disputed, clerk, accept=True, note="已与商城核对")
    assert (standings(), flagged()) == (["superseded", "effective"], 0)
    kept = ExecutionResult.objects.get(standing="effective")
    assert (kept.settled_by, kept.settled_note) == (clerk, "已与商城核对")
    with pytest.raises(Conflict):
        outcome.settle(disputed, clerk, accept=False, note="再来一次")


def test_a_person_may_dismiss_what_cannot_be_true(book, tell, clerk):
    tell(content=result(book, "2000.00"))
    outcome.settle(ExecutorEvent.objects.get(), clerk, accept=False, note="金额有误")
    assert (standings(), flagged()) == (["dismissed"], 0)
