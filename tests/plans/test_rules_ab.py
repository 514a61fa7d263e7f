"""A01–A12 and B01–B04: green, orange, and the value at which one becomes the other."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from plans.assistant import examine
from plans.assistant.context import OldMoney

from .rule_world import (
    BUILDING,
    DESK,
    DESKTOP,
    GOOD,
    MICROSCOPE,
    PROPERTY,
    SERVER,
    WORLD,
    ask,
    fund,
    item,
    plan,
    world,
)  # fmt: skip

G, W = "green", "orange"
INTENT = WORLD.intent
OLD = OldMoney(8, "ZB8", "实验室显微镜更新", Decimal("1.00"))


def test_a_good_plan_has_no_orange_no_red_and_no_flag():
    assert {finding.severity for finding in examine(GOOD, WORLD)} == {"green"}


def begun(day: date):
    return plan(expected_start=day)


CASES = [
    ("A01", GOOD, WORLD, G),
    ("A01", plan(handler_phone=""), WORLD, W),
    ("A01", plan(expected_start=None), WORLD, W),
    ("A01", plan(plan_type="mall", expected_start=None), WORLD, G),
    ("A01", plan(plan_type="other_history"), WORLD, W),
    ("A02", GOOD, WORLD, G),
    ("A02", plan(title="示例大学显微镜"), WORLD, G),
    ("A02", plan(title=""), WORLD, G),
    ("A02", plan(title="教学设备"), WORLD, W),
    ("A02", plan(items=()), WORLD, None),
    ("A03", GOOD, WORLD, G),
    ("A03", plan(division=9), WORLD, W),
    ("A03", plan(division=None), WORLD, None),
    ("A04", GOOD, WORLD, G),
    ("A04", GOOD, world(intent=None), W),
    ("A04", GOOD, world(intent=replace(INTENT, published=None)), W),
    ("A04", GOOD, world(intent=replace(INTENT, live=False)), W),
    ("A04", plan(intent_exemption="urgent", intent_reason="抢险"), world(intent=None), G),
    ("A04", plan(intent_exemption="urgent"), world(intent=None), W),
    ("A04", plan("999999.99"), world(intent=None), G),
    ("A04", plan("1000000.00"), world(intent=None), W),
    ("A04", plan("300000.00", SERVER), world(intent=None), W),
    ("A04", plan(plan_type="mall"), world(intent=None), None),
    ("A05", begun(date(2026, 5, 1)), WORLD, G),
    ("A05", begun(date(2026, 4, 30)), WORLD, W),
    ("A05", begun(date(2026, 3, 1)), WORLD, W),
    ("A05", GOOD, world(intent=None), None),
    ("A06", plan("1650000.00"), WORLD, G),
    ("A06", plan("1650000.01"), WORLD, W),
    ("A06", plan("1350000.00"), WORLD, G),
    ("A06", plan("1349999.99"), WORLD, W),
    ("A06", plan("1500000", SERVER), WORLD, W),
    ("A07", plan(items=(item("100.01", unit_price=Decimal(100)),)), WORLD, G),
    ("A07", plan(items=(item("100.02", unit_price=Decimal(100)),)), WORLD, W),
    ("A07", plan(items=(item("100", unit_price=None),)), WORLD, None),
    ("A08", GOOD, WORLD, G),
    ("A08", plan(fundings=(fund("1499999.99"),)), WORLD, W),
    ("A08", plan(items=(), fundings=()), WORLD, None),
    ("A09", plan(fundings=(fund(available=Decimal(1500000)),)), WORLD, G),
    ("A09", plan(fundings=(fund(available=Decimal("1499999.99")),)), WORLD, W),
    ("A09", plan(fundings=()), WORLD, None),
    ("A10", GOOD, WORLD, G),
    ("A10", plan(fundings=(fund(econ="30218"),)), WORLD, W),
    ("A10", plan("100", PROPERTY, fundings=(fund(econ="30209"),)), WORLD, G),
    ("A10", plan("100", PROPERTY, fundings=(fund(econ="31003"),)), WORLD, W),
    ("A10", plan("100", BUILDING, fundings=(fund(econ="30901"),)), WORLD, G),
    ("A10", plan(fundings=(fund(econ=""),)), WORLD, None),
    ("A11", GOOD, WORLD, G),
    ("A11", plan(fundings=(fund(quota_text="公路养护工程"),)), WORLD, W),
    ("A11", plan(fundings=(fund(quota_text="设备购置专项经费"),)), WORLD, None),
    ("A12", GOOD, WORLD, G),
    ("A12", GOOD, world(old_money=(OLD,)), W),
    ("A12", GOOD, world(old_money=(replace(OLD, project="其他"),)), G),
    (
        "A12",
        plan(fundings=(fund("1499999"), fund("1", number=2, kind="carryover", confirmation=8))),
        world(old_money=(OLD,)),
        G,
    ),
    ("A12", plan(fundings=(fund(kind="other"),)), WORLD, None),
    ("B01", GOOD, WORLD, G),
    ("B01", plan("9", replace(MICROSCOPE, is_leaf=False)), WORLD, W),
    ("B01", plan("9", replace(MICROSCOPE, is_leaf=False, central=True)), WORLD, G),
    ("B01", plan("9", replace(MICROSCOPE, valid_to=date(2026, 5, 10))), WORLD, W),
    ("B01", plan("9", replace(MICROSCOPE, valid_to=date(2026, 5, 11))), WORLD, G),
    ("B01", plan("9", replace(MICROSCOPE, valid_from=date(2026, 5, 12))), WORLD, W),
    ("B02", plan("300000.00", plan_type="mall"), WORLD, G),
    ("B02", plan("300000.01", plan_type="mall"), WORLD, W),
    ("B02", GOOD, WORLD, None),
    ("B03", plan("5000.00", DESKTOP), WORLD, G),
    ("B03", plan("5000.01", DESKTOP), WORLD, W),
    ("B03", plan("4500.00", DESK), WORLD, W),
    ("B03", GOOD, WORLD, None),
    ("B04", plan("5000", DESKTOP, plan_type="mall"), WORLD, G),
    ("B04", plan("5000", plan_type="mall"), WORLD, W),
    ("B04", GOOD, WORLD, None),
]


@pytest.mark.parametrize(("code", "facts", "context", "expected"), CASES)
def test_the_rule_is_green_and_orange_where_it_should_be(code, facts, context, expected):
    found = ask(code, facts, context)
    assert (found and found.severity) == expected
    if expected == W:
        assert all([found.what, found.mend, found.why, found.anchor])


def test_a_late_intent_is_told_the_first_possible_working_day():
    rest = {date(2026, 5, 1): False, date(2026, 5, 2): False, date(2026, 5, 3): False, date(2026, 5, 4): True}
    found = ask("A05", begun(date(2026, 4, 20)), world(workdays=rest))
    assert "只有 19 日" in found.what
    assert "2026-05-04" in found.mend


def test_the_desk_of_a_senior_post_is_named_and_one_beyond_it_is_not():
    assert "厅局级" in ask("B03", plan("4500.00", DESK)).what
    assert "厅局级" not in ask("B03", plan("4500.01", DESK)).what


def test_a_shortage_names_the_quota_and_both_amounts():
    found = ask("A09", plan(fundings=(fund(available=Decimal(100)),)))
    assert "ZB7 可用 100.00 元，本次 1,500,000.00 元" in found.what
