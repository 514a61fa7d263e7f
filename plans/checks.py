"""What stops a submission, and what brings a plan before the procurement office (manual 3.5.4, 3.5.6)."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, Sum
from django.utils import timezone

from procurement.reference.models import Threshold
from procurement.reference.money import plain

from .models import choices

OVER_AMOUNT = "商城超标采购：计划金额 {amount} 元，超过商城限额 {limit} 元"
IMPORT = "进口产品采购：采购清单中有 {count} 项进口产品"
NEEDED = {
    choices.PlanType.PROJECT: ["org_form", "method", "entrust_mode", "expected_start", "expected_finish"],
    choices.PlanType.MALL: ["mall_platform", "mall_mode", "expected_finish"],
    choices.PlanType.NON_GOV: ["expected_finish"],
    choices.PlanType.HISTORY: [
        "contract_no",
        "contract_name",
        "supplier_name",
        "signed_on",
        "contract_amount",
    ],
}
CONTACTS = ["handler_name", "handler_phone", "responsible_name", "responsible_phone"]


def submission(plan) -> None:
    """Raise ValidationError with every hard rule that is broken; store why the office must see the plan."""
    sums = totals(plan)
    problems: dict[str, list[str]] = {}
    for name, text in [*of_money(plan, sums), *of_head(plan), *of_rows(plan, sums)]:
        problems.setdefault(name, []).append(text)
    if problems:
        raise ValidationError(problems)
    note_reasons(plan, sums)


def note_reasons(plan, sums: dict | None = None) -> None:
    """Write the reasons down: the route, the banner and the submission all read the same list."""
    plan.office_reasons = office_reasons(plan, sums or totals(plan))
    type(plan).objects.filter(pk=plan.pk).update(
        office_reasons=plan.office_reasons, findings=plan.findings
    )  # the kernel saves what moves, not what a kind of paper adds


def totals(plan) -> dict:
    """Sums and counts of all rows, three queries whatever their number."""
    items = plan.items.aggregate(
        items=Count("pk"), spent=Sum("total_price"), imports=Count("pk", filter=Q(is_import=True)),
        unargued=Count("pk", filter=Q(is_import=True, import_approval=None)),
    )  # fmt: skip
    foreign = ~Q(confirmation__status="active") | ~Q(confirmation__quota__unit=plan.unit_id)
    foreign |= ~Q(confirmation__quota__fiscal_year=plan.fiscal_year)
    money = plan.fundings.aggregate(
        fundings=Count("pk"), funded=Sum("amount"), foreign=Count("pk", filter=foreign),
        barred=Count("pk", filter=~Q(fund_kind__in=choices.FUND_MATRIX[plan.plan_type])),
    )  # fmt: skip
    parts = plan.packages.aggregate(packages=Count("pk"), packed=Sum("budget"))
    return {name: value or Decimal(0) for name, value in {**items, **money, **parts}.items()}


def of_money(plan, sums: dict):
    """(field, sentence) of every rule about the money."""
    if not sums["items"]:
        yield "__all__", "请至少填写一项采购清单。"
    if not sums["fundings"]:
        yield "__all__", "请至少选择一项资金。"
    gap = sums["spent"] - sums["funded"]
    if sums["items"] and sums["fundings"] and gap:
        word = "少" if gap > 0 else "多"
        yield "__all__", f"资金合计比清单合计{word} {plain(abs(gap))} 元，两者须相等。"
    if sums["foreign"]:
        yield "__all__", "所选采购指标须是本单位、本年度有效的指标，请重新选择资金。"
    if sums["barred"]:
        yield "__all__", f"{plan.get_plan_type_display()}不能使用所选类型的资金，请重新选择。"


def of_head(plan):
    """Fields a plan of this type cannot do without."""
    for name in [*CONTACTS, *NEEDED[plan.plan_type]]:
        if getattr(plan, name) in (None, ""):
            yield name, f"请填写{plan._meta.get_field(name).verbose_name}。"
    project = plan.plan_type == choices.PlanType.PROJECT
    if project and plan.intent_item_id is None and not plan.intent_exemption:
        yield "intent_item", "请选择已公开的采购意向，或选择不公开意向的情形。"
    if plan.method in choices.REASONS and project and not plan.method_reason:
        yield "method_reason", "采用公开招标以外的方式，请选择理由（政府采购法第二十九条至第三十二条）。"
    if project and plan.sme_reserved is None:
        yield "sme_reserved", "请选择是否专门面向中小企业采购。"
    alone = plan.entrust_mode == choices.Entrust.RESEARCH
    if project and not alone and plan.agency_id is None:
        yield "agency", "请选择代理机构。"


def of_rows(plan, sums: dict):
    """Packages, the contract recorded afterwards, the import panel."""
    if sums["packages"] and sums["packed"] != sums["spent"]:
        yield "__all__", f"采购包预算合计须等于清单合计 {plain(sums['spent'])} 元。"
    if plan.plan_type == choices.PlanType.HISTORY:
        if plan.contract_amount and plan.contract_amount > sums["spent"]:
            yield "contract_amount", "合同金额不能大于计划金额。"
        if plan.signed_on and plan.signed_on >= timezone.localdate():
            yield "signed_on", "历史合同的签订日期须早于今天。"
    if sums["unargued"]:
        yield "__all__", "进口产品请填写原产国别、用途、进口类别、适用情形和需求理由。"


def office_reasons(plan, sums: dict) -> list[str]:
    """Why 政府采购处 reviews it too; 采购方式变更 is a paper of its own."""
    reasons = []
    if plan.plan_type == choices.PlanType.MALL:
        limit = mall_limit()
        if sums["spent"] > limit:
            reasons.append(OVER_AMOUNT.format(amount=plain(sums["spent"]), limit=plain(limit)))
    if sums["imports"]:
        reasons.append(IMPORT.format(count=sums["imports"]))
    return reasons


def mall_limit() -> Decimal:
    """No rule may guess: without a limit in force nothing is submitted to the mall."""
    try:
        return Threshold.objects.value("mall_limit", timezone.localdate())
    except Threshold.DoesNotExist:
        raise ValidationError("系统中没有现行的商城限额标准，请联系技术支持维护后再办理。") from None
