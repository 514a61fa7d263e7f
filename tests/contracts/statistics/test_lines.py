"""财政部报表统计信息 of a contract: defaults, rules, the page, and what a filing makes of it."""

from datetime import date
from decimal import Decimal

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from contracts.models import Contract, ContractItem
from contracts.statistics import checks
from contracts.statistics.defaults import follow
from contracts.statistics.models import Fact, LineStatistics
from contracts.statistics.models.lines import MONEY, PLAN
from plans.models import PlanType
from tests.browser import fits
from tests.contracts import makers as papers
from tests.look.conftest import DESK, PHONE

from . import makers

pytestmark = pytest.mark.django_db
THIRD = {1: Decimal("333.33"), 4: Decimal("333.33"), 6: Decimal("333.34")}


def draft(unit, clerk, *codes: int, **fields) -> Contract:
    """A draft of these lines, each planned at 1,000 and agreed at 900; money of three natures."""
    rows, held = makers.categories(), makers.money(unit, clerk)
    lines = [(rows[code], Decimal(2), Decimal("1000.00"), {"energy_saving": True}) for code in codes]
    funds = {held[bucket]: amount * len(codes) for bucket, amount in THIRD.items()}
    of = makers.plan(unit, clerk, funds, lines, **fields.pop("plan", {}))
    return makers.contract(of, clerk, date(2025, 2, 3), [Decimal("900.00")] * len(codes), **fields)


def posted(paper: Contract, **changed) -> dict:
    """What the page posts: every line as stored or by default."""
    follow(paper)
    data = {"version": Contract.objects.get(pk=paper.pk).version, "action": "save"}
    for row in LineStatistics.objects.filter(contract=paper):
        values = {name: getattr(row, name) for name in ("org_kind", *PLAN, *MONEY)} | {"energy_saving": "on"}
        data |= {f"i{row.item_id}-{name}": value for name, value in (values | changed).items()}
    return data


def test_a_saved_contract_gets_its_defaults_and_they_follow_the_price(unit, clerk):
    paper = draft(unit, clerk, 0)
    assert checks.faults(paper) == ["报表统计信息：第 1 项标的尚未填写。"]
    follow(paper)
    row = LineStatistics.objects.get()
    assert [str(getattr(row, name)) for name in PLAN] == ["333.33", "0.00", "0.00", "666.67", "0.00"]
    told = [str(getattr(row, name)) for name in MONEY]
    assert told == ["299.99", "0.00", "0.00", "299.99", "0.00", "300.02"]
    assert (row.org_kind, row.energy_saving) == ("1", True)
    ContractItem.objects.update(total=Decimal("950.00"))
    assert any(
        "合同金额各栏合计 900.00 元，应等于本标的合同金额 950.00 元" in text for text in checks.faults(paper)
    )
    follow(paper)
    assert LineStatistics.objects.get().agreed == Decimal("950.00")
    assert checks.faults(paper) == []


def test_two_contracts_of_one_plan_line_share_its_money(unit, clerk):
    first = draft(unit, clerk, 0, quantities=[Decimal(1)])
    second = makers.contract(
        first.approved_plan, clerk, date(2025, 3, 1), [Decimal("400.00")], quantities=[Decimal(5)]
    )
    for paper in (first, second):
        follow(paper)
    assert [row.planned for row in LineStatistics.objects.order_by("pk")] == [Decimal(500), Decimal(500)]


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({"plan": {"plan_type": PlanType.NON_GOV}}, False),
        ({"is_secret": True}, False),
        ({}, True),
    ],
)
def test_only_government_procurement_is_asked_for(unit, clerk, fields, asked):
    assert bool(checks.faults(draft(unit, clerk, 0, **fields))) is asked


def test_blocks_stand_only_where_they_belong_and_faults_beside_the_fields(as_user, unit, clerk):
    paper = draft(unit, clerk, 0, 1, 3, plan={"sme_reserved": True})
    first, car, service = paper.items.order_by("pk")
    ContractItem.objects.filter(pk=first.pk).update(is_import=True)
    client = as_user(clerk)
    page = client.get(f"/contracts/statistics/{paper.pk}/")
    for name, shown in {
        f"i{first.pk}-cpu": True, f"i{first.pk}-origin_code": True, f"i{first.pk}-vehicle": False,
        f"i{car.pk}-vehicle": True, f"i{car.pk}-cpu": False, f"i{service.pk}-origin_code": False,
    }.items():  # fmt: skip
        assert (f'name="{name}"' in page.text) is shown, name
    for text in ("请选择车辆类别", "请填写原产国", "请填写进口产品编号", "请在合同标的中选择厂商规模"):
        assertContains(page, text)
    assertContains(
        client.post(f"/contracts/statistics/{paper.pk}/", posted(paper), follow=True), "处需要补齐"
    )
    assert len(checks.faults(paper)) == 5


