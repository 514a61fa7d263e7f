"""Deleting a confirmation: what lives on it is named, what is void does not hold it."""

import pytest
from django.core.exceptions import ValidationError

from budgets.models import QuotaConfirmation
from tests.plans import makers as plans
from tests.world import fresh

from . import makers

pytestmark = pytest.mark.django_db


def refusal(confirmed, clerk) -> str:
    with pytest.raises(ValidationError) as caught:
        confirmed.delete_unused(clerk)
    return caught.value.messages[0]


def test_a_draft_that_names_it_is_named_with_what_to_do(unit, clerk, confirmed):
    intent = makers.intent(unit, clerk, makers.item(confirmed), makers.item(confirmed))
    plan = plans.plan(unit, clerk, confirmed)
    said = refusal(confirmed, clerk)
    assert f"经办岗的采购意向 {intent.number}、采购计划 {plan.number}还在使用这次确认" in said
    assert "请先在单据里改选其他指标，或者删除、作废该单据。" in said


def test_a_paper_on_its_way_holds_it(unit, clerk, confirmed):
    makers.intent(unit, clerk, makers.item(confirmed))
    paper = makers.intent(unit, clerk, makers.item(confirmed)).perform("submit", fresh(clerk))
    assert (
        refusal(confirmed, clerk) == f"这次确认已被意向、计划或结转使用，不能删除：采购意向 {paper.number}。"
    )


def test_a_plan_that_reserves_money_holds_it_until_it_is_void(unit, clerk, confirmed):
    paper = plans.plan(unit, clerk, confirmed).perform("submit", fresh(clerk))
    assert f"采购计划 {paper.number}" in refusal(confirmed, clerk)
    paper.perform("withdraw", fresh(clerk)).perform("void", fresh(clerk), "项目已取消，不再采购")
    confirmed.delete_unused(clerk)
    assert QuotaConfirmation.objects.get().status == "deleted"
    assert paper.fundings.get().confirmation_id == confirmed.pk  # the void paper keeps what it said


def test_a_void_notice_does_not_hold_it(unit, clerk, reviewer, confirmed):
    paper = makers.approved(unit, clerk, reviewer, makers.item(confirmed))
    paper.perform("void", fresh(clerk), "项目已取消，不再公开")
    confirmed.delete_unused(clerk)
    assert QuotaConfirmation.objects.get().status == "deleted"
