"""The assistant over saved plans and half-filled forms: same facts, constant queries, no exception."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets.models import Ledger
from plans.assistant import Context, Panel, PlanFacts, examine, inspect, kept_reasons
from plans.forms import PlanForm
from plans.models import Plan, PlanItem, PlanType
from procurement.reference.fields import SEARCHES
from tests.intents import makers as intents
from tests.remembered import load_reference

from . import makers
from .rule_world import GOOD, WORLD, plan

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def form(paper: Plan, data: dict) -> PlanForm:
    query = QueryDict(mutable=True)
    query.update(data)
    return PlanForm(query, {}, instance=paper)


def blank(unit, clerk, kind=PlanType.PROJECT) -> Plan:
    return Plan.begin(unit, clerk, year=makers.YEAR, plan_type=kind)


def queries(work) -> int:
    with CaptureQueriesContext(connection) as seen:
        work()
    return len(seen)


@pytest.fixture
def saved(unit, clerk, confirmed):
    load_reference()
    return makers.plan(unit, clerk, confirmed)


def test_a_saved_plan_and_its_form_tell_the_same_facts(saved, unit, clerk, confirmed):
    facts = PlanFacts.of(saved)
    assert (facts.total, facts.funded, facts.type) == (Decimal(600000), Decimal(600000), "A")
    assert facts.fundings[0].available == Decimal(900000)
    data = makers.posted(
        [makers.item(unit_price="600,000.00", quantity="1", measure="批")],
        [makers.fund(confirmed)], title="台式计算机", entrust_mode="research",
    )  # fmt: skip
    typed = PlanFacts.typed(form(blank(unit, clerk), data))
    assert replace(typed, plan=saved.pk) == replace(facts, is_trusted_it=False)


def test_money_the_plan_holds_itself_counts_as_available(saved, clerk):
    before = PlanFacts.of(saved).fundings[0].available
    Ledger(saved, clerk).reserve({saved.fundings.get().confirmation_id: Decimal(600000)})
    assert PlanFacts.of(saved).fundings[0].available == before


def many(saved: Plan, count: int) -> None:
    row = saved.items.first()
    PlanItem.objects.bulk_create(
        PlanItem(
            plan=saved, category=row.category, content=f"第 {n} 批", unit_price=1, quantity=1, measure="台",
            total_price=1,
        )
        for n in range(count)
    )  # fmt: skip


def test_queries_do_not_grow_with_the_rows_of_a_saved_plan(saved):
    few = queries(lambda: inspect(Plan.objects.get(pk=saved.pk), TODAY))
    many(saved, 199)
    full = queries(lambda: inspect(Plan.objects.get(pk=saved.pk), TODAY))
    assert (few, full) == (full, full)
    assert full <= 17  # the last: what the unit paid before (P06)


def test_queries_do_not_grow_with_the_rows_of_a_form(saved, unit, clerk, confirmed):
    def ask(count):
        data = makers.posted([makers.item() for _ in range(count)], [makers.fund(confirmed)])
        facts = PlanFacts.typed(form(blank(unit, clerk), data))
        assert len(facts.items) == count
        examine(facts, Context.at(TODAY, unit, facts))

    few, full = queries(lambda: ask(1)), queries(lambda: ask(200))
    assert few == full
    assert full <= 20


def test_unknown_categories_cost_a_bounded_number_of_queries(unit, clerk, confirmed):
    data = makers.posted([makers.item(category=f"查无此物{n}") for n in range(200)], [makers.fund(confirmed)])
    assert queries(lambda: PlanFacts.typed(form(blank(unit, clerk), data))) <= 10 + SEARCHES


def test_the_page_may_name_its_chosen_files_and_leave_out_empty_fields(unit, clerk, confirmed):
    row = makers.item(requirement="", spec="", total_price="")
    full = makers.posted([row, dict.fromkeys(row, "")], [makers.fund(confirmed)], sme_mode="")
    short = {name: value for name, value in full.items() if value} | {"file:demand_survey": "x"}
    told, less = (PlanFacts.typed(form(blank(unit, clerk), data)) for data in (full, short))
    assert replace(less, files=frozenset()) == told
    assert less.files == {"demand_survey"}


def test_the_context_reads_the_intent_the_agency_and_the_other_plans(saved, unit, clerk, reviewer, confirmed):
    notice = intents.published(unit, clerk, reviewer, intents.item(confirmed))
    other = makers.plan(unit, clerk, confirmed, "1000.00", method="competitive_negotiation")
    Plan.objects.filter(pk=other.pk).update(submitted_at=timezone.now())
    saved.intent_item, saved.agency, saved.intent_exemption = notice.items.get(), makers.agency(), ""
    facts = PlanFacts.of(saved)
    context = Context.at(TODAY, unit, facts)
    assert (context.intent.published, context.intent.live) == (TODAY, True)
    assert context.agency.name == "示例招标代理有限公司"
    (row,) = context.others
    assert (row.amount, row.count, row.same_project, row.this_year) == (Decimal(1000), 1, True, True)
    assert context.limit("open_tender", "A") == 4000000
    assert context.standard("办公桌") == (3000, 4500)
    assert context.unit.is_research


def test_drafts_of_the_unit_do_not_count(saved, unit, clerk, confirmed):
    makers.plan(unit, clerk, confirmed, "1000.00")
    facts = PlanFacts.of(saved)
    assert Context.at(TODAY, unit, facts).others == ()


def test_carried_money_with_a_balance_is_seen(saved, unit, clerk):
    old = intents.confirmation(unit, clerk, "100.00")
    type(old.quota).objects.filter(pk=old.quota_id).update(source_type="carryover")
    (row,) = Context.at(TODAY, unit, PlanFacts.of(saved)).old_money
    assert (row.confirmation, row.available) == (old.pk, Decimal(100))


def test_thresholds_are_those_of_the_day(saved, unit):
    facts = PlanFacts.of(saved)
    assert Context.at(date(2016, 1, 1), unit, facts).limit("open_tender", "A") == 1000000
    assert Context.at(date(2022, 1, 1), unit, facts).limit("open_tender", "A") == 4000000
    assert Context.at(date(2022, 6, 30), unit, facts).limit("sme_ratio", "B") == 30
    assert Context.at(date(2022, 7, 1), unit, facts).limit("sme_ratio", "B") == 40


HOSTILE = [
    "", "NaN", "Infinity", "-Infinity", "1e999", "-1", "0", "9" * 60, "1,2,3", "１２３", "\x00", "'; --",
    "<script>", "2026-13-45", "0000-00-00", "99999999999999999999", "null", "None", "on", "DELETE",
    "A02010105", "A02010105 台式计算机",
]  # fmt: skip
NASTY = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=30),
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
)  # fmt: skip


@settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.data())
def test_no_typed_value_breaks_the_assistant(saved, unit, clerk, confirmed, caplog, data):
    kind = data.draw(st.sampled_from(list(PlanType)))
    posted = makers.posted([makers.item(), makers.item()], [makers.fund(confirmed)], kind=kind)
    names = sorted({*posted, *(f"items-0-{name}" for name in ("is_import", "country", "industry", "DELETE"))})
    for name in data.draw(st.lists(st.sampled_from(names), max_size=8, unique=True)):
        posted[name] = data.draw(NASTY)
    facts = PlanFacts.typed(form(blank(unit, clerk, kind), posted))
    context = Context.at(TODAY, unit, facts)
    findings = examine(facts, context)
    html = render_to_string("plans/assistant.html", {"panel": Panel(findings, kept_reasons(posted))})
    assert "辅助填报" in html
    assert facts.plan_type == kind
    assert "facts of a typed plan" not in caplog.text


def test_a_new_form_is_examined_before_anything_is_posted(saved, unit, clerk, confirmed):
    start = {"fundings": [{"confirmation": confirmed.pk, "description": "设备", "amount": Decimal("5.00")}]}
    facts = PlanFacts.typed(PlanForm(None, None, instance=blank(unit, clerk), start=start))
    assert facts.funded == 5
    assert facts.items == ()


def test_the_panel_shows_what_why_and_where_and_asks_for_a_reason():
    facts = plan(title="教学<b>设备", fundings=())
    html = render_to_string("plans/assistant.html", {"panel": Panel(examine(facts, WORLD), {"A02": "沿用"})})
    assert 'href="#s-fundings"' in html
    assert 'name="keep:A02" value="沿用"' in html
    assert "<b>设备" not in html
    assert "提交前必须改" in html
    assert "操作手册 3.5.1" in html


def test_the_reviewer_reads_the_reasons_and_can_change_nothing():
    panel = Panel(examine(plan(title="教学设备"), WORLD), {"A02": "沿用预算项目名称"}, readonly=True)
    html = render_to_string("plans/assistant.html", {"panel": panel})
    assert "维持原信息：沿用预算项目名称" in html
    assert "<input" not in html
    assert "<a " not in html


def test_the_ring_tells_how_many_are_right():
    panel = Panel(examine(GOOD, WORLD))
    assert panel.dash == "119.4 119.4"
    assert panel.total == len(panel.green)
    assert Panel([]).dash == "0.0 119.4"


def test_reasons_come_from_fields_named_keep():
    assert kept_reasons({"keep:A02": " 沿用 ", "keep:B03": " ", "title": "x"}) == {"A02": "沿用"}
    assert kept_reasons({"keep:A02": "长" * 999}) == {"A02": "长" * 300}
