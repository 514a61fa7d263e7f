"""Quotas out as a spreadsheet, and in from a file."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import Post
from procurement.flow import export
from procurement.flow.list_pages import EXPORT_ROWS, need

from .forms import ConfirmedFilter, ImportForm, QuotaFilter
from .imports import ImportRefused, from_table, take_in
from .models import QuotaConfirmation, QuotaImport
from .rows import HEADERS
from .tables import BadTable, read
from .views import SECTION, both, quotas_of

QUOTA_COLUMNS = {
    "指标编号": lambda row: row.quota_no,
    "文号": lambda row: row.doc_no,
    "预算单位": lambda row: row.unit.name,
    "预算项目": lambda row: row.project_name,
    "资金性质": lambda row: row.fund_nature.name,
    "部门经济分类": lambda row: row.dept_econ,
    "指标来源": lambda row: row.get_source_type_display(),
    "指标金额": lambda row: row.total,
    "冻结": lambda row: row.frozen_amount,
    "已确认": lambda row: row.confirmed_amount,
    "可确认": lambda row: row.available,
}
CONFIRMED_COLUMNS = {
    "指标编号": lambda row: row.quota.quota_no,
    "文号": lambda row: row.quota.doc_no,
    "预算单位": lambda row: row.quota.unit.name,
    "预算项目": lambda row: row.quota.project_name,
    "资金性质": lambda row: row.quota.fund_nature.name,
    "次数": lambda row: row.seq,
    "确认金额": lambda row: row.amount,
    "已占用": lambda row: row.reserved_amount,
    "已签合同": lambda row: row.committed_amount,
    "可用余额": lambda row: row.available,
    "确认时间": lambda row: row.confirmed_at,
}


def sheet(name: str, columns: dict, rows):
    lines = ([value(row) for value in columns.values()] for row in rows[:EXPORT_ROWS])
    return export.download(f"{name}.xlsx", export.workbook(name, list(columns), lines))


@require_safe
def quotas_export(request):
    """The list as a spreadsheet."""
    return sheet("预算指标", QUOTA_COLUMNS, QuotaFilter(request.GET).apply(quotas_of(request).for_list()))


@require_safe
def confirmed_export(request):
    """Confirmed quotas as a spreadsheet."""
    active = QuotaConfirmation.objects.active().filter(quota__in=quotas_of(request))
    rows = ConfirmedFilter(request.GET).apply(active.select_related("quota__fund_nature", "quota__unit"))
    return sheet("采购指标", CONFIRMED_COLUMNS, rows)


@both
def import_file(request):
    """指标导入 by the procurement office: all rows are right, or nothing is saved."""
    need(request, {Post.APPROVER}, "指标导入")
    posted = request.method == "POST"
    form, faults = ImportForm(request.POST, request.FILES) if posted else ImportForm(), []
    if posted and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            rows = from_table(read(upload.name, upload.read()))
            done = take_in(rows, QuotaImport.Source.FILE, upload.name, request.user)
        except BadTable as broken:
            form.add_error("file", str(broken))
        except ImportRefused as refused:
            faults = refused.faults
            form.add_error("file", f"{refused}，请修改后重新上传。")
        else:
            messages.success(request, f"{done}。")
            return redirect("quota-import")
    context = {
        "form": form,
        "faults": faults[:200],
        "more": len(faults) - 200,
        "title": "指标导入",
        "section": SECTION,
    }
    return render(
        request, "budgets/import.html", context | {"imports": QuotaImport.objects.select_related("by")[:10]}
    )


@require_safe
def import_template(request):
    """The empty table to fill in."""
    return export.download("指标导入模板.xlsx", export.workbook("指标", list(HEADERS), []))
