"""Facts come in with a filing and are taken back with its cancellation, in that transaction."""

from collections.abc import Iterator

from django.db import connection

from contracts import parts
from contracts.models import Contract
from contracts.models.choices import Role
from procurement.reference.money import fen

from .defaults import Defaults, concerned, row_of
from .dimensions import DIMENSIONS
from .models import ContractBucket, Fact, PlanBucket, Report
from .models.facts import FIGURES
from .models.reports import ANNUAL

SPACE = 0x57A7  # of advisory locks: one per reported year
CARRIED = [
    field.name
    for field in Fact._meta.concrete_fields
    if field.name not in ("id", "sign", "at", "late_quarter", "late_year")
]


def hold(year: int, *, alone: bool = False) -> None:
    """Until the transaction ends: filings share a year, a report has it alone.

    So a fact is either in a report or marked late; no filing slips in between.
    """
    how = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {how}(%s, %s)", [SPACE, year])


def lateness(year: int, quarter: int) -> dict[str, bool]:
    """Which reports of the period are already sent; call while holding the year."""
    sent = set(
        Report.objects.filter(year=year, quarter__in=(quarter, ANNUAL)).values_list("quarter", flat=True)
    )
    return {"late_quarter": quarter in sent, "late_year": ANNUAL in sent}


def record(contract: Contract) -> None:
    """Called where a contract is filed: its lines enter the statistics of the quarter it was signed in."""
    if not concerned(contract):
        return
    year, quarter = contract.signed_on.year, (contract.signed_on.month + 2) // 3
    hold(year)
    head = {
        "contract": contract, "unit_id": contract.unit_id, "year": year, "quarter": quarter,
        "method": contract.method or contract.approved_plan.method,
        **supplier_facts(contract), **lateness(year, quarter),
    }  # fmt: skip
    Fact.objects.bulk_create(fact(item, row, head) for item, row in told(contract))
    tally(contract, sign=1)


def told(contract: Contract) -> Iterator[tuple]:
    """Each line with its row; defaults are worked out only where one is missing."""
    parts.load(contract)
    items = contract.items.all()
    defaults = None if all(map(row_of, items)) else Defaults(contract, items)
    return ((item, row_of(item) or defaults.row(item)) for item in items)


def supplier_facts(contract: Contract) -> dict[str, str]:
    """Size and nature of the supplier who signed, the leader of a consortium."""
    rank = {Role.SOLE: 0, Role.LEADER: 1}
    supplier = min(contract.suppliers.all(), key=lambda row: (rank.get(row.role, 2), row.pk), default=None)
    return {"size": getattr(supplier, "size", "") or "9", "special": getattr(supplier, "special", "") or "9"}


def fact(item, row, head: dict) -> Fact:
    """One line as the report counts it."""
    money = {f"planned_{n}": fen(getattr(row, f"plan_{n}")) for n in PlanBucket.values}
    money |= {f"agreed_{n}": fen(getattr(row, f"contract_{n}")) for n in ContractBucket.values}
    flags = {name: getattr(row, name) for name in ("energy_saving", "water_saving", "environmental", "rural")}
    category = item.plan_item.category
    flags["saving_like"] = category.energy_saving or row.energy_saving or row.water_saving
    flags["green_like"] = category.environmental or row.environmental
    return Fact(item=item, type=category.code[0], org_kind=row.org_kind, **flags, **money, **head)


def withdraw(contract: Contract) -> None:
    """Called where a filed contract is cancelled: the same facts once more, taken off."""
    facts = list(contract.facts.filter(sign=1).exclude(item__facts__sign=-1))
    if not facts:
        return
    year, quarter = facts[0].year, facts[0].quarter
    hold(year)
    late = lateness(year, quarter)
    taken = [{name: getattr(row, name) for name in CARRIED} for row in facts]
    Fact.objects.bulk_create(Fact(**values, sign=-1, **late) for values in taken)
    tally(contract, sign=-1)


GROUP = "f.unit_id, f.year, f.quarter, f.late_quarter, f.late_year, d.dimension, d.value"
STATEMENT = """
    INSERT INTO statistics_tally AS t (unit_id, year, quarter, late_quarter, late_year, dimension, value,
        contracts, lines, {figures})
    SELECT {group}, count(DISTINCT f.contract_id) * min(f.sign), sum(f.sign), {sums}
    FROM statistics_fact f CROSS JOIN LATERAL (VALUES {pairs}) AS d(dimension, value)
    WHERE d.value IS NOT NULL AND f.sign = %s {which}
    GROUP BY {group} ORDER BY {group}
    ON CONFLICT (year, quarter, unit_id, dimension, value, late_quarter, late_year) DO UPDATE SET {added}
"""
PARTS = {
    "group": GROUP,
    "figures": ", ".join(FIGURES),
    "pairs": ", ".join(f"('{name}', {sql})" for name, sql in DIMENSIONS.items()),
    "sums": ", ".join(f"sum(f.sign * f.{name})" for name in FIGURES),
    "added": ", ".join(f"{name} = t.{name} + excluded.{name}" for name in ("contracts", "lines", *FIGURES)),
}


def tally(contract: Contract | None, *, sign: int) -> None:
    """Add the facts of a contract (None: all facts) to the sums; rows are locked in one order by all."""
    which = "AND f.contract_id = %s" if contract else ""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT.format(which=which, **PARTS), [sign, contract.pk] if contract else [sign])


def rebuild() -> None:
    """The sums again from the facts alone; for a restored database, and to prove that nothing drifted."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM statistics_tally")
    for sign in (1, -1):
        tally(None, sign=sign)
