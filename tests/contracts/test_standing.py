"""A contract that is not filed yet holds its plan, book and method; each of them holds it off as well."""

import pytest
from django.core.exceptions import ValidationError

from contracts.models import Contract
from plans.models import Plan, PlanType
from procurement.flow.models import Conflict, Desk, Refused
from tasks.models import MethodChange
from tests.plans import makers as plans
from tests.tasks import change_makers
from tests.world import fresh

from . import makers

pytestmark = pytest.mark.django_db
WHY = "本单位不再采购这批设备"


def held(book, clerk) -> list[str]:
    """What the book, the change of method and the plan say to being given up now."""
    plan = Plan.objects.get(pk=book.approved_plan_id)
    change = MethodChange.about(plan, clerk).plan_obstacle()
    with pytest.raises((Refused, Conflict)) as revoked:
        book.perform("void", fresh(clerk), WHY)
    return [change or "", str(revoked.value), plan.void_obstacle() or ""]


def test_a_contract_on_any_desk_holds_book_method_and_plan(book, clerk, reviewer):
    paper = makers.draft(book, clerk)
    for verb, who in ((None, None), ("submit", clerk), ("approve", reviewer)):
        paper = paper.perform(verb, who) if verb else paper
        change, revoked, plan = held(book, clerk)
        assert "尚未备案的合同请先删除或作废" in change
        assert "已有采购合同，任务书不能撤销" in revoked
        assert plan
    paper.perform("void", clerk, WHY)
    assert MethodChange.about(book.approved_plan, clerk).plan_obstacle() is None
    assert book.perform("void", fresh(clerk), WHY).state == Desk.VOID


def test_a_change_that_was_begun_before_is_not_approved_over_a_contract(book, clerk, reviewer, officer):
    change = change_makers.change(book.approved_plan, clerk)
    paper = makers.draft(book, clerk)
    with pytest.raises(ValidationError, match="尚未备案的合同"):
        change.perform("submit", clerk)
    Contract.objects.get(pk=paper.pk).perform("submit", clerk).perform("withdraw", clerk).perform(
        "void", clerk, WHY
    )
    change = change.perform("submit", clerk).perform("approve", reviewer)
    late = makers.draft(book, clerk, contract_no="晚到")
    with pytest.raises(ValidationError, match=f"正在办理采购方式变更 {change.number}"):
        late.perform("submit", clerk)
    with pytest.raises(ValidationError, match="尚未备案的合同"):
        change.perform("approve", fresh(officer), "同意变更")


def test_a_revoked_book_holds_its_contract_off(book, clerk, reviewer):
    paper = makers.draft(book, clerk)
    type(book).objects.filter(pk=book.pk).update(revoked_at=paper.created_at)  # as if at the same moment
    with pytest.raises(ValidationError, match="没有备案的任务书"):
        paper.perform("submit", clerk)
    type(book).objects.filter(pk=book.pk).update(revoked_at=None)
    paper = paper.perform("submit", clerk).perform("approve", reviewer)
    type(book).objects.filter(pk=book.pk).update(revoked_at=paper.created_at)
    with pytest.raises(ValidationError, match="没有备案的任务书"):
        paper.perform("file", clerk)


def test_a_plan_is_void_only_after_its_contract(unit, clerk, reviewer, confirmed):
    """历史合同 has no book between plan and contract."""
    plan = plans.plan(unit, clerk, confirmed, "1000.00", PlanType.HISTORY)
    plan = plan.perform("submit", clerk).perform("approve", reviewer)
    paper = makers.history(plan, clerk)
    with pytest.raises((Refused, Conflict), match="已有采购合同，计划不能作废"):
        plan.perform("void", clerk, WHY)
    paper.perform("submit", clerk).perform("withdraw", clerk).perform("void", clerk, WHY)
    late = makers.history(plan, clerk)
    Plan.objects.filter(pk=plan.pk).update(state=Desk.VOID)
    with pytest.raises(ValidationError, match="不能签订合同"):
        late.perform("submit", clerk)


def test_a_contract_that_ended_unpaid_holds_nothing(book, clerk, reviewer):
    paper = makers.filed(book, clerk, reviewer)
    assert "已有采购合同" in held(book, clerk)[1]
    paper.perform("terminate", clerk, "供应商不能履约")
    assert book.perform("void", fresh(clerk), WHY).state == Desk.VOID
