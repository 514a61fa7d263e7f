"""预算指标管理, 指标确认 and 采购指标管理 (M 3.2)."""

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Post
from procurement.flow import lists
from procurement.flow.context import fiscal_year
from procurement.flow.list_pages import need
from procurement.flow.models import Refused
from procurement.reference.money import fen

from .forms import ConfirmForm, QuotaFilter
from .models import Quota, QuotaConfirmation, QuotaImport

both = require_http_methods(["GET", "HEAD", "POST"])
SECTION, CONFIRMED = "采购预算管理", "采购指标"


def quotas_of(request):
    return Quota.objects.visible_to(request.user).filter(fiscal_year=fiscal_year(request))


def quota_tabs(quotas) -> dict:
    done = Q(available=0, frozen_amount=0)
    return {
        "open": ("可确认", quotas.filter(available__gt=0)),
        "done": ("已确认完", quotas.filter(done)),
        "stuck": ("冻结或超额", quotas.filter(Q(overdrawn=True) | Q(available=0, frozen_amount__gt=0))),
        "all": ("全部", quotas),
    }


@require_safe
def quotas(request):
    """预算指标管理: what finance issued, what is confirmed, what may be."""
    visible = quotas_of(request)
    tabs = quota_tabs(visible)
    current = request.GET.get("tab") if request.GET.get("tab") in tabs else "all"
    filters = QuotaFilter(request.GET)
    page = lists.keyset(filters.apply(tabs[current][1].for_list()), request.GET)
    sums = visible.aggregate(
        total=Sum("issued_amount") + Sum("adjusted_amount"),
        confirmed=Sum("confirmed_amount"),
        open=Sum("available", filter=Q(available__gt=0)),
        frozen=Sum("frozen_amount"),
        over=Sum("available", filter=Q(overdrawn=True)),
        over_count=Count("pk", filter=Q(overdrawn=True)),
    )
    context = {
        "title": "预算指标管理", "section": SECTION, "tab": current, "filters": filters, "page": page,
        "tabs": lists.tab_bar(tabs, current, request.GET, filters.apply), "kpis": kpis(sums), "sums": sums,
        "here": page_sums(page.rows), "may_confirm": is_clerk(request),
        "over": -(sums["over"] or Decimal(0)),
        "synced": QuotaImport.objects.filter(source="feed").values_list("at", flat=True).first(),
    }  # fmt: skip
    return render(request, "budgets/quota_list.html", context)


def kpis(sums: dict) -> list[dict]:
    rows = [
        ("total", "指标金额合计（元）", "coin", "b"),
        ("confirmed", "已确认（元）", "circle-check", "g"),
        ("open", "可确认（元）", "file-invoice", "b"),
        ("frozen", "财政冻结（元）", "lock", "o"),
    ]
    return [
        {"value": f"{sums[key] or Decimal(0):,.2f}", "label": label, "icon": icon, "tone": tone}
        for key, label, icon, tone in rows
    ]


def page_sums(rows) -> dict:
    """The last line of the table; what is overdrawn is not set off against what is open."""
    return {
        "total": sum((row.total for row in rows), Decimal(0)),
        "confirmed": sum((row.confirmed_amount for row in rows), Decimal(0)),
        "open": sum((row.confirmable for row in rows), Decimal(0)),
        "over": -sum((row.available for row in rows if row.overdrawn), Decimal(0)),
    }


def is_clerk(request) -> bool:
    return request.user.current is not None and request.user.current.post == Post.CLERK


def need_clerk_of(request, quota: Quota, label: str) -> None:
    """Only the unit's own clerk moves its money, whatever else he may see."""
    need(request, {Post.CLERK}, label)
    if request.user.current.content_object_id != quota.unit_id:
        raise Refused(f"“{label}”由{quota.unit.label}的经办岗办理，您当前的岗位不能办理。")


def found(request, pk: int, **marks) -> Quota:
    """Fetching is the permission check; `marks` are annotations to bring along."""
    related = ("fund_nature", "unit", "division", "function_subject", "gov_econ", "dept_econ")
    rows = Quota.objects.visible_to(request.user).select_related(*related)
    return get_object_or_404(rows.annotate(**marks), pk=pk)


