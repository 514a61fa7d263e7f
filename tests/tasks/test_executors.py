"""Books reach their executors over HTTP, once, through every fault; and what comes back is taken in."""

import pytest
from django.db import connection
from django.db.models.functions import Now

from procurement.flow.outbox import Delivery
from tasks import jobs
from tasks.executors import available
from tasks.models import BookKind, ExecutionResult, ExecutorEvent, TaskBook
from tests.tasks.outside import ROLES
from tests.waiting import until

from . import makers

pytestmark = pytest.mark.django_db(transaction=True)
KINDS = [
    (BookKind.MALL, {"mall_platform": "huicai"}, "huicai"),
    (BookKind.MALL, {"mall_platform": "wancai"}, "wancai"),
    (BookKind.CENTRAL, {}, "trading"), (BookKind.DECENTRALIZED, {}, "agency"),
    (BookKind.TERRITORIAL, {}, "agency"),
]  # fmt: skip


@pytest.fixture
def filed(unit, clerk, reviewer, confirmed, outside):
    def make(kind=BookKind.MALL, **fields):
        return makers.filed(unit, clerk, reviewer, confirmed, kind, **fields)

    return make


@pytest.fixture
def order(filed, outside):
    """A mall's order that has arrived: the book, and its number at 徽采商城."""
    book = filed()
    jobs.RELAYS["huicai"]()
    return book, outside.task("huicai", book.number)


def fresh(book) -> TaskBook:
    return TaskBook.objects.get(pk=book.pk)


def due_now() -> None:
    Delivery.objects.update(next_at=Now(), lease_until=None)


def reached(book, execution: str) -> bool:
    return until(lambda: fresh(book).execution == execution)


def settled(outside) -> bool:
    """Everything the executors had to say has been answered."""
    return until(lambda: "due" not in outside.stats()["reports"])


@pytest.mark.parametrize(("kind", "fields", "channel"), KINDS)
def test_every_kind_reaches_its_executor(filed, outside, kind, fields, channel):
    book = filed(kind, **fields)
    assert available(book)
    assert jobs.RELAYS[channel]() == 1
    owed = Delivery.objects.get(document=book)
    assert (owed.channel, owed.state) == (channel, "sent")
    page = outside.get(f"/{channel}/tasks/{outside.task(channel, book.number)}/").text
    assert all(text in page for text in (book.number, "教学用台式计算机", "1,000.00", book.unit.name))
    assert owed.remote_url.startswith(f"{outside.url}/{channel}/tasks/")


@pytest.mark.parametrize("kind", [BookKind.RESEARCH, BookKind.OTHER])
def test_what_the_unit_does_itself_is_not_sent(filed, kind):
    assert not available(filed(kind))
    assert not Delivery.objects.exists()


def test_an_executor_we_are_not_connected_to_gets_nothing(filed, settings):
    settings.EXECUTORS = {}
    book = filed()
    assert (fresh(book).execution, Delivery.objects.exists()) == ("waiting", False)


def test_a_filing_rolled_back_owes_nothing(unit, clerk, reviewer, confirmed, outside):
    from django.db import transaction

    plan = makers.approved(unit, clerk, reviewer, confirmed, BookKind.MALL)
    with transaction.atomic():
        makers.file_book(plan.pk, clerk)
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


def test_a_person_receives_orders_and_finishes(order, outside):
    book, task = order
    assert outside.press("huicai", task, "receive").status == 303
    assert reached(book, "received")
    item = book.approved_plan.items.get()
    typed = {"supplier-1": "安徽示例科技有限公司", f"brand-{item.pk}": "示例", f"quantity-{item.pk}": "1",
             f"price-{item.pk}": "980.00", "size-1": "small"}  # fmt: skip
    assert outside.press("huicai", task, "result", **typed).status == 303
    assert reached(book, "executing")
    assert outside.press("huicai", task, "complete").status == 303
    assert reached(book, "completed")
    kept = ExecutionResult.objects.get()
    assert (str(kept.amount), kept.winners[0].name, kept.lines.get().brand) == (
        "980.00", "安徽示例科技有限公司", "示例",
    )  # fmt: skip
    assert settled(outside)
    assert outside.get(f"/huicai/tasks/{task}/").text.count("已送达") == 3


def test_a_person_returns_with_a_reason(order, outside):
    book, task = order
    outside.press("huicai", task, "return", reason="所选型号已停产，请调整")
    assert reached(book, "returned")
    assert fresh(book).return_reason == "所选型号已停产，请调整"


def test_a_tender_fails_and_succeeds_at_the_second_try(filed, outside):
    book = filed(BookKind.CENTRAL)
    jobs.RELAYS["trading"]()
    task, item = outside.task("trading", book.number), book.approved_plan.items.get()
    outside.press("trading", task, "receive")
    lost = {
        "failed": "1",
        "failure_reason": "有效投标人不足三家",
        "supplier-1": "甲公司",
        "supplier-2": "乙公司",
    }
    assert outside.press("trading", task, "result", **lost).status == 303
    won = {
        "project_no": "AH-2026-1", "package_no": "1", "open_date": "2026-11-20", "winner": "2",
        "supplier-1": "甲公司", "offer-1": "990", "supplier-2": "乙公司", "offer-2": "950",
        "supplier-3": "丙公司",
        f"quantity-{item.pk}": "1", f"price-{item.pk}": "950",
    }  # fmt: skip
    assert outside.press("trading", task, "result", **won).status == 303
    assert until(lambda: ExecutionResult.objects.count() == 2)
    first, second = ExecutionResult.objects.order_by("event__sequence")
    assert (first.failed, first.bidders, second.bidders) == (True, 2, 3)
    assert [one.name for one in second.winners] == ["乙公司"]


