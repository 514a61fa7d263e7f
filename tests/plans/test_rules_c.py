"""C01–C14: who buys, how, and the amounts at which that changes."""

from dataclasses import replace
from decimal import Decimal

import pytest

from plans.assistant.context import OtherPlans

from .rule_world import (
    BUILDING,
    DESKTOP,
    GOOD,
    MICROSCOPE,
    NOTICE,
    PROPERTY,
    SERVER,
    SUPERVISION,
    WORLD,
    ask,
    item,
    plan,
    world,
)  # fmt: skip

G, W = "green", "orange"
UNIT, AGENCY = WORLD.unit, WORLD.agency
CENTRAL = replace(AGENCY, kind="central_agency")
BEFORE = OtherPlans(MICROSCOPE.code, "competitive_negotiation", Decimal(1000000), same_project=True)


def others(**fields):
    return world(others=(replace(BEFORE, **fields),))


def single(total, reason="31-1", **fields):
    return plan(total, method="single_source", method_reason=reason, **fields)


def added(total, **fields):
    given = {"contract_no": "HT1", "contract_amount": Decimal(1000000)} | fields
    return single(total, "31-3", **given)


def works(total, second=None, amount="0", **fields):
    rows = (item(total, BUILDING), item(amount, second, number=2)) if second else (item(total, BUILDING),)
    return plan(items=rows, **fields)


