"""What the rows of a contract choose from: lines and money of its plan; one query each a page."""

from django.db.models import F

from budgets.models import QuotaConfirmation
from procurement.reference.money import plain
from tasks.printing import figure


def items(contract) -> dict:
    """Lines of the plan by key."""
    if not hasattr(contract, "_offered_items"):
        rows = contract.approved_plan.items.select_related("category")
        contract._offered_items = {row.pk: row for row in rows}
    return contract._offered_items


def item_label(row) -> str:
    return f"{row.content}（{figure(row.quantity)} {row.measure}，{plain(row.total_price)} 元）"


def money(contract) -> dict:
    """Quotas the plan draws on, each with what is reserved of it and in no contract yet (`left`)."""
    if not hasattr(contract, "_offered_money"):
        rows = QuotaConfirmation.objects.filter(holdings__document=contract.approved_plan_id)
        rows = rows.annotate(left=F("holdings__reserved_amount")).select_related("quota__fund_nature")
        contract._offered_money = {row.pk: row for row in rows.order_by("pk")}
    return contract._offered_money


def money_label(row) -> str:
    quota = row.quota
    name = f"{quota.fund_nature.name} · {quota.project_name}（{quota.doc_no or quota.quota_no}）"
    return f"{name}计划还占用 {plain(row.left)} 元"
