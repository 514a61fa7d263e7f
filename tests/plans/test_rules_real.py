"""Every rule once more with facts out of the database: it fires, it does not, and where it changes its mind.

A row says what a complete plan has otherwise; where a rule compares, its two sides are one step apart.
"""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from plans.assistant import Context, PlanFacts
from plans.assistant.registry import RULES
from plans.models import PlanType
from procurement.reference.models import Category
from tests.remembered import load_reference
from tests.tasks import test_for_plans

from . import makers, test_assistant_review, test_certificate, test_single_source
from .rule_rows import (
    DISCLOSED,
    SCOPE,
    again,
    agent,
    at_unit,
    before,
    begin,
    economic,
    edition,
    elsewhere,
    files,
    funded,
    gone,
    imported,
    money,
    nothing,
    old_money,
    on,
    packed,
    published,
    row,
    typed,
)  # fmt: skip

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YEAR = makers.YEAR
PC, SERVER, DESK = "A02010105", "A02010104", "A05010201"
PROPERTY, BUILDING = "C21040000", "B01010000"
TALKS = {"method": "competitive_negotiation", "method_reason": "30-2"}
SOLE = {"method": "single_source", "method_reason": "31-2", "supplier_name": "独家公司"}
ADDED = SOLE | {"method_reason": "31-3", "contract_no": "HT-9", "contract_amount": Decimal("1000.00")}
SHARED = {"no_sme_reason": "", "sme_reserved": True}
NEED = "满足本科教学的观察和成像要求"
MALL, HISTORY = {"kind": PlanType.MALL}, {"kind": PlanType.HISTORY}


# --- code: (what fires it, what does not), then what both have ----------------------------------------

CASES = {
    "A01": ({"handler_name": ""}, {}),
    "A02": ({"title": "教学设备"}, {"title": "显微镜"}),
    "A03": (elsewhere, nothing),
    "A04": ("1000000.00", "999999.99", DISCLOSED),
    "A05": (begin(28), begin(29), published(1)),
    "A06": ("660000.01", "660000.00", DISCLOSED, published(40)),
    "A07": (row(total_price="1000.02"), row(total_price="1000.01")),
    "A08": (funded("1000.01"), nothing),
    "A09": ("90000000.01", "90000000.00"),
    "A10": (economic("30218"), economic("31003")),
    "A11": (money(project_name="公路养护工程"), nothing),
    "A12": (old_money("显微镜等大型设备"), old_money("另一项目")),
    "B01": (edition(valid_to=TODAY - timedelta(days=1)), edition(valid_to=TODAY)),
    "B02": ("300000.01", "300000.00", MALL),
    "B03": ("5000.01", "5000.00", PC),
    "B04": (SCOPE, PC, MALL),
    "C01": ("300000.00", "299999.99", SERVER),
    "C02": ({"org_form": "central"}, {}),
    "C03": ("999999.99", "1000000.00"),
    "C04": ("4000000.00", "3999999.99", TALKS),
    "C05": ("3000000.00", "2999999.99", TALKS, before("1000000.00", **TALKS)),
    "C06": ("4000000.00", "3999999.99", BUILDING),
    "C07": (PROPERTY, SCOPE, {"method": "request_for_quotations", "method_reason": "32"}),
    "C08": (SOLE | {"method_reason": ""}, SOLE),
    "C09": ("60.01", "60.00", ADDED, before("40.00", **ADDED)),
    "C10": ({}, {"method_reason": "c-1"}, {"method": "competitive_consultation"}),
    "C11": (agent(region="320000"), agent(region="340001"), {"entrust_mode": "agency"}),
    "C12": (PC, SCOPE),
    "C13": (at_unit(location="合肥市"), at_unit(location="芜湖市"), {"entrust_mode": "territorial"}),
    "C14": ("300000.00", "300000.01", PC),
    "D01": (imported(), imported("import_application", "import_opinion")),
    "D02": (imported(experts=4), imported(experts=5)),
    "D03": (nothing, row(energy_saving=True), PC),
    "D04": (nothing, row(environmental=True), DESK),
    "D05": ("2000000.00", "2000000.01", {"no_sme_reason": ""}),
    "D06": (
        {"sme_amount": Decimal("900000.00")}, {"sme_amount": Decimal("900000.01")}, "3000000.01",
        SHARED | {"sme_mode": "package", "sme_scope": "small"},
    ),
    "D07": (nothing, row(industry="02"), SHARED),
    "D08": ({}, {"is_trusted_it": True}, SERVER),
    "E01": ("10000000.00", "9999999.99"),
    "E02": (nothing, files("demand_review"), "10000000.00"),
    "E03": (row(content="指定品牌显微镜"), row(content="教学显微镜")),
    "E04": (row(requirement=NEED[:9]), row(requirement=NEED[:10])),
    "E05": ({"expected_finish": date(YEAR + 1, 1, 1)}, {"expected_finish": date(YEAR, 12, 31)}),
    "E06": (on(YEAR, 11), on(YEAR, 10), {"expected_start": None}),
    "E07": ({"years": None}, {"years": 3}, PROPERTY, {"multi_year": True}),
    "E08": (nothing, files("secrecy"), {"is_secret": True}),
    "E09": (nothing, files("single_source", "urgent"), SOLE),
    "E10": ({"fund": "pre"}, {}),
    "H01": (gone("items"), nothing),
    "H02": (gone("fundings"), nothing),
    "H03": (funded("1000.01"), nothing),
    "H04": ("90000000.01", "90000000.00"),
    "H05": (again(fiscal_year=YEAR - 1), again()),
    "H06": (typed(quantity="0"), typed(quantity="0.0001", unit_price="100")),
    "H07": (typed(category="A99999999"), typed()),
    "H09": (imported(), imported("import_opinion")),
    "H12": ({"fund": "pre"}, {"fund": "other"}, MALL),
    "H13": (typed(twice=True), again()),
    "H14": (packed("999.99"), packed("1000.00")),
}  # fmt: skip


