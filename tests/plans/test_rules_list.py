"""The list of rules as a whole: paper, days, thresholds, a way out; and where each leads on the page."""

import ast
import inspect
import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import ModuleType

import pytest
from django.template.loader import render_to_string

from plans.assistant import Panel, examine, rules
from plans.assistant.facts import PlanFacts
from plans.assistant.laboratory import family
from plans.assistant.reading import HEAD
from plans.assistant.registry import RULES, ordered
from plans.models import PlanType
from procurement.reference.models import Threshold
from tests.remembered import load_reference

from . import makers, test_rules_ab, test_rules_c, test_rules_de, test_rules_hard
from .rule_world import GOOD, WORLD, ask, plan

TOLD = "orange", "red", "flag"
MODULES = [value for value in vars(rules).values() if isinstance(value, ModuleType)]
TABLES = [test_rules_ab, test_rules_c, test_rules_de, test_rules_hard]
CASES = [case[:3] for table in TABLES for case in table.CASES]
ARTICLE = re.compile(r"第[一二三四五六七八九十百]+条")
# the articles domain.md names (§§0, 11, 14, 15c): no rule may cite another one
KNOWN = {
    "政府采购法": "二 七 八 十 十八 二十七 三十一 三十二 四十九",
    "政府采购法实施条例": "七 二十 二十三 二十八 三十八",
    "预算法": "四十二",
    "财库〔2020〕46号": "十二",
    "财库〔2021〕22号": "十一 三十一 三十三",
    "保障中小企业款项支付条例": "八",
    "电子签名法": "十三",
}  # fmt: skip


@dataclass(frozen=True)
class Watched:
    """Thresholds that remember what was asked of them."""

    limits: dict
    asked: set = field(default_factory=set)

    def __contains__(self, key):
        self.asked.add(family(key[0]))
        return key in self.limits

    def __getitem__(self, key):
        self.asked.add(family(key[0]))
        return self.limits[key]

    def get(self, key, default=None):
        self.asked.add(family(key[0]))
        return self.limits.get(key, default)


@pytest.mark.parametrize("rule", ordered(), ids=lambda rule: rule.code)
def test_a_rule_names_its_paper_its_days_and_its_severity(rule):
    assert rule.basis.strip() == rule.basis != ""
    assert isinstance(rule.valid_from, date)
    assert rule.valid_to is None or rule.valid_to > rule.valid_from
    assert rule.severity == {"H": "red", "P": "flag"}.get(rule.code[0], "orange")
    assert rule.in_force(rule.valid_from)
    assert not rule.in_force(date.fromordinal(rule.valid_from.toordinal() - 1))


def test_a_rule_ends_with_its_last_day():
    rule = replace(RULES["A01"], valid_to=date(2026, 5, 11))
    assert rule.in_force(date(2026, 5, 11))
    assert not rule.in_force(date(2026, 5, 12))


@pytest.mark.parametrize("rule", ordered(), ids=lambda rule: rule.code)
def test_only_articles_that_were_read_are_cited(rule):
    for paper in rule.basis.split("；"):
        articles = {article[1:-1] for article in ARTICLE.findall(paper)}
        if articles:
            name = re.split(r"[第（]", paper)[0].strip("《》")
            name = name.removeprefix("采购计划阶段风险指标 ")
            assert articles <= set(KNOWN[name].split()), paper


def test_every_finding_but_a_green_one_says_what_why_and_how_to_mend():
    met = set()
    for code, facts, context in CASES:
        finding = RULES[code](facts, context)
        if finding is None:
            continue
        met.add((code, finding.severity))
        assert finding.what, code
        assert finding.why == RULES[code].basis
        if finding.severity in TOLD:
            assert finding.severity == RULES[code].severity, code
            assert finding.mend.endswith("。"), code
    assert {code for code, severity in met if severity in TOLD} == set(RULES)
    assert {code for code, severity in met if severity == "green"} == {
        code for code in RULES if code[0] not in "HP"
    } - {"E08", "E10"} | ({"E08"} & {code for code, _ in met})


