"""复制去年计划: what comes along, what does not, what became of the catalogue."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.models import ImportApproval, Plan, PlanItem, PlanType
from procurement.reference.models import CatalogueEdition, Category
from tests.intents.test_form import NASTY
from tests.papers import category
from tests.world import YEAR

from . import makers

pytestmark = pytest.mark.django_db
CHOOSE = "/plans/new/?kind=copy"


def old(unit, clerk, confirmed, years: int = 1, **fields) -> Plan:
    """A plan of an earlier year."""
    paper = makers.plan(unit, clerk, confirmed, **fields)
    Plan.objects.filter(pk=paper.pk).update(fiscal_year=YEAR - years)
    return Plan.objects.get(pk=paper.pk)


def former(code: str = "A0201010401", name: str = "台式机") -> Category:
    """A category of an edition that is no longer in force."""
    edition, _ = CatalogueEdition.objects.get_or_create(
        code="2013",
        defaults={"name": "2013 年版", "valid_from": "2013-01-01", "valid_to": date(2022, 12, 31)},
    )
    return Category.objects.create(edition=edition, code=code[:9], name=name, level=4)


def copied(client, paper: Plan) -> str:
    answer = client.get(f"/plans/new/?from={paper.pk}")
    assert answer.status_code == 200
    return answer.text


def test_the_menu_leads_to_the_plans_of_earlier_years(as_user, unit, clerk, confirmed):
    client = as_user(clerk)
    assert "复制去年计划" in client.get("/plans/").text
    assert "没有以前年度的计划" in client.get(CHOOSE).text
    paper = old(unit, clerk, confirmed)
    recent = makers.plan(unit, clerk, confirmed)
    text = client.get(CHOOSE).text
    assert paper.number in text
    assert f"?from={paper.pk}" in text
    assert recent.number not in text
    assert "没有符合条件的计划" in client.get(f"{CHOOSE}&q=飞碟").text


@pytest.mark.parametrize("kind", PlanType.values)
def test_head_list_and_organisation_come_along_and_money_does_not(as_user, unit, clerk, confirmed, kind):
    fields = {"over_reason": "办公急需"} if kind == "mall" else {}
    paper = old(unit, clerk, confirmed, kind=kind, responsible_name="老主任", **fields)
    client = as_user(clerk)
    text = copied(client, paper)
    assert f"新增{PlanType(kind).label}" in text
    assert 'value="老主任"' in text
    assert 'name="items-TOTAL_FORMS" value="1"' in text
    assert 'value="教学用台式计算机"' in text
    assert 'value="A02010105 台式计算机"' in text
    assert 'name="fundings-0-amount" value' not in text
    assert "设备费" not in text
    assert f'value="{makers.SOON:%Y-%m-%d}"' not in text  # dates belong to their year
    assert Plan.objects.count() == 1


def test_packages_and_import_blocks_come_along(as_user, unit, clerk, confirmed):
    paper = old(unit, clerk, confirmed, item={"is_import": True})
    block = {"country": "德国", "purpose": "教学", "import_class": "other", "import_case": "not_available"}
    ImportApproval.objects.create(plan=paper, item=paper.items.get(), reason="国内没有", **block)
    paper.packages.create(name="第一包", budget=Decimal("600000.00"))
    paper.experts.create(name="张三", employer="示例研究院", title="教授")
    text = copied(as_user(clerk), paper)
    for value in ("德国", "第一包", "国内没有"):
        assert value in text
    assert "示例研究院" not in text  # a panel argues for one purchase


def test_a_copy_is_saved_as_a_new_plan_of_this_year(as_user, unit, clerk, confirmed):
    paper = old(unit, clerk, confirmed)
    data = makers.posted([makers.item()], [makers.fund(confirmed)])
    assert as_user(clerk).post(f"/plans/new/?from={paper.pk}", data).status_code == 302
    new = Plan.objects.exclude(pk=paper.pk).get()
    assert (new.fiscal_year, new.state, new.version) == (YEAR, "clerk", 1)
    assert new.number != paper.number


@pytest.mark.parametrize(
    ("code", "name", "sentence"),
    [
        ("A02010104", "台式计算机", "已不在现行目录中，建议改用 A02010105 台式计算机。"),
        ("A02010105", "台式机", "已不在现行目录中，建议改用 A02010105 台式计算机。"),
        ("A02990000", "飞碟", "已不在现行目录中，请重新选择品目。"),
    ],
)
def test_a_category_out_of_force_is_marked_with_its_successor(
    as_user, unit, clerk, confirmed, code, name, sentence
):
    gone = former(code, name)
    text = copied(as_user(clerk), old(unit, clerk, confirmed, item={"category": gone}))
    assert f"“{code} {name}”{sentence}" in text


def test_the_same_code_with_the_same_name_needs_no_mark(as_user, unit, clerk, confirmed):
    gone = former("A02010105", "台式计算机")
    text = copied(as_user(clerk), old(unit, clerk, confirmed, item={"category": gone}))
    assert "已不在现行目录中" not in text


def test_an_agency_out_of_business_stays_behind(as_user, unit, clerk, confirmed):
    agency = makers.agency()
    paper = old(unit, clerk, confirmed, agency=agency)
    assert f'value="{agency.pk}" selected' in agencies(copied(as_user(clerk), paper))
    agency.is_active = False
    agency.save()
    assert f'value="{agency.pk}"' not in agencies(copied(as_user(clerk), paper))


def agencies(page: str) -> str:
    """The select of agencies alone: other fields have keys of their own."""
    return re.search(r'<select name="agency".*?</select>', page, re.DOTALL).group()


def test_only_the_own_units_earlier_plans_can_be_copied(
    as_user, places, unit, clerk, stranger, reviewer, confirmed
):
    paper = old(unit, clerk, confirmed)
    text = as_user(stranger).get(f"/plans/new/?from={paper.pk}").text
    assert "教学用台式计算机" not in text
    assert paper.number not in as_user(stranger).get(CHOOSE).text
    assert as_user(reviewer).get(CHOOSE).status_code == 403
    this_year = makers.plan(unit, clerk, confirmed)
    assert "教学用台式计算机" not in as_user(clerk).get(f"/plans/new/?from={this_year.pk}").text


@pytest.mark.parametrize("name", ["from", "q"])
def test_whatever_is_in_the_address_is_answered(as_user, clerk, confirmed, name):
    client = as_user(clerk)
    for value in NASTY:
        assert client.get(CHOOSE if name == "q" else "/plans/new/", {name: value[:5000]}).status_code == 200


def test_copying_costs_the_same_for_any_number_of_rows_and_plans(as_user, unit, clerk, confirmed):
    client = as_user(clerk)

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    papers = [old(unit, clerk, confirmed) for _ in range(2)]
    PlanItem.objects.bulk_create(
        PlanItem(
            plan=papers[1], category=category(), content=f"设备 {n}", unit_price=1, quantity=1, measure="台",
            total_price=1,
        )
        for n in range(60)
    )  # fmt: skip
    cost(CHOOSE)
    short, tall = (cost(f"/plans/new/?from={paper.pk}") for paper in papers)
    assert short == tall
    few = cost(CHOOSE)
    for _ in range(5):
        old(unit, clerk, confirmed)
    assert cost(CHOOSE) == few
