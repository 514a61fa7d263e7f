"""Pages of plans beside those of the stage."""

from django.db.models import Q
from django.http import JsonResponse
from django.shortcuts import render

from accounts.models import Post
from procurement.flow import form_pages, years
from procurement.flow.context import fiscal_year
from procurement.flow.export import download
from procurement.flow.list_pages import need

from . import copying
from .models import PlanType
from .sheets import SheetRefused, rows_of, sheet_of
from .sources import chosen, intents_open_to, notices_open_to, numbers, open_to
from .stages import COPY, PlanStage

SHOWN = 200


def start(request):
    """新增: first the published intent or the confirmed quotas (manual 3.5.1), then the form."""
    need(request, {Post.CLERK}, PlanStage.entry)
    kind = PlanStage.kind(request)
    if request.GET.get("kind") == COPY:
        return choose_copy(request)
    begun = PlanStage.intent(request) or PlanStage.notice(request)
    ready = {"blank", "draft", "from"} & set(request.GET) or begun is not None
    if "sheet" in request.POST.get("action", ""):
        return with_sheet(request, PlanStage.blank(request))
    if request.method == "POST" or ready or chosen(request, kind):
        return form_pages.new(PlanStage, request)
    years.guard(fiscal_year(request), "采购计划")
    request.menu_url = "plan-list"
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    offered = [row for row in open_to(request, kind) if matches(row.quota, words)]
    intents, notices = [], []
    if kind == PlanType.PROJECT:
        intents = intents_open_to(request).filter(project_name__icontains=words)[:SHOWN]
        notices = notices_open_to(request).filter(project_name__icontains=words)[:SHOWN]
    context = {
        "stage": PlanStage, "title": f"新增{PlanType(kind).label}", "kind": kind, "words": words,
        "offered": offered[:SHOWN], "intents": intents, "notices": notices,
        "nothing_ticked": "next" in request.GET, "list_url": PlanStage.url("list"),
    }  # fmt: skip
    return render(request, "plans/pick.html", context)


def choose_copy(request):
    """新增 → 复制去年计划: plans of earlier years of the own unit, newest first."""
    request.menu_url = "plan-list"
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    rows = copying.earlier(request)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(number__icontains=words))
    context = {
        "stage": PlanStage, "title": "复制去年计划", "words": words, "rows": rows[:SHOWN],
        "list_url": PlanStage.url("list"), "year": fiscal_year(request),
    }  # fmt: skip
    return render(request, "plans/copy.html", context)


def edit(request, pk: int):
    """The form; without a script an uploaded list is posted with it."""
    if "sheet" in request.POST.get("action", ""):
        return with_sheet(request, form_pages.editable(PlanStage, request, pk))
    return form_pages.edit(PlanStage, request, pk)


def with_sheet(request, paper):
    """The form as typed, with the uploaded rows added or with what is wrong with them; nothing is saved."""
    data, faults = request.POST.copy(), []
    try:
        rows = rows_of(request.FILES["sheet"], paper) if "sheet" in request.FILES else []
        faults = [] if rows else ["请先选择要导入的 Excel 文件。"]
        add_rows(data, rows)
    except SheetRefused as refused:
        faults = refused.faults
    form = PlanStage.build_form(request, paper, data)
    form.hush()
    form.sheet_faults = faults
    return form_pages.show(PlanStage, request, paper, form, checked=False)


def add_rows(data, rows: list[dict[str, str]]) -> None:
    """Append the rows to a posted form."""
    count = data.get("items-TOTAL_FORMS", "")
    start = int(count) if count.isdecimal() and len(count) < 4 else 0
    for number, row in enumerate(rows, start):
        data.update({f"items-{number}-{name}": value for name, value in row.items()})
    data["items-TOTAL_FORMS"] = str(start + len(rows))


def take_sheet(request):
    """An uploaded list for the page's script: {rows} to fill in, or {faults} by cell."""
    paper = paper_of(request)
    if "sheet" not in request.FILES:
        return JsonResponse({"faults": ["请先选择要导入的 Excel 文件。"]})
    try:
        return JsonResponse({"rows": rows_of(request.FILES["sheet"], paper)})
    except SheetRefused as refused:
        return JsonResponse({"faults": refused.faults})


def give_sheet(request):
    """The list as typed (POST) or as saved (GET) as xlsx; of a new plan, the empty template."""
    form = PlanStage.build_form(request, paper_of(request), request.POST or None)
    name = "采购清单模板.xlsx" if "empty" in request.GET else "采购清单.xlsx"
    return download(name, sheet_of(None if "empty" in request.GET else form))


def paper_of(request):
    """The plan a form's script asks about: ?plan=KEY on the clerk's desk, else a new one of ?kind=."""
    need(request, {Post.CLERK}, PlanStage.entry)
    keys = numbers(request.GET.getlist("plan"))
    return form_pages.editable(PlanStage, request, keys[0]) if keys else PlanStage.blank(request)


def assist(request):
    """辅助填报 of what is typed, recomputed; nothing is written."""
    form = PlanStage.build_form(request, paper_of(request), request.POST, request.FILES)
    answer = render(request, "plans/assistant.html", {"panel": form.panel})
    answer["X-Papers"] = form.papers.header()  # the page puts these attachments first
    return answer


def matches(quota, words: str) -> bool:
    return not words or words in quota.project_name or words in quota.doc_no or words in quota.quota_no
