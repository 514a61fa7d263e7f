"""Where a plan starts from: a published intent, a completed notice, confirmed quotas with their budget."""

from decimal import Decimal

from django.db.models import Exists, OuterRef

from budgets.models import QuotaConfirmation
from intents.models import IntentItem
from intents.sources import entered_lines
from notices.models import SingleSourceNotice
from procurement.flow.context import fiscal_year

from .models import Plan, PlanItem
from .models.choices import FUND_MATRIX, Method, MethodReason
from .models.plan import fund_kind

MOST = 50  # confirmations in one plan
LONG = 18  # digits of a key


def numbers(texts: list[str]) -> list[int]:
    """Keys out of an address; what is none is ignored."""
    return [int(text) for text in texts[:MOST] if text.isascii() and text.isdecimal() and len(text) <= LONG]


def open_to(request, plan_type: str) -> list[QuotaConfirmation]:
    """Confirmations of the unit and year with money left that this type of plan may use."""
    rows = (
        QuotaConfirmation.objects.usable(request.user.current.content_object)
        .filter(quota__fiscal_year=fiscal_year(request))
        .select_related("quota__fund_nature", "quota__dept_econ")
        .order_by("quota__quota_no", "seq")
    )
    return [row for row in rows if fund_kind(row.quota) in FUND_MATRIX[plan_type]]


def intents_open_to(request):
    """Rows of the unit's published notices."""
    return (
        IntentItem.objects.live()
        .filter(intent__unit=request.user.current.content_object_id, intent__state="done")
        .select_related("intent", "category", "confirmation__quota__fund_nature")
        .order_by("-pk")
    )


def notices_open_to(request):
    """The unit's completed notices no plan stands on yet (domain.md §23)."""
    rows = SingleSourceNotice.objects.linkable(request.user.current.content_object_id)
    rows = rows.filter(legal_basis=MethodReason.ONLY_SUPPLIER, fiscal_year=fiscal_year(request))
    taken = Plan.objects.exclude(state="void").filter(notice=OuterRef("pk"))
    return rows.filter(~Exists(taken)).select_related("confirmation__quota__fund_nature").order_by("-pk")


def chosen_notice(request) -> SingleSourceNotice | None:
    keys = numbers(request.GET.getlist("notice"))
    return notices_open_to(request).filter(pk=keys[0]).first() if keys else None


def chosen_intent(request) -> IntentItem | None:
    keys = numbers(request.GET.getlist("intent"))
    return intents_open_to(request).filter(pk=keys[0]).first() if keys else None


def chosen(request, plan_type: str) -> list[QuotaConfirmation]:
    """The ticked ones (?c=1&c=2); what is not the unit's own is ignored."""
    keys = set(numbers(request.GET.getlist("c")))
    return [row for row in open_to(request, plan_type) if row.pk in keys] if keys else []


def rows_of_confirmations(rows: list[QuotaConfirmation]) -> dict[str, list[dict]]:
    """Items as they were budgeted, money as it is available (domain.md §23)."""
    lines = entered_lines([row.quota.entry_id for row in rows if row.quota.entry_id])
    items = [item for row in rows for item in items_of(row, lines.get(row.quota.entry_id, []))]
    return {"items": items, "fundings": [funding(row, row.available) for row in rows]}


def items_of(confirmation: QuotaConfirmation, lines: list) -> list[dict]:
    if not lines:
        return [lump(confirmation.quota.project_name, confirmation.available)]
    names = ("content", "entry_mode", "unit_price", "quantity", "measure", "total_price", "is_import")
    return [
        {name: shown(getattr(line, name)) for name in names} | {"category": str(line.category)}
        for line in lines
    ]


def shown(value):
    """Prices and quantities without idle zeros."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def lump(name: str, amount: Decimal) -> dict:
    """A row of which only the total is known."""
    return {
        "content": name, "entry_mode": PlanItem.Mode.BY_TOTAL, "quantity": "1", "measure": "批",
        "unit_price": shown(amount), "total_price": amount,
    }  # fmt: skip


def funding(confirmation: QuotaConfirmation, amount: Decimal) -> dict:
    return {
        "confirmation": confirmation.pk,
        "description": confirmation.quota.project_name[:200],
        "amount": amount,
    }


def rows_of_intent(item: IntentItem, plan_type: str) -> dict[str, list[dict]]:
    """The published row: what, for how much, out of which money."""
    row = lump(item.project_name, item.amount) | {
        "category": str(item.category),
        "requirement": item.demand_summary,
    }
    allowed = fund_kind(item.confirmation.quota) in FUND_MATRIX[plan_type]
    money = [funding(item.confirmation, min(item.amount, item.confirmation.available))] if allowed else []
    return {"items": [row], "fundings": [one for one in money if one["amount"] > 0]}


def rows_of_notice(notice: SingleSourceNotice, plan_type: str) -> dict[str, list[dict]]:
    """What was publicised, for how much, out of which money; the category is chosen by the clerk."""
    row = lump(notice.project_name, notice.amount) | {"requirement": notice.goods_description[:2000]}
    confirmed = notice.confirmation
    allowed = fund_kind(confirmed.quota) in FUND_MATRIX[plan_type]
    money = [funding(confirmed, min(notice.amount, confirmed.available))] if allowed else []
    return {"items": [row], "fundings": [one for one in money if one["amount"] > 0]}


def head_of_notice(notice: SingleSourceNotice) -> dict:
    """Fields of the plan a completed notice fills in, with the intent it names."""
    said = IntentItem.objects.live().filter(intent__number=notice.intent_number, intent__unit=notice.unit_id)
    return {
        "intent_item": said.first() if notice.intent_number else None,
        "notice": notice, "method": Method.SINGLE, "method_reason": MethodReason.ONLY_SUPPLIER,
        "method_text": notice.reason[:500], "supplier_name": notice.supplier_name,
        "demand_summary": notice.content[:2000], "case": notice.case,
    }  # fmt: skip


def head_of_intent(item: IntentItem) -> dict:
    """Fields of the plan a published row fills in."""
    aside = item.sme_reserved != IntentItem.SetAside.NONE
    return {
        "intent_item": item, "expected_start": item.expected_month, "demand_summary": item.demand_summary,
        "sme_reserved": aside, "case": item.intent.case,
    }  # fmt: skip
