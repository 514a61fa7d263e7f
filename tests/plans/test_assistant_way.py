"""The way of a draft foretold, and what may be passed together with others."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.assistant import foreseen, inspect
from plans.models import Plan, PlanItem, PlanType
from plans.stages import PlanStage
from procurement.flow.models import Desk

from .test_assistant_review import TODAY, quiet

pytestmark = pytest.mark.django_db


# --- the way a draft will go -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "kind", "item", "office"),
    [
        ("300000.00", PlanType.MALL, {"quantity": 1000, "unit_price": 300}, False),
        ("300000.01", PlanType.MALL, {"quantity": 1000, "unit_price": 300}, True),
        ("5000.00", PlanType.MALL, {}, False),
        ("5000.01", PlanType.MALL, {}, True),
        ("5000.01", PlanType.PROJECT, {}, False),
        ("5000.00", PlanType.PROJECT, {"is_import": True}, True),
    ],
)
def test_a_draft_foretells_whether_the_office_will_see_it(make, amount, kind, item, office):
    paper = make(amount, kind, item=item)
    assert paper.expected_desks() == [Desk.UNIT, Desk.OFFICE][: 1 + office]
    assert foreseen(paper, TODAY) == inspect(paper, TODAY)[1]


def test_the_page_of_a_draft_shows_the_office_with_two_queries(as_user, make, clerk):
    mall, plain = make("400000.00", PlanType.MALL), make("1000.00", PlanType.MALL)
    client = as_user(clerk)
    for paper, office in ((mall, True), (plain, False)):
        steps = client.get(f"/plans/{paper.pk}/").context["steps"]
        assert any("采购处" in step["label"] for step in steps) is office
    with CaptureQueriesContext(connection) as seen:
        mall.expected_desks()
    assert len(seen) <= 2
    row = mall.items.get()
    PlanItem.objects.bulk_create(
        PlanItem(
            plan=mall, category=row.category, content=f"第 {n} 批", unit_price=1, quantity=1, measure="台",
            total_price=1,
        )
        for n in range(50)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        mall.expected_desks()
    assert len(many) == len(seen)
    assert plain.expected_desks() == [Desk.UNIT]


# --- passed together or by itself ------------------------------------------------------------------------


def test_only_a_plan_of_low_risk_may_be_passed_with_others(make, clerk):
    paper = quiet(make).perform("submit", clerk)
    assert [f.code for f in inspect(paper, TODAY)[0] if f.severity != "green"] == []
    assert PlanStage.batchable(paper) is None


def test_the_finding_that_stands_against_it_is_named(make, clerk):
    kept = quiet(make, title="教学设备", kept={"A02": "沿用预算项目名称"}).perform("submit", clerk)
    assert PlanStage.batchable(kept) == "辅助填报有提示：A02 计划名称按清单生成，请逐份审核。"
    flagged = make("100000.00").perform("submit", clerk)
    assert PlanStage.batchable(flagged).startswith("辅助填报有提示：")
    office = make("300000.01", PlanType.MALL, item={"quantity": 1000, "unit_price": 300})
    office = office.perform("submit", clerk)
    assert PlanStage.batchable(office).startswith("须经政府采购处审核（商城超标采购：计划金额 300,000.01 元")
    assert PlanStage.batchable(Plan(findings=[], office_reasons=[])) == "没有辅助填报结果，请逐份审核。"


def test_low_risk_plans_pass_together_with_a_result_for_each_row(as_user, make, clerk, reviewer):
    papers = [quiet(make).perform("submit", clerk), quiet(make).perform("submit", clerk)]
    risky = make("100000.00").perform("submit", clerk)
    ticks = [f"{paper.pk}-{paper.version}" for paper in [*papers, risky]]
    client = as_user(reviewer)
    answer = client.post("/plans/review/batch/", {"pick": ticks, "opinion": "低风险，同意。"}, follow=True)
    assert answer.status_code == 200
    assert "通过 2 件" in answer.text
    assert "1 件没有通过" in answer.text
    assert f"{risky.number}" in answer.text
    assert "请逐份审核" in answer.text
    states = Plan.objects.filter(pk__in=[paper.pk for paper in [*papers, risky]]).order_by("pk")
    assert [paper.state for paper in states] == ["done", "done", "unit"]
