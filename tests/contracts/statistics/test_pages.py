"""The report's pages: whose figures, where they lead, what is frozen, what they cost, how they look."""

import io
import random
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from pytest_django.asserts import assertContains, assertNotContains

from contracts.models import Contract
from contracts.statistics import reporting
from contracts.statistics.figures import Figures
from contracts.statistics.models import Report
from contracts.statistics.recording import withdraw
from procurement.flow.models import Desk
from tests.browser import fits
from tests.look.conftest import DESK, PHONE
from tests.world import YEAR

from . import makers

pytestmark = pytest.mark.django_db
ROOT = "/contracts/statistics/"
OF = f"?year={makers.YEAR}"


def one(unit, clerk, held, day: date, amount: str, **fields) -> Contract:
    """A filed contract of one computer, planned at 1,000 yuan."""
    line = (makers.categories()[0], Decimal(1), Decimal("1000.00"), {})
    of = makers.plan(unit, clerk, {held[1]: Decimal("1000.00")}, [line])
    return makers.filed(makers.contract(of, clerk, day, [Decimal(amount)], state=Desk.DONE, **fields))


@pytest.fixture
def filed(places, clerk, stranger):
    """Two contracts of the unit, one of strangers."""
    own, foreign = makers.money(places.unit, clerk), makers.money(places.foreign_unit, stranger)
    return [
        one(places.unit, clerk, own, date(2025, 2, 3), "900.00"),
        one(places.unit, clerk, own, date(2025, 8, 3), "12345.67", supplier={"size": "1", "special": "1"}),
        one(places.foreign_unit, stranger, foreign, date(2025, 2, 28), "555.55"),
    ]


def test_each_post_counts_its_own_units(as_user, filed, people):
    told = {
        "officer": "13,801.22", "auditor": "13,801.22", "clerk": "13,245.67", "reviewer": "13,245.67",
        "viewer": "13,245.67", "divisional": "13,245.67", "stranger": "555.55",
        "foreign_divisional": "555.55",
    }  # fmt: skip
    for name, amount in told.items():
        page = as_user(getattr(people, name)).get(ROOT + OF)
        assertContains(page, f'title="{amount} 元"', msg_prefix=name)
    page = as_user(people.officer).get(f"{ROOT}{OF}&unit=安徽示例医院")
    assertContains(page, 'title="555.55 元"')
    assertContains(as_user(people.officer).get(f"{ROOT}{OF}&unit=不存在"), "没有找到单位“不存在”")
    assertContains(as_user(people.officer).get(f"{ROOT}{OF}&unit=安徽"), "对应多个单位")
    assertContains(as_user(people.clerk).get(f"{ROOT}{OF}&unit=安徽示例医院"), 'title="13,245.67 元"')


def test_every_figure_leads_to_its_contracts(as_user, filed, officer, clerk):
    client = as_user(officer)
    links = {
        "of=total": [0, 1, 2], "of=total&quarter=1": [0, 2], "of=size-1": [1], "of=special-1": [1],
        "of=size-34": [0, 2], "of=cross-A1": [0, 1, 2], "of=method-open_tender": [0, 1, 2],
        "of=nature-1": [0, 1, 2],
        "of=nature-4": [], "of=kind-3": [], "of=total&quarter=4": [],
    }  # fmt: skip
    for query, wanted in links.items():
        page = client.get(f"{ROOT}contracts/{OF}&{query}")
        for number, paper in enumerate(filed):
            assert (f"/contracts/{paper.pk}/" in page.text) == (number in wanted), (query, number)
    assertNotContains(as_user(clerk).get(f"{ROOT}contracts/{OF}&of=total"), f"/contracts/{filed[2].pk}/")
    for query in ("of=x", "of=", "of=size-", "of='--"):
        assert client.get(f"{ROOT}contracts/{OF}&{query}").status_code == 404, query


NASTY = [
    "year=x", "year=99999999", "year=-1", "quarter=9", "quarter=²", "unit=%00", "unit=" + "长" * 300,
    "year=0000", "unit=%27--", "before=x&after=99999999999999999999",
]  # fmt: skip


def test_nasty_addresses_give_a_page(as_user, officer, admin):
    client = as_user(officer)
    for query in NASTY:
        assert client.get(f"{ROOT}?{query}").status_code == 200, query
        assert client.get(f"{ROOT}contracts/?{query}").status_code == 200, query
    assert as_user(admin).get(ROOT).status_code == 403
    assert client.post(ROOT).status_code == 405


