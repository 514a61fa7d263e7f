"""Where an intent starts from: the unit's confirmed quotas, or the notice it changes."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum

from budgets.models import BudgetEntryLine, QuotaConfirmation
from procurement.flow.context import fiscal_year

from .models import IntentItem

MOST = 50  # confirmations in one notice


def open_to(request):
    """Confirmations of the unit and year with money left, each with what intents already name of it."""
    named = IntentItem.objects.live().filter(confirmation=OuterRef("pk")).order_by()
    total = named.values("confirmation").annotate(sum=Sum("amount")).values("sum")
    return (
        QuotaConfirmation.objects.usable(request.user.current.content_object)
        .filter(quota__fiscal_year=fiscal_year(request))
        .select_related("quota__fund_nature", "quota__dept_econ")
        .annotate(named=Subquery(total))
        .order_by("quota__quota_no", "seq")
    )


def chosen(request) -> list[QuotaConfirmation]:
    """The ticked ones (?c=1&c=2); what is not the unit's own is ignored."""
    keys = [text for text in request.GET.getlist("c")[:MOST] if text.isdecimal() and len(text) < 19]
    return list(open_to(request).filter(pk__in=keys)) if keys else []


def rows_of_confirmations(confirmations: Iterable[QuotaConfirmation]) -> list[dict]:
    """One row each, with what earlier stages know: project, amount, category (domain.md §23)."""
    confirmations = list(confirmations)
    lines = entered_lines([row.quota.entry_id for row in confirmations if row.quota.entry_id])
    return [first_row(row, lines.get(row.quota.entry_id, [])) for row in confirmations]


def first_row(confirmation: QuotaConfirmation, lines: list) -> dict:
    left = confirmation.available - (confirmation.named or Decimal(0))
    row = {
        "confirmation": confirmation.pk,
        "project_name": confirmation.quota.project_name,
        "amount": left if left > 0 else confirmation.available,
    }
    if len({line.category_id for line in lines}) == 1:
        row["category"] = str(lines[0].category)
    months = [line.planned_month for line in lines if line.planned_month]
    if months:
        row["expected_month"] = min(months).replace(day=1)
    return row


def entered_lines(entries: list[int]) -> dict[int, list]:
    """采购内容 of the budget entries these quotas were born of, by entry."""
    found: dict[int, list] = {}
    if entries:
        for line in BudgetEntryLine.objects.filter(entry__in=entries).select_related("category"):
            found.setdefault(line.entry_id, []).append(line)
    return found


def rows_of_notice(notice) -> list[dict]:
    """All rows of a published notice, to be changed."""
    fields = [
        "project_name", "demand_summary", "amount", "expected_month", "sme_reserved", "sme_share", "remark",
    ]  # fmt: skip
    return [
        {name: getattr(item, name) for name in fields}
        | {"confirmation": item.confirmation_id, "category": str(item.category)}
        for item in notice.lines
    ]