@require_safe
def pick(request):
    """指标确认, step one: choose which (a dialog, or a page without JavaScript)."""
    need(request, {Post.CLERK}, "指标确认")
    chosen = request.GET.get("quota", "")
    if chosen.isdecimal() and len(chosen) < 19:
        return redirect("quota-confirm", int(chosen))
    unit = request.user.current.content_object_id
    offered = quotas_of(request).filter(unit=unit, available__gt=0).for_list()[:50]
    request.menu_url = "quota-list"
    return fragment_or_page(request, "budgets/pick", {"quotas": offered, "title": "选择要确认的指标"})


@both
def confirm(request, pk: int):
    """指标确认, steps one to three: how often, how much is open, this time, what remains, 确定."""
    quota = found(request, pk)
    need_clerk_of(request, quota, "指标确认")
    form = ConfirmForm(request.POST if request.method == "POST" else None, quota=quota)
    if request.method == "POST" and form.is_valid():
        try:
            made = quota.confirm(form.cleaned_data["amount"], request.user)
        except ValidationError as short:  # somebody was faster
            form.add_error("amount", short)
            quota.refresh_from_db(fields=["available", "confirmed_amount", "confirmed_count", "last_seq"])
        else:
            messages.success(
                request, f"{quota.project_name} 第 {made.seq} 次确认 {made.amount:,.2f} 元，已生效。"
            )
            return redirect("quota-list")
    request.menu_url = "quota-list"
    context = {"quota": quota, "form": form, "title": "指标确认", **confirm_figures(quota, form)}
    return fragment_or_page(request, "budgets/confirm", context | {"records": records(quota)})


def confirm_figures(quota: Quota, form: ConfirmForm) -> dict:
    """本次 and 剩余 as the page shows them before any script runs."""
    amount = (
        getattr(form, "cleaned_data", {}).get("amount", Decimal(0)) if form.is_bound else quota.confirmable
    )
    total = quota.confirmed_amount + quota.confirmable or Decimal(1)
    return {
        "total_fen": fen(total),
        "done_fen": fen(quota.confirmed_amount),
        "open_fen": fen(quota.confirmable),
        "now": amount,
        "rest": quota.confirmable - amount,
        "done_width": f"{quota.confirmed_amount / total * 100:.2f}",
        "now_width": f"{amount / total * 100:.2f}",
        "next_seq": quota.last_seq + 1,
    }


def records(quota: Quota):
    """Confirmations, latest first; a page shows them all, their number is small."""
    used = Q(holdings__reserved_amount__gt=0) | Q(holdings__committed_amount__gt=0)
    rows = quota.confirmations.select_related("confirmed_by", "deleted_by")
    return rows.annotate(papers=Count("holdings", filter=used)).order_by("-seq")


def fragment_or_page(request, name: str, context: dict):
    """The bare form for the dialog, or the same form on a page of its own."""
    bare = bool(request.headers.get("X-Fragment"))
    return render(request, f"{name}_fragment.html" if bare else f"{name}.html", context)


@both
def delete_confirmation(request, pk: int):
    """删除 a confirmation nobody uses: the money returns to the quota (M 3.2 step 3)."""
    rows = QuotaConfirmation.objects.visible_to(request.user).select_related("quota__unit", "confirmed_by")
    row = get_object_or_404(rows, pk=pk)
    need_clerk_of(request, row.quota, "删除确认")
    problem = None
    if request.method == "POST":
        try:
            row.delete_unused(request.user)
        except ValidationError as refused:
            problem = refused.messages[0]
        else:
            messages.success(request, f"已删除第 {row.seq} 次确认，{row.amount:,.2f} 元退回可确认。")
            return redirect("quota-confirm", row.quota_id)
    request.menu_url = "quota-list"
    context = {"row": row, "quota": row.quota, "problem": problem, "title": "删除确认"}
    return render(request, "budgets/confirmation_delete.html", context, status=409 if problem else 200)