def test_a_report_freezes_the_period_and_what_comes_later_is_a_correction(
    as_user, filed, places, officer, clerk
):
    client = as_user(officer)
    assert as_user(clerk).get(f"{ROOT}report/{OF}&quarter=1").status_code == 403
    early = client.post(f"{ROOT}report/?year={YEAR + 5}&quarter=1", {"confirmed": "1"})
    assertContains(early, "尚未结束", status_code=409)
    assertContains(client.get(f"{ROOT}report/{OF}&quarter=1"), "确认上报")
    assert client.post(f"{ROOT}report/{OF}&quarter=1", {"confirmed": "1"}).status_code == 302
    sent = Report.objects.get()
    assertContains(
        client.post(f"{ROOT}report/{OF}&quarter=1", {"confirmed": "1"}), "已经上报", status_code=409
    )
    assert (sent.by, sent.figures["rows"]["total:"][0]) == (officer, 2)
    one(places.unit, clerk, makers.money(places.unit, clerk), date(2025, 3, 1), "77.77")
    withdraw(filed[0])
    assert reporting.intact(sent)
    figures = Figures(2025, 1)
    assert (str(figures.total.amount), str(figures.late.amount)) == ("1455.55", str(Decimal("77.77") - 900))
    page = client.get(f"{ROOT}{OF}&quarter=1")
    for text in ("数据已锁定", sent.sha256[:16], "补报", "撤销备案", 'title="1,455.55 元"'):
        assertContains(page, text)
    late = client.get(f"{ROOT}contracts/{OF}&quarter=1&of=total&late=1").text
    assert "77.77" in late
    assert "-900.00" in late
    assert Figures(2025, 0).late.lines == 0  # the year is not reported yet
    assert str(Figures(2025, 0).total.amount) == "12978.99"


def test_green_products_are_told_as_a_share_of_like_ones(as_user, places, clerk, officer):
    """Two computers of a listed category, one of them energy-saving: a third of the money."""
    held, row = makers.money(places.unit, clerk), makers.categories()[0]
    type(row).objects.filter(pk=row.pk).update(energy_saving=True)
    for amount, saving in (("300.00", True), ("600.00", False)):
        line = (makers.categories()[0], Decimal(1), Decimal("1000.00"), {"energy_saving": saving})
        of = makers.plan(places.unit, clerk, {held[1]: Decimal("1000.00")}, [line])
        makers.filed(makers.contract(of, clerk, date(2025, 2, 3), [Decimal(amount)], state=Desk.DONE))
    client = as_user(officer)
    assertContains(client.get(ROOT + OF), "同类 33.33%")
    like = client.get(f"{ROOT}contracts/{OF}&of=saving_all-1")
    assertContains(like, "900.00")


def test_the_lines_as_a_workbook(as_user, filed, clerk, monkeypatch):
    answer = as_user(clerk).get(f"{ROOT}export/{OF}&quarter=3")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert len(rows) == 2
    row = dict(zip(*rows, strict=True))
    assert (row["品目编码"], row["合同：一般公共预算"], row["计划：一般公共预算"]) == (
        "A02010105",
        12345.67,
        1000,
    )
    assert (row["供应商规模"], row["CPU 型号"], row["车辆类别"]) == ("大型企业", "示例 CPU", "轿车")
    monkeypatch.setattr("contracts.statistics.export.MOST", 1)
    client = as_user(clerk)
    assert client.get(f"{ROOT}export/{OF}").status_code == 302
    assertContains(client.get(ROOT + OF), "共 2 条明细，超过一份文件的 1 条")


def test_the_pages_cost_the_same_for_many_contracts(
    as_user, filed, places, clerk, officer, django_assert_max_num_queries
):
    client, dice = as_user(officer), random.Random(3)
    reporting.send(2025, 1, officer)
    held = makers.money(places.unit, clerk)
    for _ in range(22):
        makers.filed(makers.somehow(dice, places.unit, clerk, held, state=Desk.DONE))
    client.get(ROOT + OF)
    with django_assert_max_num_queries(8):
        client.get(f"{ROOT}{OF}&quarter=1")
    with django_assert_max_num_queries(7):
        client.get(f"{ROOT}contracts/{OF}&of=total")


@pytest.mark.django_db(transaction=True)
def test_the_pages_read_well_on_a_desk_and_a_phone(browse, axe, places, clerk, stranger, officer):
    own = makers.money(places.unit, clerk)
    for day, amount, fields in [
        (date(2025, 2, 3), "900.00", {"method": "request_for_quotations"}),
        (date(2025, 5, 3), "955.55", {"supplier": {"size": "1", "special": "1"}}),
        (date(2025, 11, 3), "777.00", {"method": "competitive_consultation"}),
    ]:
        one(places.unit, clerk, own, day, amount, **fields)
    reporting.send(2025, 1, officer)
    one(places.unit, clerk, own, date(2025, 3, 1), "999.99")
    page = browse(officer, ROOT + OF, DESK)
    for size in (DESK, PHONE):
        page.set_viewport_size(size | {"height": 2400})  # nothing under a bar at the foot
        for path in (f"{OF}", f"{OF}&quarter=1", f"contracts/{OF}&of=total", f"report/{OF}&quarter=2"):
            page.goto(page.url.split("/contracts/")[0] + ROOT + path)
            axe(page)
            assert fits(page), (path, size)
