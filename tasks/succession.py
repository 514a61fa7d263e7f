"""The new version of a plan: everything of the old one but its method (domain.md §10)."""

from plans.assistant import inspect
from plans.models import Plan
from procurement import clock
from procurement.flow.snapshots import own_fields

from . import causes
from .models.choices import Cause

NOTICE = "H08"
ROWS = ["fundings", "packages", "experts"]


def next_number(number: str) -> str:
    """JH…, JH…-B1, JH…-B2."""
    root, _, version = number.partition("-B")
    return f"{root}-B{int(version or 0) + 1}"


def next_version(plan: Plan, change) -> Plan:
    """Saved on the clerk's desk, holding nothing yet; call inside the transaction of the approval."""
    kept = {field.name: getattr(plan, field.name) for field in own_fields(Plan)}
    kept |= {
        "method": change.new_method, "method_text": change.explanation[:500],
        "method_reason": causes.RULES[Cause(change.main_cause)].reasons.get(change.new_method, ""),
        "supplier_name": change.supplier or plan.supplier_name,
        "office_reasons": [*plan.office_reasons, f"采购方式变更（{change.approval_no}）"],
    }  # fmt: skip
    fresh = Plan.begin(
        plan.unit, change.clerk, year=plan.fiscal_year, division=plan.division, title=plan.title,
        amount=plan.amount, is_secret=plan.is_secret, case=plan.case, **kept,
    )  # fmt: skip
    fresh.number = next_number(plan.number)
    fresh.save()
    copy_items(plan, fresh)
    for name in ROWS:
        copied(getattr(plan, name).order_by("pk"), plan=fresh)
    copied(plan.attachments.order_by("pk"), document=fresh)
    fresh.packages.filter(method=plan.method).update(method=fresh.method)
    reconsider(fresh, change)
    return fresh


def reconsider(fresh: Plan, change) -> None:
    """What the assistant finds in the new version; the notice it cannot see is named by the change."""
    found, _ = inspect(fresh, clock.today())
    fresh.findings = [one.plain() for one in found if one.code != NOTICE or not change.notice_id]
    fresh.save(update_fields=["findings"])


def copied(rows, **changes) -> list:
    """Rows once more, with other values where `changes` says so."""
    made = list(rows)
    for row in made:
        row.pk, row._state.adding = None, True
        for name, value in changes.items():
            setattr(row, name, value)
    return type(made[0]).objects.bulk_create(made) if made else []


def copy_items(plan: Plan, fresh: Plan) -> None:
    """Items, and the import block of each."""
    old = list(plan.items.order_by("pk").values_list("pk", flat=True))
    new = dict(zip(old, copied(plan.items.order_by("pk"), plan=fresh), strict=True))
    blocks = list(plan.imports.order_by("pk"))
    for block in blocks:
        copied([block], plan=fresh, item=new[block.item_id])