# --- the plan as a row says ---------------------------------------------------------------------------

USUAL = {"title": "显微镜", "expected_start": TODAY + timedelta(days=40)}
TOLD = ("orange", "red")


def split(parts) -> tuple[dict, list]:
    """(fields of the plan, what else is done to it); a text is a sum or the code of a category."""
    fields, done = {}, []
    for part in parts:
        if callable(part):
            done.append(part)
        elif isinstance(part, dict):
            fields |= part
        else:
            fields["amount" if "." in part else "category"] = part
    return fields, done


def examined(at, code: str, *parts):
    """The severity a rule finds, None where it has nothing to say."""
    fields, done = split(parts)
    fields = USUAL | fields
    amount = fields.pop("amount", "1000.00")
    item = {
        "category": Category.objects.get(code=fields.pop("category", SCOPE)), "content": "教学用显微镜",
        "requirement": NEED, "measure": "台",
    }  # fmt: skip
    kind = fields.pop("fund", "current")
    at.paper = makers.plan(
        at.unit, at.clerk, at.rich, amount, fields.pop("kind", PlanType.PROJECT), item=item, **fields
    )
    at.paper.fundings.update(fund_kind=kind)
    at.day, at.facts = TODAY, None
    for each in done:
        each(at)
    facts = at.facts or PlanFacts.of(at.paper)
    at.unit.refresh_from_db()
    found = RULES[code](facts, Context.at(at.day, at.unit, facts))
    return found and found.severity


@pytest.fixture
def at(unit, clerk, reviewer, settings):
    """Unit, people, and a quota for any plan."""
    makers.catalogue()
    load_reference()
    rich = makers.confirmation(unit, clerk, "90000000.00", "显微镜等大型设备")
    return SimpleNamespace(unit=unit, clerk=clerk, reviewer=reviewer, rich=rich, settings=settings)


def sides(at, code: str) -> tuple:
    """Both sides, each in a world of its own."""
    fires, quiet, *both = CASES[code]
    found = []
    for side in (fires, quiet):
        with transaction.atomic():
            found.append(examined(at, code, *both, side))
            transaction.set_rollback(True)
    return tuple(found)


@pytest.mark.parametrize("letter", sorted({code[0] for code in CASES}))
def test_the_rules_fire_and_are_quiet_with_facts_of_the_database(at, letter):
    quiet = {"H": (None,)}.get(letter, ("green", None))
    found = {code: sides(at, code) for code in CASES if code[0] == letter}
    assert {code: pair for code, pair in found.items() if pair[0] not in TOLD or pair[1] not in quiet} == {}


ELSEWHERE = {
    "H08": test_single_source.test_a_linked_notice_carries_the_plan_or_the_trouble_is_said,
    "H10": test_for_plans.test_a_plan_is_held_from_the_submission_of_a_change_until_its_end,
    "H11": test_certificate.test_it_is_over_with_its_last_second,
} | {name[5:8]: test for name, test in vars(test_assistant_review).items() if name.startswith("test_P")}


def test_no_rule_is_left_out():
    assert CASES.keys() | ELSEWHERE.keys() == set(RULES)
    assert not CASES.keys() & ELSEWHERE.keys()


def test_where_a_rule_compares_with_money_its_sides_are_a_fen_apart():
    compared = {code for code, rule in RULES.items() if rule.reads and code in CASES}
    apart = {}
    for code in compared:
        sums = [split((*CASES[code][2:], side))[0].get("amount") for side in CASES[code][:2]]
        if None not in sums and sums[0] != sums[1]:
            apart[code] = abs(Decimal(sums[0]) - Decimal(sums[1]))
    assert set(apart.values()) == {Decimal("0.01")}
    days_people_or_shares = {"A05", "D02", "D06", "E02", "E04", "E06", "E07", "C08"}
    assert compared - apart.keys() == days_people_or_shares
