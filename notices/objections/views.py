"""Pages of unit and office: the list of objections, the decision, where an answer starts from."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Post
from notices.models import Objection, ObjectionFile
from procurement.flow import form_pages, lists
from procurement.flow.list_pages import need
from procurement.flow.menu import READERS

from .files import download
from .forms import DecisionForm
from .moderation import decide, may_decide
from .stages import AnswerStage, awaiting_answer

TITLE = "异议受理"
READING = frozenset([Post.CLERK, Post.REVIEWER, Post.APPROVER]) | READERS
both = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def listing(request):
    """What the office has to look at first; the rest one tab away."""
    need(request, READING, TITLE)
    mine = Objection.objects.visible_to(request.user)
    tabs = {
        "received": ("待受理", mine.filter(state=Objection.State.RECEIVED)),
        "accepted": ("已受理", mine.filter(state=Objection.State.ACCEPTED)),
        "closed": ("已答复", mine.filter(state=Objection.State.CLOSED)),
        "refused": ("不予受理", mine.filter(state=Objection.State.REFUSED)),
        "all": ("全部", mine),
    }
    usual = "received" if request.user.current.post == Post.APPROVER else "all"
    current = request.GET.get("tab") if request.GET.get("tab") in tabs else usual
    page = lists.keyset(tabs[current][1].select_related("notice__unit"), request.GET)
    context = {
        "title": TITLE, "tabs": lists.tab_bar(tabs, current, request.GET, lambda rows: rows), "page": page,
        "current": current,
    }  # fmt: skip
    return render(request, "notices/objection_list.html", context)


@both
def detail(request, pk: int):
    """One objection; the office decides here."""
    found = Objection.objects.visible_to(request.user).select_related("notice__unit", "decided_by")
    objection = get_object_or_404(found, pk=pk)
    request.menu_url = "objection-list"
    deciding = objection.state == Objection.State.RECEIVED and may_decide(request.user, objection.notice)
    form = DecisionForm(request.POST or None, initial={"public_text": objection.reason})
    if request.method == "POST" and (form.is_valid() or not deciding):
        done = decide(pk, request.user, **(form.decision() if form.is_valid() else {}))
        messages.success(request, f"异议 {done.code[:6]} {done.get_state_display()}。")
        return redirect("objection-list")
    context = {
        "objection": objection, "notice": objection.notice, "form": form if deciding else None,
        "files": objection.files.all(), "named": may_know_the_sender(request.user, objection.notice),
        "title": f"异议 {objection.code[:6]}",
    }  # fmt: skip
    return render(request, "notices/objection_detail.html", context)


def may_know_the_sender(user, notice) -> bool:
    """Who has to answer him: the office and the unit, no other reader."""
    own = (Post.CLERK, Post.REVIEWER)
    return may_decide(user, notice) or any(user.posts.holds(post, notice.unit_id) for post in own)


@require_GET
def file(request, pk: int, file: int):
    """A stranger's PDF, only as a download."""
    objection = get_object_or_404(Objection.objects.visible_to(request.user).select_related("notice"), pk=pk)
    found = get_object_or_404(ObjectionFile, objection=objection, pk=file)
    return download(found)


@both
def answer(request):
    """新增: first the notice with objections, then the form."""
    need(request, {Post.CLERK}, AnswerStage.entry)
    if "notice" in request.GET:
        return form_pages.new(AnswerStage, request)
    request.menu_url = "objectionanswer-list"
    unit = request.user.current.content_object
    rows = awaiting_answer(unit).select_related("answer").order_by("publicity_end", "pk")
    context = {
        "stage": AnswerStage, "title": "选择需要答复的公示", "rows": rows[:100],
        "list_url": AnswerStage.url("list"),
    }  # fmt: skip
    return render(request, "notices/objectionanswer_pick.html", context)
