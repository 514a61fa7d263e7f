"""Reading and deciding: detail, move, print, download."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from procurement import clock

from . import detail as reading
from .attachments import Attachment, Download
from .desks import REVIEWING, Desk
from .forms import MoveForm
from .list_pages import actions
from .printing import render_pdf
from .signing import hand

PLACES = ("unit", "division", "office")


def fetch(stage, request, pk: int, *, whole: bool = True):
    """Fetching is the permission check: what you may not see is 404. A decision needs only the places."""
    related = (*PLACES, "clerk", "submitted_by", *stage.related) if whole else PLACES
    return get_object_or_404(stage.model.objects.visible_to(request.user).select_related(*related), pk=pk)


def editable(stage, request, pk: int):
    """The paper to write on: frozen anywhere but on the clerk's desk."""
    paper = fetch(stage, request, pk)
    if obstacle := paper.obstacle("submit", request.user):
        raise obstacle[0](obstacle[1])
    return paper


def detail(stage, request, pk: int):
    paper = fetch(stage, request, pk)
    user = request.user
    reviewing = paper.obstacle("approve", user) is None
    request.menu_url = f"{stage.slug()}-{'review' if paper.state in REVIEWING and stage.review else 'list'}"
    form = MoveForm(paper=paper, user=user, verbs=["approve", "send_back"]) if reviewing else None
    return show(stage, request, paper, form)


def show(stage, request, paper, form, status: int = 200):
    """The paper with its log, steps, differences, buttons; `form` is the decision card of a reviewer."""
    user = request.user
    moves = list(paper.moves.shown())  # with snapshots: the differences need two
    route = paper.expected_desks() if paper.state == Desk.CLERK else None  # a draft foretells its way
    context = {
        "stage": stage, "paper": paper, "moves": moves, "steps": reading.steps(paper, moves, route),
        "facts": reading.facts(paper), "changes": reading.changes(paper, moves, user),
        "attachments": reading.files(stage, paper), "actions": actions(stage, paper, user),
        "why_not": reading.why_not(paper, user), "move_form": form,
        "stuck": reading.holders(paper, user if form else None),
        "move_url": stage.url("move", paper.pk), "print_url": stage.url("print", paper.pk),
        "edit_url": stage.url("edit", paper.pk) if paper.obstacle("submit", user) is None else "",
        "queue": reading.queue(stage, paper, user) if form else None, "title": paper.title,
        "consequence": reading.consequence(paper), **stage.more(request, paper),
    }  # fmt: skip
    return render(request, stage.templates("detail"), context, status=status)


def move(stage, request, pk: int):
    """GET asks (a page, or a fragment for the dialog); POST decides, once, and leads back."""
    paper = fetch(stage, request, pk, whole=request.method != "POST")
    form = MoveForm(request.POST or None, paper=paper, user=request.user)
    verb = request.POST.get("verb") or request.GET.get("verb", "")
    if verb in paper.verb_names() and (obstacle := paper.obstacle(verb, request.user)):
        raise obstacle[0](obstacle[1])
    if request.method == "POST" and form.is_valid():
        try:
            fresh = form.act(paper, request.user, **hand(request))
        except ValidationError as problem:
            for message in problem.messages:
                form.add_error(None, message)
        else:
            messages.success(
                request, f"{paper.number} 已{paper.verb_label(verb)}，{reading.next_step(fresh)}。"
            )
            return redirect(back_to(request, stage.url("detail", pk)))
    return ask(stage, request, paper, form, verb)


def ask(stage, request, paper, form: MoveForm, verb: str):
    """The decision form alone: 审核意见 with 通过/退回, or one verb to confirm."""
    wanted = {"approve", "send_back"} if verb in ("approve", "send_back") else {verb}
    form.fields["verb"].choices = [choice for choice in form.fields["verb"].choices if choice[0] in wanted]
    form.initial["verb"] = verb
    context = {
        "stage": stage, "paper": paper, "move_form": form, "verb": verb, "reviewing": "approve" in wanted,
        "label": "审核意见" if "approve" in wanted else paper.verb_label(verb) if verb else "",
        "move_url": stage.url("move", paper.pk), "title": paper.title,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "consequence": reading.consequence(paper),
    }  # fmt: skip
    template = "flow/move_fragment.html" if request.headers.get("X-Fragment") else "flow/move.html"
    return render(request, template, context)


def back_to(request, default: str) -> str:
    """The page to return to, when it is one of ours."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and safe else default


def printed(stage, request, pk: int):
    """The paper as PDF; a draft carries a watermark."""
    paper = fetch(stage, request, pk)
    moves = list(paper.moves.shown().defer("snapshot"))
    context = {
        "paper": paper, "stage": stage, "moves": moves, "facts": reading.facts(paper), "by": request.user,
        "now": clock.now(), "draft": paper.state not in ("filing", "done"), **stage.more(request, paper),
    }  # fmt: skip
    response = HttpResponse(render_pdf(stage.templates("print"), context), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{paper.number}.pdf"'
    return response


def download(stage, request, pk: int, file: int):
    """An attachment, always as a download, on record."""
    paper = fetch(stage, request, pk)
    attachment = get_object_or_404(Attachment, pk=file, document=paper)
    Download.objects.create(attachment=attachment, by=request.user)
    response = FileResponse(attachment.file.open(), as_attachment=True, filename=attachment.name)
    response["Content-Type"] = attachment.mime
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
