"""What plans know of their task books: a pending change of method holds a plan, a result colours the next."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from plans.assistant import PlanFacts, inspect
from plans.models import Plan
from procurement.flow.models import Refused
from tasks.models import BookKind, ExecutionResult, ExecutorEvent, TaskBook
from tests.plans import makers as plans

from . import change_makers, makers

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def book(unit, clerk, reviewer, confirmed):
    return makers.filed(unit, clerk, reviewer, confirmed, BookKind.DECENTRALIZED, amount="1000.00")


def result(book: TaskBook, total: Decimal, quantity: Decimal, standing: str, day) -> None:
    """What was bought of the one item of the plan."""
    event = ExecutorEvent.objects.create(
        channel=book.channel, event_id="E1", book=book, book_number=book.number, kind="result", sequence=1,
        occurred_at=timezone.now(), body={}, body_sha256="0" * 64, keyid="k", verdict="accepted",
    )  # fmt: skip
    made = ExecutionResult.objects.create(
        book=book, event=event, source="agency", result_no="CJ-1", standing=standing, result_date=day,
        amount=total,
    )  # fmt: skip
    line = {"quantity": quantity, "unit_price": total / quantity, "total": total}
    made.lines.create(plan_item=book.approved_plan.items.get(), name="台式计算机", **line)


def found(plan: Plan) -> dict:
    return {finding.code: finding for finding in inspect(Plan.objects.get(pk=plan.pk), TODAY)[0]}


def test_a_plan_is_held_from_the_submission_of_a_change_until_its_end(book, clerk, reviewer):
    plan = book.approved_plan
    change = change_makers.change(plan, clerk)
    assert PlanFacts.of(plan).locked_by is None  # nobody has asked for anything yet
    assert "H10" not in found(plan)
    change = change.perform("submit", clerk)
    assert PlanFacts.of(plan).locked_by == change.number
    assert f"本计划正在办理采购方式变更（{change.number}），不能提交。" in found(plan)["H10"].what
    back = change.perform("send_back", reviewer, "请补充材料", to="clerk", reason="materials")
    assert "H10" in found(plan)
    back.perform("void", clerk, "不再变更")
    assert "H10" not in found(plan)


def test_a_held_plan_is_not_given_up_even_when_the_office_took_its_book_back(book, clerk, officer):
    plan = Plan.objects.get(pk=book.approved_plan_id)
    change_makers.change(plan, clerk).perform("submit", clerk)
    TaskBook.objects.filter(pk=book.pk).update(execution="received")
    book.perform("recall", officer, "执行机构另行指定")
    with pytest.raises(Refused, match="正在办理采购方式变更，不能作废"):
        plan.perform("void", clerk, "不再采购")
    assert Plan.objects.get(pk=plan.pk).state == "done"


@pytest.mark.parametrize(
    ("total", "quantity", "standing", "days", "fires"),
    [
        ("1000.00", "1", "effective", 0, False),
        ("1000.01", "1", "effective", 0, True),
        ("900.00", "1.0001", "effective", 0, True),
        ("1000.01", "1", "superseded", 0, False),
        ("1000.01", "1", "effective", 366, False),
    ],
)
def test_P06_a_result_above_its_plan_is_remembered_at_the_next_plan(
    book, unit, clerk, confirmed, total, quantity, standing, days, fires
):
    day = TODAY - timedelta(days=days)
    result(book, Decimal(total), Decimal(quantity), standing, day)
    paper = plans.plan(unit, clerk, confirmed, "500.00")
    assert ("P06" in found(paper)) is fires
    if fires:
        assert book.approved_plan.number in found(paper)["P06"].what
