"""Where a notice starts from: one of the unit's confirmed quotas (M 3.4, in the manner of 3.3)."""

from accounts.models import ContactGroup
from budgets.models import QuotaConfirmation
from procurement.flow.context import fiscal_year


def open_to(request):
    """Confirmations of the unit and year with money left."""
    return (
        QuotaConfirmation.objects.usable(request.user.current.content_object)
        .filter(quota__fiscal_year=fiscal_year(request))
        .select_related("quota__fund_nature", "quota__dept_econ")
        .order_by("quota__quota_no", "seq")
    )


def chosen(request) -> QuotaConfirmation | None:
    """The one picked (?c=1); what is not the unit's own is ignored."""
    text = request.GET.get("c", "")
    ready = text.isascii() and text.isdecimal() and len(text) < 19
    return open_to(request).filter(pk=text).first() if ready else None


def known_of(confirmation: QuotaConfirmation | None) -> dict:
    """Fields of the notice that the money already tells (domain.md §23)."""
    if confirmation is None:
        return {}
    quota = confirmation.quota
    return {
        "confirmation": confirmation, "project_name": quota.project_name[:150],
        "amount": confirmation.available, "case": quota.case,
    }  # fmt: skip


def contacts_of(unit, by, office) -> dict:
    """异议受理: the purchaser's and the finance department's, from what the system knows."""
    group = ContactGroup.objects.filter(divisions=unit.division_id, is_active=True).first()
    phone = office.phone or (group.phone_list[0] if group and group.phone_list else "")
    return {
        "contact": unit.contact or by.name, "phone": unit.phone or by.phone, "address": unit.address,
        "finance": office.name, "finance_contact": office.contact or office.label,
        "finance_phone": phone, "finance_address": office.address,
    }  # fmt: skip
