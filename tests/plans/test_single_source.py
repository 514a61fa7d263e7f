"""采购组织信息: the linked single-source notice, and what excludes or asks for what."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from notices.models import SingleSourceNotice
from plans.assistant import inspect
from plans.models import Plan
from tests.intents import makers as intents
from tests.notices.single import makers as notices
from tests.remembered import load_reference

from . import makers

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SUPPLIER = "示例波谱技术有限公司"
ONLY = {"method": "single_source", "method_reason": "31-1", "supplier_name": SUPPLIER}
DUE = "4000000.00"  # from here on the notice comes first


@pytest.fixture
def rich(unit, clerk):
    makers.catalogue()
    load_reference()
    return makers.confirmation(unit, clerk, "90000000.00", "核磁共振维护")


@pytest.fixture
def notice(unit, clerk, officer, rich):
    return notices.completed(unit, clerk, officer, confirmed=rich, amount=Decimal(DUE))


def otherwise(notice: SingleSourceNotice, **fields) -> None:
    SingleSourceNotice.objects.filter(pk=notice.pk).update(**fields)


def found(paper: Plan) -> dict[str, str]:
    """What the two rules say, in sentences."""
    findings = inspect(Plan.objects.get(pk=paper.pk), TODAY)[0]
    return {
        one.code: one.sentence for one in findings if one.code in ("H08", "C08") and one.severity != "green"
    }


TROUBLES = [
    ({}, {}, ""),
    ({"publicity_end": TODAY}, {}, "尚未期满，或有异议还没有处理"),
    ({"publicity_end": TODAY - timedelta(days=1)}, {}, ""),
    ({"outcome": "objected"}, {}, "尚未期满，或有异议还没有处理"),
    ({"outcome": "upheld"}, {}, "尚未期满，或有异议还没有处理"),
    ({"outcome": "completed_overruled"}, {}, ""),
    ({"amount": Decimal("3999999.99")}, {}, "计划金额 4,000,000.00 元大于公示"),
    ({}, {"supplier_name": "另一公司"}, f"的“{SUPPLIER}”不一致"),
    ({"foreign": True}, {}, "不是本单位的"),
    ({}, {"notice": None}, "没有关联单一来源公示"),
]


@pytest.mark.parametrize(("changed", "fields", "trouble"), TROUBLES)
def test_a_linked_notice_carries_the_plan_or_the_trouble_is_said(
    places, unit, clerk, rich, notice, changed, fields, trouble
):
    if changed.pop("foreign", False):
        changed = {"unit": places.foreign_unit}
    otherwise(notice, case=intents.confirmation(unit, clerk).quota.case, **changed)
    paper = makers.plan(unit, clerk, rich, DUE, **(ONLY | {"notice": notice} | fields))
    told = found(paper)
    assert list(told) == (["H08"] if trouble else [])
    assert trouble in told.get("H08", "")
    if trouble:
        with pytest.raises(ValidationError, match="须先完成公示"):
            paper.perform("submit", clerk)
    else:
        assert paper.perform("submit", clerk).state == "unit"


def test_below_the_amount_no_notice_is_needed_but_a_linked_one_must_fit(unit, clerk, rich, notice):
    free = makers.plan(unit, clerk, rich, "3999999.99", **ONLY)
    assert found(free) == {}
    linked = makers.plan(
        unit, clerk, rich, "3999999.99", **ONLY | {"notice": notice, "supplier_name": "另一公司"}
    )
    assert list(found(linked)) == ["C08"]


def test_a_notice_of_the_case_that_still_stands_is_named(unit, clerk, officer, rich):
    notices.approved(unit, clerk, officer, confirmed=rich)
    assert "公示尚未结束" in found(makers.plan(unit, clerk, rich, DUE, **ONLY))["H08"]


def test_a_plan_begun_from_a_notice_types_nothing_twice(
    as_user, unit, clerk, officer, reviewer, rich, notice
):
    notices.approved(unit, clerk, officer, project_name="还在公示的项目")
    client = as_user(clerk)
    page = client.get("/plans/new/?kind=project").text
    assert f"?kind=project&amp;notice={notice.pk}" in page
    assert "还在公示的项目" not in page
    assert "期满无异议的单一来源公示" not in client.get("/plans/new/?kind=mall").text
    form = client.get(f"/plans/new/?kind=project&notice={notice.pk}").context["form"]
    shown = {name: form[name].value() for name in ("notice", "method", "method_reason", "supplier_name")}
    assert shown == {"notice": notice.pk, **ONLY}
    assert form["method_text"].value() == notice.reason
    item, money = (form.line_sets[name].forms[0] for name in ("items", "fundings"))
    assert (item["content"].value(), item["total_price"].value()) == (notice.project_name, notice.amount)
    assert (money["confirmation"].value(), money["amount"].value()) == (rich.pk, notice.amount)
    saved(client, rich, notice)
    assert f"notice={notice.pk}" not in client.get("/plans/new/?kind=project").text  # one plan stands on it
    paper = Plan.objects.get().perform("submit", clerk)
    assert notice.number in as_user(reviewer).get(f"/plans/{paper.pk}/").text


def typed(rich, **head) -> dict:
    row = makers.item(unit_price=DUE, quantity="1")
    return makers.posted([row], [makers.fund(rich, DUE)], **{"title": "", "supplier_name": ""} | head)


def saved(client, rich, notice) -> None:
    """Supplier and reason follow the notice."""
    data = typed(rich, method="single_source", method_reason="31-1", method_text="", notice=notice.pk)
    answer = client.post("/plans/new/?kind=project&blank=1", data)
    assert answer.status_code == 302, answer.context["form"].errors
    paper = Plan.objects.get()
    assert (paper.notice, paper.supplier_name, paper.method_text) == (notice, SUPPLIER, notice.reason)
    assert paper.case == rich.quota.case


@pytest.mark.parametrize(
    ("head", "name", "sentence"),
    [
        ({"method": "open_tender"}, "notice", "只有理由为“只能从唯一供应商处采购”的单一来源采购才关联公示"),
        ({"method": "single_source", "method_reason": "31-2"}, "notice", "请清除或改选理由"),
        ({"method": "open_tender", "method_reason": "31-1"}, "method_reason", "所选理由不适用"),
        ({"method": "request_for_quotations", "method_reason": "30-2"}, "method_reason", "所选理由不适用"),
        ({"sme_mode": "package"}, "sme_reserved", "这里却选了不预留"),
        ({"sme_amount": "1"}, "sme_reserved", "这里却选了不预留"),
        ({"sme_reserved": "true"}, "no_sme_reason", "不用再写不预留的理由"),
        ({"sme_reserved": "true", "no_sme_reason": "", "sme_amount": "4000000.01"}, "sme_amount",
         "预留金额 4,000,000.01 元大于清单合计 4,000,000.00 元"),
        ({"sme_amount": "-1"}, "sme_amount", "不能小于 0"),
    ],
)  # fmt: skip
def test_answers_that_exclude_each_other_are_told_beside_their_field(
    as_user, clerk, rich, notice, head, name, sentence
):
    given = {"notice": notice.pk} if name == "notice" else {}
    page = as_user(clerk).post("/plans/new/?kind=project&blank=1", typed(rich, **given | head))
    assert sentence in " ".join(page.context["form"].errors.get(name, []))
    assert not Plan.objects.exists()


@pytest.mark.parametrize("which", ["foreign", "standing", "unknown"])
def test_only_own_completed_notices_can_be_chosen(places, as_user, unit, clerk, officer, rich, notice, which):
    if which == "foreign":
        otherwise(notice, unit=places.foreign_unit)
    elif which == "standing":
        otherwise(notice, outcome="publicizing")
    key = 10**9 if which == "unknown" else notice.pk
    page = as_user(clerk).post("/plans/new/?kind=project&blank=1", typed(rich, **ONLY | {"notice": key}))
    assert "请从列表中选择单一来源公示" in page.context["form"].errors["notice"][0]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"method": "competitive_negotiation"},
            "采用公开招标以外的方式，请选择理由（政府采购法第二十九条至第三十二条）。",
        ),
        ({"sme_reserved": True, "sme_scope": "small"}, "面向中小企业预留的，请选择预留方式。"),
        ({"sme_reserved": True, "sme_mode": "whole"}, "面向中小企业预留的，请选择预留对象。"),
        ({"sme_reserved": True, "sme_mode": "package", "sme_scope": "small"}, "部分预留的，请填写预留金额。"),
        ({"sme_reserved": None}, "请选择是否面向中小企业采购。"),
        ({"entrust_mode": "agency"}, "请选择代理机构。"),
        ({"org_form": ""}, "请填写组织形式。"),
    ],
)
def test_what_the_answers_ask_for_besides_is_missed_at_the_submission(unit, clerk, rich, fields, sentence):
    paper = makers.plan(unit, clerk, rich, **fields)
    with pytest.raises(ValidationError) as problem:
        paper.perform("submit", clerk)
    assert sentence in problem.value.messages


@pytest.mark.parametrize(
    ("package", "name", "sentence"),
    [
        (
            {"name": "一包", "budget": "3999999.99"},
            "",
            "采购包预算合计 3,999,999.99 元与清单合计 4,000,000.00 元不相等",
        ),
        ({"name": "一包", "budget": DUE, "ceiling": "4000000.01"}, "ceiling", "最高限价"),
        ({"name": "", "budget": DUE}, "name", "请填写包名称"),
    ],
)
def test_packages_add_up_and_no_ceiling_is_above_its_budget(as_user, clerk, rich, package, name, sentence):
    row = makers.item(unit_price=DUE, quantity="1")
    package = {"pricing": "total", "evaluation": "score"} | package
    data = makers.posted([row], [makers.fund(rich, DUE)], [package], title="", action="submit")
    form = as_user(clerk).post("/plans/new/?kind=project&blank=1", data).context["form"]
    errors = form.line_sets["packages"].forms[0].errors.get(name, []) if name else form.non_field_errors()
    assert sentence in " ".join(errors)
    assert not Plan.objects.exists()
