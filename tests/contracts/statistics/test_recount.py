"""The page's figures against SQL written by hand over the contracts themselves."""

import random
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.models import Contract
from contracts.statistics.dimensions import CROSS, KEYS, NATURES, TABLES
from contracts.statistics.figures import Figures
from contracts.statistics.models import Fact, Tally
from contracts.statistics.models.facts import FIGURES
from contracts.statistics.recording import rebuild, withdraw
from procurement.flow.models import Desk, Document

from . import makers

pytestmark = pytest.mark.django_db

RECOUNT = """
    SELECT count(DISTINCT c.document_ptr_id), count(i.id),
        coalesce(sum(w.total_price), 0), coalesce(sum(i.total), 0)
    FROM contracts_contract c
    JOIN flow_document d ON d.id = c.document_ptr_id
    JOIN plans_plan p ON p.document_ptr_id = c.approved_plan_id
    JOIN contracts_contractitem i ON i.contract_id = c.document_ptr_id
    JOIN plans_planitem w ON w.id = i.plan_item_id
    JOIN reference_category k ON k.id = w.category_id
    JOIN statistics_linestatistics t ON t.item_id = i.id
    JOIN contracts_contractsupplier u ON u.contract_id = c.document_ptr_id
    WHERE d.state = 'done' AND NOT d.is_secret AND c.sort <> 'change' AND p.plan_type <> 'other_non_gov'
        AND extract(year FROM c.signed_on) = %s AND (%s = 0 OR extract(quarter FROM c.signed_on) = %s)
        AND (%s = 0 OR d.unit_id = %s) AND ({condition})
"""
BY_HAND = {
    "采购总计": "true", "货物": "k.code LIKE 'A%%'", "工程": "k.code LIKE 'B%%'", "服务": "k.code LIKE 'C%%'",
    "政府集中采购": "p.org_form = 'central'", "分散采购": "p.org_form = 'decentralized'",
    "部门集中采购": "false", "自行采购": "false",
    "公开招标": "p.method = 'open_tender'",
    "询价": "p.method = 'request_for_quotations'", "单一来源采购": "p.method = 'single_source'",
    "框架协议采购": "p.method = 'framework_agreement'", "其他方式": "p.method = ''",
    "节能、节水产品": "w.energy_saving OR w.water_saving", "其中：节能产品": "w.energy_saving",
    "其中：节水产品": "w.water_saving", "环保产品": "w.environmental",
    "节能、节水同类产品合计": "k.energy_saving OR w.energy_saving OR w.water_saving",
    "环保同类产品合计": "k.environmental OR w.environmental", "832平台采购": "t.rural",
    "中小企业": "u.size IN ('2', '3', '4')",
    "其中：小微企业": "u.size IN ('3', '4')", "大型企业": "u.size = '1'", "监狱企业": "u.special = '1'",
    "残疾人福利性单位": "u.special = '2'",
    "货物 · 政府集中采购": "k.code LIKE 'A%%' AND p.org_form = 'central'",
    "服务 · 分散采购": "k.code LIKE 'C%%' AND p.org_form = 'decentralized'",
}  # fmt: skip
ROWS = [pair for _, rows in TABLES for pair in rows] + CROSS


def by_hand(label: str, year: int, quarter: int, unit) -> tuple:
    values = [year, quarter, quarter, unit.pk if unit else 0, unit.pk if unit else 0]
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT.format(condition=BY_HAND[label]), values)
        return cursor.fetchone()


def same(figures: Figures, year: int, quarter: int, unit=None) -> None:
    for label, key in ROWS:
        if label in BY_HAND:
            sums = figures.of(key)
            told = (sums.contracts, sums.lines, sums.budget, sums.amount)
            assert told == by_hand(label, year, quarter, unit), (label, year, quarter)


