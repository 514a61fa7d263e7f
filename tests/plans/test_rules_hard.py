"""H01–H14: what stops a submission; P01–P12: what is shown and stops nobody; what goes to the office."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from plans.assistant import examine, obstacles, office_reasons, restored
from plans.assistant.context import Context, EarlierPrice, OtherPlans
from plans.assistant.facts import PackageFacts, PlanFacts
from plans.assistant.registry import RULES
from plans.grown import Outcome

from .rule_world import (
    APPROVAL,
    BUILDING,
    DAY,
    DESKTOP,
    GOOD,
    MICROSCOPE,
    NOTICE,
    SERVER,
    WORLD,
    ask,
    fund,
    item,
    plan,
    world,
)  # fmt: skip

R, F = "red", "flag"
SOLE = {"method": "single_source", "method_reason": "31-1", "supplier_name": "独家公司"}
BEFORE = OtherPlans(MICROSCOPE.code, "competitive_negotiation", Decimal(1000000))
TALKS = {"method": "competitive_negotiation"}
ARGUED = frozenset(["import_application", "import_opinion"])
FOREIGN = item(is_import=True, approval=APPROVAL)


def money(**fields):
    return plan(fundings=(fund(**fields),))


def early(start: date, **fields):
    return plan(expected_start=start, **fields)


def before(**fields):
    return world(others=(replace(BEFORE, **fields),))


def dear(price: str, **fields):
    known = {"category": MICROSCOPE.code, "measure": "台", "price": Decimal(price)}
    return world(earlier=(EarlierPrice(**known | fields),))


def ended(bought: str = "1", quantity: str = "1", category: str = MICROSCOPE.code):
    """Planned: ten for one yuan."""
    figures = (Decimal(1), Decimal(10), Decimal(bought), Decimal(quantity))
    return world(outcomes=(Outcome(1, category, DAY, "JH1", *figures),))


CASES = [
    ("H01", GOOD, WORLD, None),
    ("H01", plan(items=()), WORLD, R),
    ("H02", GOOD, WORLD, None),
    ("H02", plan(fundings=()), WORLD, R),
    ("H03", GOOD, WORLD, None),
    ("H03", money(amount="1500000.01"), WORLD, R),
    ("H03", plan(fundings=()), WORLD, None),
    ("H04", money(available=Decimal("1500000.00")), WORLD, None),
    ("H04", money(available=Decimal("1499999.99")), WORLD, R),
    ("H05", GOOD, WORLD, None),
    ("H05", money(unit=2), WORLD, R),
    ("H05", money(year=2025), WORLD, R),
    ("H05", money(usable=False), WORLD, R),
    ("H06", GOOD, WORLD, None),
    ("H06", plan(items=(replace(item(), quantity=Decimal(0)),)), WORLD, R),
    ("H06", plan(items=(replace(item(), total=Decimal(0)),)), WORLD, R),
    ("H06", plan(items=(replace(item(), total=Decimal("0.01")),)), WORLD, None),
    ("H06", plan(items=(replace(item(), quantity=None),)), WORLD, R),
    ("H07", GOOD, WORLD, None),
    ("H07", plan(items=(replace(item(), category=None),)), WORLD, R),
    ("H08", plan("3999999.99", **SOLE), WORLD, None),
    ("H08", plan("4000000.00", **SOLE), WORLD, R),
    ("H08", plan("4000000.00", notice_finished=False, **SOLE), WORLD, R),
    ("H08", plan("4000000.00", notice_finished=True, **SOLE), WORLD, R),
    ("H08", plan("4000000.00", notice=NOTICE, **SOLE), WORLD, None),
    ("H08", plan("4000000.01", notice=NOTICE, **SOLE), WORLD, R),
    ("H08", plan("4000000.00", notice=replace(NOTICE, closed=False), **SOLE), WORLD, R),
    ("H08", plan("4000000.00", notice=replace(NOTICE, unit=2), **SOLE), WORLD, R),
    ("H08", plan("4000000.00", notice=replace(NOTICE, supplier="另一家"), **SOLE), WORLD, R),
    ("H09", GOOD, WORLD, None),
    ("H09", plan(items=(FOREIGN,)), WORLD, R),
    ("H09", plan(items=(FOREIGN,), files=frozenset(["demand"])), WORLD, R),
    ("H09", plan(items=(FOREIGN,), files=frozenset(["import_opinion"])), WORLD, None),
    ("H10", GOOD, WORLD, None),
    ("H10", plan(locked_by="BG20260001"), WORLD, R),
    ("H11", GOOD, WORLD, None),
    ("H11", plan(certificate_expired=True), WORLD, R),
    ("H12", GOOD, WORLD, None),
    ("H12", plan(plan_type="mall", fundings=(fund(kind="pre"),)), WORLD, R),
    ("H12", plan(plan_type="other_non_gov", fundings=(fund(kind="unified"),)), WORLD, R),
    ("H13", GOOD, WORLD, None),
    ("H13", plan(fundings=(fund("1"), fund("2", number=2))), WORLD, R),
    ("H14", GOOD, WORLD, None),
    ("H14", plan(packages=(PackageFacts("一包", Decimal("1500000.00")),)), WORLD, None),
    ("H14", plan(packages=(PackageFacts("一包", Decimal("1499999.99")),)), WORLD, R),
    ("P01", GOOD, WORLD, None),
    ("P01", plan("3000000.00", **TALKS), before(), F),
    ("P01", plan("2999999.99", **TALKS), before(), None),
    ("P01", plan("3000000.00", **TALKS), before(recent=False), None),
    ("P01", plan("3000000.00"), before(), None),
    ("P02", plan("3880000.00"), WORLD, F),
    ("P02", plan("3879999.99"), WORLD, None),
    ("P02", plan("3999999.99"), WORLD, F),
    ("P02", plan("4000000.00"), WORLD, None),
    ("P02", plan("970000.00"), WORLD, F),
    ("P02", plan("299000.00", SERVER), WORLD, F),
    ("P02", plan("291000.00", DESKTOP, plan_type="mall"), WORLD, F),
    ("P02", plan("1170000.00", BUILDING), WORLD, F),
    ("P03", early(date(2026, 6, 1)), WORLD, None),
    ("P03", early(date(2026, 4, 30)), WORLD, F),
    ("P03", early(date(2026, 5, 1)), WORLD, None),
    ("P03", early(date(2026, 6, 1)), world(day=date(2026, 4, 20)), F),
    ("P04", GOOD, WORLD, None),
    ("P04", plan(plan_type="other_history", signed_on=date(2026, 5, 10)), WORLD, F),
    ("P04", plan(plan_type="other_history", signed_on=date(2026, 5, 11)), WORLD, None),
    ("P05", GOOD, WORLD, None),
    ("P05", plan(**SOLE), world(same_supplier=1), F),
    ("P06", GOOD, WORLD, None),
    ("P06", plan(plan_type="other_history", contract_amount=Decimal("1500000.00")), WORLD, None),
    ("P06", plan(plan_type="other_history", contract_amount=Decimal("1500000.01")), WORLD, F),
    ("P07", GOOD, WORLD, None),
    ("P07", GOOD, world(first_method="open_tender"), None),
    ("P07", GOOD, world(first_method="single_source"), F),
    ("P07", plan(method=""), world(first_method="single_source"), None),
    ("P06", GOOD, dear("1153846.15"), F),
    ("P06", GOOD, dear("1153846.16"), None),
    ("P06", GOOD, dear("1", measure="套"), None),
    ("P06", GOOD, dear("1", category="A02010104"), None),
    ("P06", GOOD, ended(bought="1.01"), F),
    ("P06", GOOD, ended(quantity="10.0001"), F),
    ("P06", GOOD, ended(bought="1.00", quantity="10"), None),
    ("P06", GOOD, ended(bought="9", category="A02010104"), None),
    ("P08", plan(items=(FOREIGN,)), WORLD, F),
    ("P08", plan(items=(FOREIGN,), files=ARGUED), WORLD, None),
    ("P08", plan(items=(replace(FOREIGN, approval=None),), files=ARGUED), WORLD, F),
    ("P08", GOOD, WORLD, None),
    ("P12", plan("300000.00", DESKTOP), WORLD, F),
    ("P12", plan("300000.01", DESKTOP), WORLD, None),
    ("P12", plan("9", DESKTOP, plan_type="mall"), WORLD, None),
    ("P12", plan("9", DESKTOP, plan_type="other_non_gov"), WORLD, F),
    ("P12", plan("9", DESKTOP, method="framework_agreement"), WORLD, None),
    ("P12", plan("9", DESKTOP, implement="402"), WORLD, None),
]


@pytest.mark.parametrize(("code", "facts", "context", "expected"), CASES)
def test_it_fires_where_it_should_and_is_silent_elsewhere(code, facts, context, expected):
    found = ask(code, facts, context)
    assert (found and found.severity) == expected
    if expected:
        assert all([found.what, found.why, found.sentence, found.anchor or code == "H11"])


def test_every_rule_of_the_list_is_there_and_has_a_basis():
    letters = {"A": 12, "B": 4, "C": 14, "D": 8, "E": 10, "H": 14}
    wanted = {f"{letter}{n:02d}" for letter, count in letters.items() for n in range(1, count + 1)}
    flags = {f"P{n:02d}" for n in (*range(1, 9), 12)}
    assert set(RULES) == wanted | flags
    assert all(rule.basis and rule.title and rule.code == code for code, rule in RULES.items())


def test_findings_come_in_the_order_of_their_codes_and_each_once():
    codes = [finding.code for finding in examine(plan("4000000", DESKTOP, plan_type="project"), WORLD)]
    assert codes == sorted(codes)
    assert len(codes) == len(set(codes))


def test_a_red_finding_takes_the_place_of_the_orange_one_that_says_the_same():
    found = {finding.code: finding for finding in examine(money(amount="1440000"), WORLD)}
    assert "A08" not in found
    assert found["H03"].what == "资金合计比清单合计少 60,000.00 元，两者须相等。"
    assert "A09" not in {finding.code for finding in examine(money(available=Decimal(1)), WORLD)}


@pytest.mark.parametrize(("code", "day"), [("A05", date(2021, 1, 1)), ("D05", date(2021, 1, 1))])
def test_a_rule_speaks_from_the_day_it_is_in_force(code, day):
    assert code in {finding.code for finding in examine(GOOD, world(day=day))}
    before_it = world(day=date.fromordinal(day.toordinal() - 1))
    assert code not in {finding.code for finding in examine(GOOD, before_it)}


def test_without_a_threshold_a_rule_says_so_instead_of_guessing():
    found = {finding.code: finding for finding in examine(GOOD, Context(DAY, unit=WORLD.unit))}
    assert found["C04"].severity == "orange"
    assert "没有当日有效的限额标准（open_tender，货物）" in found["C04"].what
    assert not [code for code in found if code[0] == "P"]


def test_an_empty_plan_lacks_items_and_money_and_nothing_breaks():
    found = {finding.code for finding in examine(PlanFacts(), WORLD) if finding.severity == R}
    assert found == {"H01", "H02"}


def test_orange_stops_a_submission_only_until_a_reason_is_given():
    findings = examine(plan(title="教学设备"), WORLD)
    (sentence,) = obstacles(findings, {})
    assert sentence.startswith("A02 ")
    assert obstacles(findings, {"A02": "   "}) == [sentence]
    assert obstacles(findings, {"A02": "沿用预算项目名称"}) == []


def test_no_reason_helps_against_a_red_finding():
    findings = examine(plan(items=()), WORLD)
    kept = {finding.code: "维持" for finding in findings}
    assert obstacles(findings, kept) == ["采购清单是空的。请至少填写一项。", ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        (GOOD, []),
        (plan("300000.00", MICROSCOPE, plan_type="mall"), []),
        (
            plan("300000.01", MICROSCOPE, plan_type="mall"),
            ["商城超标采购：计划金额 300,000.01 元超过商城采购限额 300,000.00 元"],
        ),
        (
            plan("5000.01", DESKTOP, plan_type="mall"),
            ["商城超标采购：单价超过资产配置标准：第 1 项台式计算机标准 5,000.00 元"],
        ),
        (plan("5000.01", DESKTOP), []),
        (plan(items=(FOREIGN,)), ["进口产品采购：采购清单中有 1 项进口产品"]),
    ],
)
def test_three_reasons_bring_a_plan_before_the_office(facts, reasons):
    assert office_reasons(examine(facts, WORLD), facts) == reasons


def test_findings_survive_being_stored_and_a_foreign_row_does_not_break_reading():
    findings = examine(plan(title="教学设备"), WORLD)
    assert restored([finding.plain() for finding in findings]) == findings
    assert (
        restored([{"code": "A01"}, "x", None, {"severity": "blue", "code": "", "title": "", "what": ""}])
        == []
    )
    assert restored(None) == []