def test_a_rule_reads_the_thresholds_it_declares_and_no_others():
    read = {code: set() for code in RULES}
    for code, facts, context in CASES:
        for each in RULES if code == "A01" else [code]:
            limits = Watched(context.limits)
            RULES[each](facts, replace(context, limits=limits))
            read[each] |= limits.asked
    assert {code: set(RULES[code].reads) for code in RULES} == read


@pytest.mark.django_db
def test_declared_thresholds_are_rows_with_a_basis():
    load_reference()
    rows = {family(row.code): row for row in Threshold.objects.on(WORLD.day)}
    declared = set().union(*(rule.reads for rule in RULES.values()))
    assert declared <= rows.keys()
    assert all(rows[code].basis for code in declared)


def numbers(tree: ast.AST) -> list[float]:
    """Numbers something is compared with, and numbers given a name."""
    places = [each for each in ast.walk(tree) if isinstance(each, ast.Compare)]
    named = [each.value for each in tree.body if isinstance(each, ast.Assign)]
    constants = [one for place in places + named for one in ast.walk(place) if isinstance(one, ast.Constant)]
    return [one.value for one in constants if type(one.value) in (int, float)]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rsplit(".")[-1])
def test_no_rule_holds_a_limit_of_its_own(module):
    source = inspect.getsource(module)
    assert [number for number in numbers(ast.parse(source)) if number > 2] == []
    assert "Decimal(" not in source


# --- where a finding leads ---------------------------------------------------------------------------------

ROW = {"items": [makers.item()], "packages": [{"name": "一包"}], "experts": [{"name": "甲"}]}


def as_kind(facts: PlanFacts, kind: PlanType, offered: set[str]) -> PlanFacts:
    """The same plan as one of another type: what its form does not ask is not said."""
    blank = PlanFacts()
    silent = {name: getattr(blank, name) for name in [*HEAD, "intent_item", "agency"] if name not in offered}
    return replace(facts, **silent | {"plan_type": str(kind)})


def leads(kind: PlanType, offered: set[str]) -> set[tuple[str, str]]:
    """(rule, anchor) of what any case of any rule says about a plan of that type."""
    return {
        (finding.code, finding.anchor)
        for _, facts, context in CASES
        for finding in examine(as_kind(facts, kind, offered), context)
        if finding.anchor
    }


@pytest.mark.django_db
@pytest.mark.parametrize("kind", PlanType)
def test_去修改_leads_to_something_on_the_page_whatever_the_type(as_user, clerk, confirmed, kind):
    data = makers.posted(**ROW, fundings=[makers.fund(confirmed)], kind=kind, action="add:items")
    page = as_user(clerk).post(f"/plans/new/?kind={kind}&blank=1", data)
    there = set(re.findall(r'\sid="([^"]+)"', page.text))
    found = leads(kind, set(page.context["form"].fields))
    assert {code[0] for code, _ in found} > {"A", "B", "E", "H", "P"}
    assert {lead for lead in found if lead[1] not in there} == set()


def test_a_first_day_nobody_has_read_is_said_beside_its_basis():
    """Only what the law books and domain.md show is taken as read."""
    unread = {code for code, rule in RULES.items() if rule.unread}
    wanted = "A12 B01 B03 C10 C12 D01 D02 D03 D04 D05 D06 D07 D08 E05 E07 H07 H09 H11"
    assert unread == set(wanted.split())
    assert ask("E07", plan(multi_year=True)).unread == "首日待核对"
    assert ask("C04", plan("4000000", method="")).unread == ""
    html = render_to_string("plans/assistant.html", {"panel": Panel([ask("E07", plan(multi_year=True))])})
    assert '财库〔2014〕37号<span class="unread">首日待核对</span>' in html


def test_the_good_plan_is_good():
    assert {finding.code for finding in examine(GOOD, WORLD) if finding.severity in TOLD} == set()
    assert GOOD.total == Decimal(1500000)