def test_every_figure_equals_a_recount_by_hand(places, clerk, stranger):
    """Two units, two years, drafts, secret and void ones among them; then three filings are undone."""
    dice = random.Random(20261122)
    held = {unit: makers.money(unit, clerk) for unit in (places.unit, places.foreign_unit)}
    car, computer, *_ = makers.categories()
    type(car).objects.filter(pk=car.pk).update(energy_saving=True)
    type(car).objects.filter(pk=computer.pk).update(environmental=True)
    papers = []
    for number in range(36):
        unit = dice.choice(list(held))
        secret, sort = number % 13 == 0, "change" if number % 17 == 5 else "entry"
        base = {"base": papers[0]} if sort == "change" else {}
        paper = makers.somehow(
            dice, unit, clerk, held[unit], state=Desk.DONE, is_secret=secret, sort=sort, **base
        )
        papers.append(makers.filed(paper))
    makers.complete(makers.somehow(dice, places.unit, clerk, held[places.unit]))  # a draft counts nowhere
    for paper in papers[1:36:12]:
        withdraw(paper)
        withdraw(paper)  # twice is once
        Document.objects.filter(pk=paper.pk).update(**{"state": Desk.VOID})
    for year in (makers.YEAR, makers.YEAR + 1):
        for quarter in range(5):
            same(Figures(year, quarter), year, quarter)
            for unit in held:
                same(Figures(year, quarter, [unit.pk]), year, quarter, unit)
    assert by_hand("采购总计", makers.YEAR, 0, None)[0] > 5
    before = list(
        Tally.objects.exclude(lines=0).order_by(*KEY).values_list(*KEY, "contracts", "lines", "agreed_1")
    )
    rebuild()
    after = list(
        Tally.objects.exclude(lines=0).order_by(*KEY).values_list(*KEY, "contracts", "lines", "agreed_1")
    )
    assert before == after


KEY = (
    "year",
    "quarter",
    "unit",
    "dimension",
    "value",
    "late_quarter",
    "late_year",
    "contracts",
    "lines",
    *FIGURES,
)


def test_whatever_is_filed_and_undone_counts_as_by_hand(places, clerk):
    """Hypothesis throws the dice: contracts of any method, money, supplier and day, some of them undone."""
    held = makers.money(places.unit, clerk)

    @settings(max_examples=10)
    @given(st.randoms(use_true_random=False), st.lists(st.booleans(), min_size=1, max_size=4))
    def counts(dice, undone):
        point = transaction.savepoint()
        try:
            for is_undone in undone:
                paper = makers.filed(makers.somehow(dice, places.unit, clerk, held, state=Desk.DONE))
                if is_undone:
                    withdraw(paper)
                    Document.objects.filter(pk=paper.pk).update(**{"state": Desk.VOID})
            for year in (makers.YEAR, makers.YEAR + 1):
                same(Figures(year, 0), year, 0)
        finally:
            transaction.savepoint_rollback(point)

    counts()


def test_the_natures_add_up_to_the_total(places, clerk):
    dice = random.Random(7)
    held = makers.money(places.unit, clerk)
    for _ in range(8):
        makers.filed(makers.somehow(dice, places.unit, clerk, held, state=Desk.DONE))
    total = Figures(makers.YEAR, 0).total
    assert sum(total.agreed) == int(total.amount * 100)
    lines = Fact.objects.filter(year=makers.YEAR)
    assert total.lines == lines.count()
    assert {label for label, _ in NATURES} <= {label for label, _ in KEYS.values()}


def test_a_line_counts_once_whoever_records_it_again(places, clerk):
    held = makers.money(places.unit, clerk)
    row = makers.categories()[0]
    of = makers.plan(places.unit, clerk, {held[1]: Decimal(100)}, [(row, Decimal(1), Decimal(100), {})])
    paper = makers.filed(makers.contract(of, clerk, date(2025, 3, 31), [Decimal("99.99")], state=Desk.DONE))
    with pytest.raises(Exception, match="fact_once_each_way"):
        makers.record(Contract.objects.get(pk=paper.pk))