WRONG = [
    ("plan_1", "x", "的格式不对"),
    ("plan_1", "-1", "不能小于"),
    ("contract_1", "1e9", "的格式不对"),
    ("contract_1", "9" * 30, "太长"),
    ("contract_1", "1.001", "最多 2 位小数"),
    ("extra_energy", "长" * 101, "最多 100 个字"),
    ("org_kind", "9", "请从列表中选择组织形式"),
    ("org_kind", "", "请填写组织形式"),
]


def test_wrong_input_is_a_sentence_beside_the_field_and_stays(as_user, unit, clerk):
    paper = draft(unit, clerk, 3)
    client = as_user(clerk)
    for name, value, sentence in WRONG:
        page = client.post(f"/contracts/statistics/{paper.pk}/", posted(paper, **{name: value}))
        assertContains(page, sentence, msg_prefix=f"{name}={value[:20]}")
    kept = client.post(
        f"/contracts/statistics/{paper.pk}/",
        posted(paper, plan_1="１，０００．００", plan_4="", contract_1="1"),
    )
    assert kept.status_code == 302
    assertContains(
        client.get(f"/contracts/statistics/{paper.pk}/"), "合计 601.01 元，应等于本标的合同金额 900.00 元"
    )
    client.post(f"/contracts/statistics/{paper.pk}/", {"action": "share"})
    assert checks.faults(paper) == []


def test_more_contract_money_than_plan_money_is_orange_unless_adjusted(as_user, unit, clerk):
    paper = draft(unit, clerk, 3)
    client, url = as_user(clerk), f"/contracts/statistics/{paper.pk}/"
    moved = {"contract_1": "900.00", "contract_4": "0", "contract_6": "0"}
    client.post(url, posted(paper, **moved))
    assertContains(client.get(url), "一般公共预算的合同金额 900.00 元大于计划金额 333.33 元")
    assert checks.faults(paper) == []
    client.post(url, posted(paper, **moved, fund_adjusted="on"))
    assertNotContains(client.get(url), "大于计划金额")


def test_only_the_units_clerk_writes_and_nobody_over_another(as_user, unit, clerk, reviewer, stranger):
    paper = draft(unit, clerk, 3)
    url = f"/contracts/statistics/{paper.pk}/"
    assert as_user(stranger).get(url).status_code == 404
    assert as_user(reviewer).get(url).status_code == 403
    old = posted(paper)
    assert as_user(clerk).post(url, old).status_code == 302
    assert as_user(clerk).post(url, old).status_code == 409
    assert as_user(clerk).get("/contracts/statistics/999999/").status_code == 404


def test_the_page_costs_the_same_for_many_lines(as_user, unit, clerk, django_assert_max_num_queries):
    paper = draft(unit, clerk, *[0, 1, 2, 3] * 5)
    client, data = as_user(clerk), posted(paper)
    client.get(f"/contracts/statistics/{paper.pk}/")
    with django_assert_max_num_queries(10):
        client.get(f"/contracts/statistics/{paper.pk}/")
    with django_assert_max_num_queries(24):
        client.post(f"/contracts/statistics/{paper.pk}/", data)


def test_a_contract_that_is_filed_counts_and_one_that_is_cancelled_does_not(book, clerk, reviewer, officer):
    """The whole way: form defaults, submission, review, 备案, 撤销备案."""
    paper = papers.filed(book, clerk, reviewer)
    fact = Fact.objects.get()
    assert (fact.sign, fact.agreed_1, fact.planned_1, fact.size) == (1, 90000, 100000, "1")
    assert (fact.year, fact.quarter) == (paper.signed_on.year, (paper.signed_on.month + 2) // 3)
    paper.perform("cancel", officer, "合同未实际履行")
    assert sorted(Fact.objects.values_list("sign", flat=True)) == [-1, 1]


def test_statistics_are_part_of_what_is_submitted(book, clerk):
    paper = papers.draft(book, clerk)
    LineStatistics.objects.filter(contract=paper).delete()
    with pytest.raises(Exception, match="第 1 项标的尚未填写"):
        paper.perform("submit", clerk)
    follow(paper)
    sent = paper.perform("submit", clerk)
    assert sent.moves.last().snapshot["lines"]["statistics"][0]["contract_1"] == 90000


@pytest.mark.django_db(transaction=True)
def test_the_page_reads_well_on_a_desk_and_a_phone(browse, axe, unit, clerk):
    paper = draft(unit, clerk, 0, 1)
    follow(paper)
    page = browse(clerk, f"/contracts/statistics/{paper.pk}/", DESK)
    for size in (DESK, PHONE):
        page.set_viewport_size(size | {"height": 3600})  # nothing under the bar at the foot
        page.reload()
        axe(page)
        assert fits(page), size
    page.goto(page.url.replace(f"statistics/{paper.pk}/", f"{paper.pk}/edit/"))
    axe(page, include="#s-statistics")
