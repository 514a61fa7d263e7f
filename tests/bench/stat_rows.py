"""A million filed contract lines by SQL: two lines a contract, of 1,200 units, over one year."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from contracts.statistics.defaults import KINDS
from contracts.statistics.recording import tally
from plans.models import Method, OrgForm
from procurement.flow.models import Desk
from tests import world
from tests.contracts.statistics import makers

from . import ground
from .measure import SMALL, say

LINES, EACH, UNITS = 20_000 if SMALL else 1_000_000, 2, 1_200
YEAR = makers.YEAR
COPY = """
    INSERT INTO {table} SELECT made.* FROM {table} AS t, generate_series(1, {count}) AS g,
        jsonb_populate_record(t, jsonb_build_object({changes})) AS made WHERE t.{key} = {template}
"""


def copies(table: str, template: int, count: int, key: str = "id", **changes: str) -> None:
    """`count` copies of one row, its columns changed by SQL of the running number `g`."""
    said = ", ".join(f"'{name}', {sql}" for name, sql in changes.items())
    ground.execute(COPY.format(table=table, key=key, template=template, count=count, changes=said))
    if key == "id":
        ground.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )


def units(unit) -> None:
    """Organisations beside the one of the world, from `unit.pk + 1000` on."""
    copies(
        "accounts_organization", unit.pk, UNITS, id=f"{unit.pk + 1000} + g", name="'示例单位' || g",
        uscc="NULL", budget_code="lpad((200000000 + g)::text, 9, '0')", short_name="''",
    )  # fmt: skip


@transaction.atomic
def plans(unit, clerk) -> list[int]:
    """One plan for each organisation form and method, with a line of every category."""
    held, rows = makers.money(unit, clerk), makers.categories()
    lines = [(row, Decimal(10), Decimal(90_000), {"energy_saving": not n}) for n, row in enumerate(rows)]
    funds = {held[1]: Decimal(200_000), held[4]: Decimal(160_000)}
    return [
        makers.plan(unit, clerk, funds, lines, org_form=form, method=method).pk
        for form in OrgForm.values
        for method in Method.values
    ]


def fill() -> tuple:
    """(places, clerk) of a province with LINES lines on file and their tallies; triggers stay aside."""
    places = world.organizations()
    clerk = world.person("benchclerk", "李经办", None, None)
    units(places.unit)
    chosen = plans(places.unit, clerk)
    seed = seeded(places.unit, clerk, chosen[0])
    ground.execute("SET session_replication_role = replica")
    say(f"STAT {LINES // EACH} contracts with {LINES} lines")
    papers(places.unit.pk, seed, chosen)
    rows_of(seed, chosen)
    say("STAT facts and tallies")
    facts()
    tally(None, sign=1)
    ground.execute("SET session_replication_role = origin")
    ground.execute("ANALYZE")
    return places, clerk


@transaction.atomic
def seeded(unit, clerk, plan: int) -> dict[str, int]:
    """One contract with one line, as the pattern of all; it is no filed one itself."""
    of = makers.Plan.objects.get(pk=plan)
    paper = makers.contract(of, clerk, date(YEAR, 1, 1), [Decimal(1)] * of.items.count())
    makers.complete(paper)
    item = paper.items.first()
    return {
        "paper": paper.pk, "item": item.pk, "row": item.statistics.pk, "supplier": paper.suppliers.first().pk,
    }  # fmt: skip


def papers(unit: int, seed: dict, chosen: list[int]) -> None:
    count, first = LINES // EACH, seed["paper"]
    plan = f"({chosen[0]} + (g % {len(chosen)}))"
    copies(
        "flow_document", first, count, id=f"{first} + g", number="'STAT' || g", state=f"'{Desk.DONE}'",
        unit_id=f"{unit + 1000} + 1 + g % {UNITS}", amount="100000", submitted_at="now()",
    )  # fmt: skip
    copies(
        "contracts_contract", first, count, key="document_ptr_id", document_ptr_id=f"{first} + g",
        contract_no="'STAT' || g", approved_plan_id=plan, filing_number="'HT' || g", method="''",
        signed_on=f"date '{YEAR}-01-01' + g % 365", purchaser_id=f"{unit + 1000} + 1 + g % {UNITS}",
    )  # fmt: skip
    copies(
        "contracts_contractsupplier", seed["supplier"], count, id=f"{seed['supplier']} + g",
        contract_id=f"{first} + g", size="(ARRAY['1', '2', '3', '4', '9'])[1 + g % 5]",
        special="CASE WHEN g % 97 = 0 THEN '1' WHEN g % 89 = 0 THEN '2' ELSE '9' END",
    )  # fmt: skip


def rows_of(seed: dict, chosen: list[int]) -> None:
    """Lines: the plan of contract g has its lines by category; two of them are bought."""
    paper = f"{seed['paper']} + (g + 1) / {EACH}"
    first = ground.value("SELECT min(id) FROM plans_planitem WHERE plan_id = %s", chosen[0])
    wanted = f"{first} + 4 * ((g + 1) / {EACH} % {len(chosen)}) + (g * 7 / 3) % 4"
    total = "(g * 7919::bigint % 9000000)::numeric / 100 + 1"
    copies(
        "contracts_contractitem", seed["item"], LINES, id=f"{seed['item'] + 100} + g", contract_id=paper,
        plan_item_id=wanted, total=total,
    )  # fmt: skip
    copies(
        "statistics_linestatistics", seed["row"], LINES, id=f"{seed['row'] + 100} + g", contract_id=paper,
        item_id=f"{seed['item'] + 100} + g", environmental="g % 11 = 0",
        rural="g % 50 = 0", energy_saving="g % 5 = 0",
        plan_1="50000", plan_4="40000", contract_1="0", contract_4=total,
        org_kind=f"CASE WHEN (g + 1) / {EACH} % {len(chosen)} < {len(chosen) // 2} THEN '1' ELSE '3' END",
    )  # fmt: skip
    assert KINDS[OrgForm.CENTRAL] == "1"


def facts() -> None:
    """What `record` would have written of them."""
    ground.execute("""
        INSERT INTO statistics_fact (contract_id, item_id, sign, at, unit_id, year, quarter, late_quarter,
            late_year, type, org_kind, method, energy_saving, water_saving, environmental, rural,
            saving_like, green_like, size, special,
            planned_1, planned_2, planned_3, planned_4, planned_5,
            agreed_1, agreed_2, agreed_3, agreed_4, agreed_5, agreed_6)
        SELECT c.document_ptr_id, i.id, 1, now(), c.purchaser_id, extract(year FROM c.signed_on),
            extract(quarter FROM c.signed_on), false, false, left(k.code, 1), s.org_kind, p.method,
            s.energy_saving, s.water_saving, s.environmental, s.rural, k.energy_saving OR s.energy_saving,
            k.environmental OR s.environmental, u.size, u.special,
            s.plan_1 * 100, s.plan_2 * 100, s.plan_3 * 100, s.plan_4 * 100, s.plan_5 * 100,
            s.contract_1 * 100, s.contract_2 * 100, s.contract_3 * 100, s.contract_4 * 100,
            s.contract_5 * 100, s.contract_6 * 100
        FROM contracts_contract c JOIN flow_document d ON d.id = c.document_ptr_id AND d.state = 'done'
        JOIN plans_plan p ON p.document_ptr_id = c.approved_plan_id
        JOIN contracts_contractitem i ON i.contract_id = c.document_ptr_id
        JOIN plans_planitem w ON w.id = i.plan_item_id JOIN reference_category k ON k.id = w.category_id
        JOIN statistics_linestatistics s ON s.item_id = i.id
        JOIN contracts_contractsupplier u ON u.contract_id = c.document_ptr_id
        ORDER BY c.document_ptr_id
    """)
