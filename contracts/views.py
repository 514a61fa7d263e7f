"""Pages of contracts beside those of the stage: where one starts, 备案表 and its button."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Post
from procurement import clock
from procurement.flow import form_pages, paper_pages
from procurement.flow.context import fiscal_year
from procurement.flow.forms import MoveForm
from procurement.flow.list_pages import need
from procurement.flow.menu import READERS
from procurement.flow.signing import hand

from . import deadlines, filing, ledger, overdue, paper, parts, printing
from .entry import sources
from .models import Sort
from .stages import ContractStage

SHOWN = 200
DUE = "合同期限"
EVERYBODY = frozenset([Post.CLERK, Post.REVIEWER, Post.APPROVER]) | READERS
BODY = "contracts/paper_body.html"
CHOSEN = ("result", "plan", "base", "draft")
TITLES = {
    Sort.ENTRY: "选择采购结果或采购计划", Sort.HISTORY: "选择历史合同补录计划",
    Sort.SUPPLEMENT: "选择要补充的合同", Sort.CHANGE: "选择要变更的合同",
}  # fmt: skip


def start(request):
    """新增: first what it starts from (manual 3.8, step 2), then the form."""
    need(request, {Post.CLERK}, ContractStage.entry)
    if request.method == "POST" or any(name in request.GET for name in CHOSEN):
        return form_pages.new(ContractStage, request)
    request.menu_url = "contract-list"
    kind = request.GET.get("kind", "")
    kind = Sort(kind) if kind in Sort else Sort.ENTRY
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    context = {
        "stage": ContractStage, "title": TITLES[kind], "kind": kind, "words": words,
        "list_url": ContractStage.url("list"), **offered(request, kind, words),
    }  # fmt: skip
    return render(request, "contracts/pick.html", context)


def offered(request, kind: Sort, words: str) -> dict:
    """What may be chosen."""
    if kind in (Sort.SUPPLEMENT, Sort.CHANGE):
        return {"bases": sources.bases(request).matching(words).for_list()[:SHOWN]}
    if kind == Sort.HISTORY:
        return {"plans": sources.old_plans(request).matching(words)[:SHOWN]}
    results = sources.results(request)
    if words:
        results = results.filter(book__approved_plan__title__icontains=words) | results.filter(
            result_no__icontains=words
        )
    plans = sources.plans(request).in_year(fiscal_year(request)).matching(words)
    return {"results": results[:SHOWN], "plans": plans[:SHOWN]}


@require_safe
def deadlines_page(request):
    """What is late or about to be, by unit and by contract (domain.md §22)."""
    need(request, EVERYBODY, DUE)
    user, year = request.user, fiscal_year(request)
    context = {
        "title": DUE, "units": overdue.by_unit(user, year), "due": list(overdue.to_settle(user, year)),
        "awards": overdue.unsigned_rows(user, year), "ledger": user.current.post in ledger.POSTS,
    }  # fmt: skip
    return render(request, "contracts/deadlines.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request, pk: int):
    """备案 shows the form as it will print; every other move is the stage's own page."""
    verb = request.POST.get("verb") or request.GET.get("verb", "")
    if verb == "file":
        return file(request, pk)
    return paper_pages.move(ContractStage, request, pk)


def file(request, pk: int):
    """GET shows 备案表 with 备案 at its top left (manual 3.8); POST files it, once."""
    contract = paper_pages.fetch(ContractStage, request, pk)
    if obstacle := contract.obstacle("file", request.user):
        raise obstacle[0](obstacle[1])
    form = MoveForm(request.POST or None, paper=contract, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            fresh = form.act(contract, request.user, **hand(request))
        except ValidationError as problem:
            for message in problem.messages:
                form.add_error(None, message)
        else:
            messages.success(request, f"合同 {fresh.contract_no} 已备案，备案编号 {fresh.filing_number}。")
            return redirect(ContractStage.url("detail", pk))
    return ask(request, contract, form)


def ask(request, contract, form: MoveForm):
    """The popup, or the page without a script."""
    request.menu_url = "contract-filing"
    today = clock.today()
    parts.load(contract)
    context = {
        "stage": ContractStage, "paper": contract, "move_form": form, "title": printing.TITLE,
        "move_url": ContractStage.url("move", contract.pk), "late": deadlines.is_late(contract, today),
        "blocked": filing.obstacle(contract, contract.approved_plan),
        "consequence": filing.consequence(contract, contract.approved_plan),
        "shown": render_to_string(BODY, paper.context(printing.snapshot(contract))),
    }  # fmt: skip
    fragment = request.headers.get("X-Fragment")
    return render(request, "contracts/file_fragment.html" if fragment else "contracts/file.html", context)