QUOTE = {"method": "request_for_quotations", "method_reason": "32"}
TALK = {"method": "competitive_consultation", "method_reason": "c-1"}
CASES = [
    ("C01", plan("299999.99", SERVER), WORLD, G),
    ("C01", plan("300000.00", SERVER), WORLD, W),
    ("C01", plan("300000.00", SERVER, org_form="central"), WORLD, G),
    ("C01", GOOD, WORLD, None),
    ("C02", GOOD, WORLD, G),
    ("C02", plan(org_form="central"), WORLD, W),
    ("C02", plan("100", SERVER, org_form="central"), WORLD, None),
    ("C03", plan("1000000.00"), WORLD, G),
    ("C03", plan("999999.99"), WORLD, W),
    ("C03", plan("1200000.00", BUILDING), WORLD, G),
    ("C03", plan("1199999.99", BUILDING), WORLD, W),
    ("C03", plan("999999.99", plan_type="other_non_gov"), WORLD, G),
    ("C03", plan("1000000.00", plan_type="other_non_gov"), WORLD, W),
    ("C03", plan("100", SERVER, plan_type="other_non_gov"), WORLD, W),
    ("C03", plan("100", DESKTOP, plan_type="mall"), WORLD, G),
    ("C03", plan(plan_type="other_history"), WORLD, None),
    ("C04", plan("3999999.99", method="competitive_negotiation"), WORLD, G),
    ("C04", plan("4000000.00", method="competitive_negotiation"), WORLD, W),
    ("C04", plan("4000000.00", method=""), WORLD, W),
    ("C04", plan("4000000.00"), WORLD, G),
    ("C04", plan("4000000.00", BUILDING), WORLD, None),
    ("C05", GOOD, WORLD, G),
    ("C05", plan("3000000.00", method="competitive_negotiation"), others(), W),
    ("C05", plan("2999999.99", method="competitive_negotiation"), others(), G),
    ("C05", plan("3000000.00", method="competitive_negotiation"), others(same_project=False), G),
    ("C05", plan("3000000.00", method="competitive_negotiation"), others(this_year=False), G),
    ("C05", plan("3000000.00", method="competitive_negotiation"), others(method="open_tender"), G),
    ("C05", plan("3000000.00"), others(), G),
    ("C06", works("3999999.99"), WORLD, G),
    ("C06", works("4000000.00"), WORLD, W),
    ("C06", works("4000000.00", implement="599"), WORLD, G),
    ("C06", works("3999999.99", implement="599"), WORLD, W),
    ("C06", works("100", MICROSCOPE, "1999999.99"), WORLD, G),
    ("C06", works("100", MICROSCOPE, "2000000.00"), WORLD, W),
    ("C06", works("100", SUPERVISION, "999999.99"), WORLD, G),
    ("C06", works("100", SUPERVISION, "1000000.00"), WORLD, W),
    ("C06", GOOD, WORLD, None),
    ("C07", plan("100", **QUOTE), WORLD, G),
    ("C07", plan("100", PROPERTY, **QUOTE), WORLD, W),
    ("C07", plan("100", BUILDING, **QUOTE), WORLD, W),
    ("C07", plan("100", method="request_for_quotations"), WORLD, W),
    ("C07", GOOD, WORLD, None),
    ("C08", single("3999999.99"), WORLD, G),
    ("C08", single("4000000.00"), WORLD, W),
    ("C08", single("4000000.00", notice_finished=False), WORLD, W),
    ("C08", single("4000000.00", notice_finished=True), WORLD, W),  # there is one, it is not linked
    ("C08", single("4000000.00", notice=NOTICE, supplier_name="独家公司"), WORLD, G),
    ("C08", single("4000000.01", notice=NOTICE, supplier_name="独家公司"), WORLD, W),
    ("C08", single("100", notice=replace(NOTICE, closed=False)), WORLD, W),
    ("C08", single("4000000.00", "31-2"), WORLD, G),
    ("C08", single("100", ""), WORLD, W),
    ("C08", single("100", "30-1"), WORLD, W),
    ("C08", GOOD, WORLD, None),
    ("C09", added("100000.00"), WORLD, G),
    ("C09", added("100000.01"), WORLD, W),
    ("C09", added("60000.00"), world(added=Decimal("40000.00")), G),
    ("C09", added("60000.00"), world(added=Decimal("40000.01")), W),
    ("C09", added("100", contract_amount=None), WORLD, W),
    ("C09", GOOD, WORLD, None),
    ("C10", plan("100", **TALK), WORLD, G),
    ("C10", plan("100", method="competitive_consultation"), WORLD, W),
    ("C10", GOOD, WORLD, None),
    ("C11", GOOD, WORLD, G),
    ("C11", GOOD, world(agency=None), W),
    ("C11", GOOD, world(agency=replace(AGENCY, is_active=False)), W),
    ("C11", GOOD, world(agency=replace(AGENCY, region="320100")), W),
    ("C11", GOOD, world(agency=CENTRAL), W),
    ("C11", plan(org_form="central"), world(agency=CENTRAL), G),
    ("C11", plan(org_form="central"), WORLD, W),
    ("C11", plan(entrust_mode="research", agency=None), world(agency=None), None),
    ("C12", plan(entrust_mode="research"), world(unit=replace(UNIT, is_research=True)), G),
    ("C12", plan(entrust_mode="research"), WORLD, W),
    ("C12", plan("9", SERVER, entrust_mode="research"), world(unit=replace(UNIT, is_research=True)), W),
    (
        "C12",
        plan("9", SERVER, entrust_mode="research", is_research_equipment=True),
        world(unit=replace(UNIT, is_research=True)),
        G,
    ),
    ("C12", GOOD, WORLD, None),
    ("C13", plan(entrust_mode="territorial"), WORLD, W),
    ("C13", plan(entrust_mode="territorial"), world(unit=replace(UNIT, location="芜湖市")), G),
    ("C13", GOOD, WORLD, None),
    ("C14", plan("300000.00", DESKTOP), WORLD, W),
    ("C14", plan("300000.01", DESKTOP), WORLD, G),
    ("C14", plan("100", DESKTOP, method="framework_agreement"), WORLD, G),
    ("C14", plan("100", DESKTOP, plan_type="mall"), WORLD, G),
    ("C14", GOOD, WORLD, None),
]


@pytest.mark.parametrize(("code", "facts", "context", "expected"), CASES)
def test_the_rule_is_green_and_orange_where_it_should_be(code, facts, context, expected):
    found = ask(code, facts, context)
    assert (found and found.severity) == expected
    if expected == W:
        assert all([found.what, found.mend, found.why, found.anchor])
