"""What stops a submission: blank fields, then every rule of the assistant (manual 3.5.1, 3.5.4)."""

from django.core.exceptions import ValidationError

from plans.assistant import inspect, obstacles
from procurement import clock

from .models import choices

NEEDED = {
    choices.PlanType.PROJECT: ["org_form", "method", "entrust_mode", "expected_start", "expected_finish"],
    choices.PlanType.MALL: ["mall_platform", "mall_mode", "expected_finish"],
    choices.PlanType.NON_GOV: ["expected_finish"],
    choices.PlanType.HISTORY: [
        "contract_no", "contract_name", "supplier_name", "signed_on", "contract_amount",
    ],
}  # fmt: skip
SHORTAGE = "H04"  # refused by the ledger itself, under its lock and in the prescribed words
CONTACTS = ["handler_name", "handler_phone", "responsible_name", "responsible_phone"]


def submission(plan) -> None:
    """Raise ValidationError with everything that is in the way; store what was found with the plan."""
    problems: dict[str, list[str]] = {}
    for name, text in [*of_head(plan), *of_rows(plan)]:
        problems.setdefault(name, []).append(text)
    findings, reasons = inspect(plan, clock.today())
    told = [finding for finding in findings if finding.code != SHORTAGE]
    for text in obstacles(told, plan.kept):
        problems.setdefault("__all__", []).append(text)
    if problems:
        raise ValidationError(problems)
    plan.findings, plan.office_reasons = [finding.plain() for finding in findings], reasons
    # the kernel saves what moves, not what a kind of paper adds to itself
    type(plan).objects.filter(pk=plan.pk).update(findings=plan.findings, office_reasons=reasons)


def of_head(plan):
    """(field, sentence) of what a plan of this type cannot do without."""
    for name in [*CONTACTS, *NEEDED[plan.plan_type]]:
        if getattr(plan, name) in (None, ""):
            yield name, f"请填写{plan._meta.get_field(name).verbose_name}。"
    if plan.plan_type != choices.PlanType.PROJECT:
        return
    if plan.intent_item_id is None and not plan.intent_exemption:
        yield "intent_item", "请选择已公开的采购意向，或选择不公开意向的情形。"
    yield from unanswered(plan)
    if plan.sme_reserved is None:
        yield "sme_reserved", "请选择是否面向中小企业采购。"
    if plan.entrust_mode != choices.Entrust.RESEARCH and plan.agency_id is None:
        yield "agency", "请选择代理机构。"


def unanswered(plan):
    """(field, sentence) of what the answers given ask for besides; a draft may be saved without it."""
    if plan.method in choices.REASONS and not plan.method_reason:
        yield "method_reason", "采用公开招标以外的方式，请选择理由（政府采购法第二十九条至第三十二条）。"
    if plan.sme_reserved:
        for name in ("sme_mode", "sme_scope"):
            if not getattr(plan, name):
                yield name, f"面向中小企业预留的，请选择{plan._meta.get_field(name).verbose_name}。"
        if plan.sme_mode and plan.sme_mode != choices.SmeMode.WHOLE and not plan.sme_amount:
            yield "sme_amount", "部分预留的，请填写预留金额。"


def of_rows(plan):
    """The contract recorded afterwards, the import block of each item."""
    if plan.plan_type == choices.PlanType.HISTORY:
        if plan.contract_amount and plan.contract_amount > plan.amount:
            yield "contract_amount", "合同金额不能大于计划金额。"
        if plan.signed_on and plan.signed_on >= clock.today():
            yield "signed_on", "历史合同的签订日期须早于今天。"
    if plan.items.filter(is_import=True, import_approval=None).exists():
        yield "__all__", "进口产品请填写原产国别、用途、进口类别、适用情形和需求理由。"
