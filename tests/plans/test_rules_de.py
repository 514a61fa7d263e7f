"""D01–D08 and E01–E10."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from .rule_world import (
    APPROVAL,
    BUILDING,
    DESK,
    DESKTOP,
    GOOD,
    MICROSCOPE,
    PANEL,
    PROPERTY,
    SERVER,
    SOFTWARE,
    WORLD,
    ask,
    fund,
    item,
    plan,
    world,
)  # fmt: skip

G, W = "green", "orange"
SCHOOL = world(unit=replace(WORLD.unit, is_research=True))


def abroad(approval=APPROVAL, files=("import_application", "import_opinion"), **fields):
    return plan(items=(item(is_import=True, approval=approval),), files=frozenset(files), **fields)


def of(kind, *files):
    approval = replace(APPROVAL, import_class=kind, policy="鼓励进口目录")
    return abroad(approval, ("import_application", *files))


def row(category=MICROSCOPE, total="1000", **fields):
    return plan(items=(item(total, category, **fields),))


def part(amount, total="10000000", category=MICROSCOPE, **fields):
    given = {"sme_mode": "package", "sme_amount": amount and Decimal(amount)} | fields
    return plan(total, category, **given)


LAWYERLESS = tuple(replace(person, is_lawyer=False) for person in PANEL)
INSIDER = (replace(PANEL[0], employer="安徽示例大学"), *PANEL[1:])
CASES = [
    ("D01", GOOD, WORLD, G),
    ("D01", abroad(), WORLD, G),
    ("D01", abroad(None), WORLD, W),
    ("D01", abroad(replace(APPROVAL, country="")), WORLD, W),
    ("D01", abroad(files=()), WORLD, W),
    ("D01", of("other", "import_authority"), WORLD, G),
    ("D01", of("other"), WORLD, W),
    ("D01", of("encouraged", "import_policy"), WORLD, G),
    ("D01", of("encouraged"), WORLD, W),
    ("D01", of("restricted", "import_authority"), WORLD, W),
    ("D01", of("restricted", "import_authority", "import_opinion"), WORLD, G),
    ("D01", of("other"), SCHOOL, G),
    ("D01", of("other"), replace(SCHOOL, research_filing=False), W),
    ("D02", abroad(experts=PANEL), WORLD, G),
    ("D02", abroad(experts=PANEL[:4]), WORLD, W),
    ("D02", abroad(experts=(*PANEL, replace(PANEL[0], name="专家6"))), WORLD, W),
    ("D02", abroad(experts=LAWYERLESS), WORLD, W),
    ("D02", abroad(experts=INSIDER), WORLD, W),
    ("D02", abroad(), WORLD, W),
    ("D02", abroad(), SCHOOL, None),
    ("D02", GOOD, WORLD, None),
    ("D03", row(DESKTOP, energy_saving=True), WORLD, G),
    ("D03", row(DESKTOP), WORLD, W),
    ("D03", GOOD, WORLD, None),
    ("D04", row(DESK, environmental=True), WORLD, G),
    ("D04", row(DESK), WORLD, W),
    ("D04", GOOD, WORLD, None),
    ("D05", plan("2000000.00"), WORLD, G),
    ("D05", plan("2000000.00", sme_mode="package"), WORLD, W),
    ("D05", plan("2000000.00", sme_reserved=False), WORLD, W),
    ("D05", plan("2000000.00", sme_reserved=None), WORLD, W),
    ("D05", plan("2000000.00", sme_reserved=False, no_sme_reason="市场供应不足"), WORLD, G),
    ("D05", plan("2000000.01"), WORLD, None),
    ("D05", plan("4000000.00", BUILDING), WORLD, G),
    ("D05", plan("4000000.01", BUILDING), WORLD, None),
    ("D06", part("3000000.00"), WORLD, G),
    ("D06", part("2999999.99"), WORLD, W),
    ("D06", part(None), WORLD, W),
    ("D06", part(None, sme_mode="whole"), WORLD, G),
    ("D06", part("4000000.00", category=BUILDING), WORLD, G),
    ("D06", part("3999999.99", category=BUILDING), WORLD, W),
    ("D06", part("3000000.00", sme_scope="sme"), WORLD, W),
    ("D06", part(None, sme_reserved=False), WORLD, W),
    ("D06", part(None, sme_reserved=False, no_sme_reason="市场供应不足"), WORLD, G),
    ("D06", plan("2000000.00"), WORLD, None),
    ("D06", part(None, "2000000.01"), WORLD, W),
    ("D07", GOOD, WORLD, G),
    ("D07", row(industry=""), WORLD, W),
    ("D07", plan(sme_reserved=False), WORLD, None),
    ("D08", plan("9", SERVER, is_trusted_it=True), WORLD, G),
    ("D08", plan("9", SERVER), WORLD, W),
    ("D08", GOOD, WORLD, None),
    ("E01", plan("9999999.99"), WORLD, None),
    ("E01", plan("10000000.00"), WORLD, W),
    ("E01", plan("10000000.00", files=frozenset(["demand_survey"])), WORLD, G),
    ("E01", plan("29999999.99", BUILDING), WORLD, None),
    ("E01", plan("30000000.00", BUILDING), WORLD, W),
    ("E01", plan("100", SOFTWARE), WORLD, W),
    ("E01", abroad(), WORLD, W),
    ("E02", plan("10000000.00"), WORLD, W),
    ("E02", plan("10000000.00", files=frozenset(["demand_review"])), WORLD, G),
    ("E02", GOOD, WORLD, None),
    ("E03", GOOD, WORLD, G),
    ("E03", row(content="联想台式机"), WORLD, W),
    ("E03", row(requirement="须为指定型号的产品，不接受其他"), WORLD, W),
    ("E03", row(spec="进口品牌"), WORLD, W),
    ("E03", plan(demand_summary="唯一供应商"), WORLD, W),
    ("E04", row(requirement="一二三四五六七八九十"), WORLD, G),
    ("E04", row(requirement="一二三四五六七八九"), WORLD, W),
    ("E04", row(requirement=""), WORLD, W),
    ("E05", plan(expected_finish=date(2026, 12, 31)), WORLD, G),
    ("E05", plan(expected_finish=date(2027, 1, 1)), WORLD, W),
    ("E05", plan("9", PROPERTY, expected_finish=date(2028, 1, 1), multi_year=True), WORLD, G),
    ("E05", plan(expected_finish=None), WORLD, None),
    ("E06", plan(expected_start=date(2026, 10, 31)), WORLD, G),
    ("E06", plan(expected_start=date(2026, 11, 1)), WORLD, W),
    ("E06", GOOD, world(day=date(2026, 11, 1)), W),
    ("E06", plan(method="competitive_negotiation"), world(day=date(2026, 12, 1)), None),
    ("E07", plan("9", PROPERTY, multi_year=True, years=3), WORLD, G),
    ("E07", plan("9", PROPERTY, multi_year=True, years=4), WORLD, W),
    ("E07", plan("9", PROPERTY, multi_year=True, years=1), WORLD, W),
    ("E07", plan(multi_year=True, years=3), WORLD, W),
    ("E07", plan("9", PROPERTY, multi_year=True, years=2, fundings=(fund(year=2027),)), WORLD, W),
    ("E07", GOOD, WORLD, None),
    ("E08", plan(is_secret=True, intent_item=None, files=frozenset(["secrecy"])), WORLD, G),
    ("E08", plan(is_secret=True, intent_item=None), WORLD, W),
    ("E08", plan(is_secret=True, files=frozenset(["secrecy"])), WORLD, W),
    ("E08", plan(intent_exemption="secret"), WORLD, W),
    ("E08", GOOD, WORLD, None),
    ("E09", plan(plan_type="other_history"), WORLD, W),
    ("E09", plan(plan_type="other_history", files=frozenset(["contract"])), WORLD, G),
    ("E09", plan(plan_type="mall", over_reason="急用"), WORLD, W),
    ("E09", plan(plan_type="mall", over_reason="急用", files=frozenset(["over"])), WORLD, G),
    ("E09", GOOD, WORLD, None),
    ("E10", plan(fundings=(fund(kind="pre"),)), WORLD, W),
    ("E10", GOOD, WORLD, None),
]


@pytest.mark.parametrize(("code", "facts", "context", "expected"), CASES)
def test_the_rule_is_green_and_orange_where_it_should_be(code, facts, context, expected):
    found = ask(code, facts, context)
    assert (found and found.severity) == expected
    if expected == W:
        assert all([found.what, found.mend, found.why, found.anchor])