FAULTS = ["500", "429", "error_body", "timeout", "garbage", "reset", "reset_after", "slow"]


@pytest.mark.parametrize("mode", FAULTS)
def test_every_fault_of_the_far_end_ends_in_exactly_one_order(filed, outside, settings, mode):
    book = filed()
    settings.EXECUTOR_TIMEOUT = 1 if mode == "timeout" else 10
    outside.fault(mode, times=1, seconds=0.1 if mode == "slow" else 3)
    jobs.RELAYS["huicai"]()
    if mode != "slow":
        assert Delivery.objects.get(document=book).last_error
    settings.EXECUTOR_TIMEOUT = 10
    due_now()
    jobs.RELAYS["huicai"]()
    owed = Delivery.objects.get(document=book)
    assert owed.state == "sent"
    assert outside.stats()["receipts"][f"huicai/{owed.key}"] == 1


def test_an_executor_that_is_down_holds_up_no_other(filed, outside, settings, keys):
    down, up = filed(), filed(mall_platform="wancai")
    settings.EXECUTORS = settings.EXECUTORS | {
        "huicai": settings.EXECUTORS["huicai"] | {"url": "http://127.0.0.1:9/huicai"}
    }
    assert [jobs.RELAYS[role]() for role in ROLES] == [0, 1, 0, 0]
    assert Delivery.objects.get(document=down).state == "pending"
    assert Delivery.objects.get(document=up).state == "sent"


def test_a_dead_executor_is_left_alone_after_three_tries(filed, outside, settings):
    for _ in range(6):
        filed(amount="10.00")
    outside.fault("500", times=50)
    jobs.RELAYS["huicai"]()
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 0, 0, 1, 1, 1]
    outside.fault("none")
    due_now()
    assert jobs.RELAYS["huicai"]() == 6


def test_a_revoked_book_is_taken_back(order, outside, clerk):
    book, task = order
    book.perform("void", clerk, "计划有变，撤销任务书")
    assert jobs.RELAYS["huicai"]() == 1
    page = outside.get(f"/huicai/tasks/{task}/").text
    assert "计划有变，撤销任务书" in page
    assert outside.press("huicai", task, "receive").status == 422


def test_a_withdrawal_may_overtake_its_order(filed, outside, clerk):
    book = filed()
    book.perform("void", clerk, "计划有变，撤销任务书")
    order = Delivery.objects.filter(document=book).order_by("pk").first()
    Delivery.objects.filter(pk=order.pk).update(next_at="2100-01-01T00:00:00Z")
    assert jobs.RELAYS["huicai"]() == 1
    due_now()
    assert jobs.RELAYS["huicai"]() == 1
    assert "已被撤回" in outside.get(f"/huicai/tasks/{outside.task('huicai', book.number)}/").text


@pytest.mark.parametrize("mode", ["twice", "lost", "garbage", "bad_signature"])
def test_a_report_that_goes_wrong_counts_once(order, outside, mode):
    book, task = order
    outside.fault(mode, target="callback", times=1)
    outside.press("huicai", task, "receive")
    assert reached(book, "received")
    assert settled(outside)
    event = ExecutorEvent.objects.get()
    assert len(event.signatures) == (2 if mode in ("twice", "lost") else 1)


def test_reports_in_the_wrong_order_end_right(order, outside):
    book, task = order
    outside.fault("reorder", target="callback", times=1, seconds=30)
    outside.press("huicai", task, "receive")
    outside.press("huicai", task, "start")
    assert until(lambda: ExecutorEvent.objects.count() == 2)
    assert [event.kind for event in ExecutorEvent.objects.all()] == ["started", "received"]
    assert (fresh(book).execution, ExecutorEvent.objects.last().verdict) == ("executing", "late")


def test_reports_wait_while_we_are_down(order, outside, settings):
    """401 and no answer are both tried again: nothing an executor has to say is lost."""
    book, task = order
    known, settings.EXECUTORS = (
        settings.EXECUTORS,
        settings.EXECUTORS
        | {
            "huicai": settings.EXECUTORS["huicai"]
            | {"certificates": settings.EXECUTORS["wancai"]["certificates"]}
        },
    )
    outside.press("huicai", task, "receive")
    assert until(lambda: "401" in outside.get(f"/huicai/tasks/{task}/").text)
    settings.EXECUTORS = known
    assert reached(book, "received")


def test_a_contradiction_reported_truthfully_signed_is_flagged(order, outside):
    book, _task = order
    base = {"book": book.number, "occurred_at": "2026-11-20T10:00:00+08:00"}
    outside.report("huicai", base | {"event": "e-1", "kind": "completed", "sequence": 1})
    assert reached(book, "completed")
    outside.report("huicai", base | {"event": "e-2", "kind": "returned", "sequence": 2, "reason": "不做了吧"})
    assert until(lambda: ExecutorEvent.objects.filter(needs_person=True).count() == 1)
    assert fresh(book).execution == "completed"
    connection.close()
