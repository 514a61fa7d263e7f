"""Writing a paper: new, edit, delete, files."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import Post

from . import detail, sign_pages, years
from .attachments import Attachment
from .draft_pages import keeping, kept_year, restored
from .drafts import TOKEN, Draft, token_of
from .forms import PaperForm
from .list_pages import need
from .moves import Conflict, Refused
from .paper_pages import editable, fetch
from .signing import SignatureNeeded, hand


def new(stage, request):
    need(request, {Post.CLERK}, stage.entry)
    request.kept_year = kept_year(stage, request)
    paper = stage.blank(request)
    if request.method != "POST" and (late := years.obstacle(paper)):
        raise years.Closed(late)
    return write(stage, request, paper)


def edit(stage, request, pk: int):
    return write(stage, request, editable(stage, request, pk))


def write(stage, request, paper):
    """Show or take in the form; 保存, 提交, or one more empty row (which works without JavaScript)."""
    if request.method != "POST":
        return opened(stage, request, paper)
    action = request.POST.get("action", "save")
    if action.startswith("add:"):
        data = one_more_row(request.POST, action.removeprefix("add:"))
        return show(stage, request, paper, stage.build_form(request, paper, data), checked=False)
    form = stage.build_form(request, paper, request.POST, request.FILES)
    if not form.is_valid():
        if paper._state.adding and (late := years.obstacle(paper)):
            form.add_error(None, late)  # why what he chose is not on offer any more
        return show(stage, request, paper, form)
    try:
        return store(stage, request, form, action)
    except ValidationError as problem:
        add_problem(form, problem)
        return show(stage, request, as_before(paper), form)
    except Conflict as lost:
        current = stage.model.objects.filter(pk=paper.pk).first()
        context = {"reason": str(lost), "form": form, "current": current, "stage": stage}
        return render(request, stage.templates("conflict"), context, status=409)


def opened(stage, request, paper):
    """The form as saved, or with what an autosave kept of it, unchecked."""
    draft = restored(stage, request, paper)
    if draft is None:
        return show(stage, request, paper, stage.build_form(request, paper))
    form = stage.build_form(request, paper, draft.posted())
    form.hush()
    return show(stage, request, paper, form, checked=False, draft=draft)


@transaction.atomic
def store(stage, request, form: PaperForm, action: str):
    """Save, take in files, submit when asked to: all of it or nothing; saved already while he signs."""
    if form.instance._state.adding and (late := years.obstacle(form.instance)):
        raise ValidationError(late)  # its year was closed while it was being filled in
    paper = form.save()
    for category in stage.attachments:
        for upload in request.FILES.getlist(f"file:{category}"):
            Attachment.receive(paper, upload, category, request.user)
    Draft.close(request.user, token_of(request.POST.get(TOKEN)), paper)
    if action != "submit":
        messages.success(request, f"已保存 {paper.number}，尚未提交。")
        return redirect(stage.url("edit", paper.pk))
    try:
        fresh = paper.perform("submit", request.user, **hand(request))
    except SignatureNeeded as needed:  # undone to before the submit: what was typed and uploaded is kept
        again = {"verb": "submit", "version": paper.version}
        where = stage.url("move", paper.pk), again, stage.url("edit", paper.pk)
        return sign_pages.ask(request, needed.instead(*where))
    messages.success(request, f"已提交 {fresh.number}，{detail.next_step(fresh)}。")
    return redirect(stage.url("detail", paper.pk))


def as_before(paper):
    """After a rolled-back save: a paper that was new is new again, an old one keeps its version."""
    if paper.pk and type(paper).objects.filter(pk=paper.pk).exists():
        return paper
    paper.pk = paper.id = None
    paper.number = ""
    paper._state.adding = True
    return paper


def show(stage, request, paper, form: PaperForm, *, checked: bool = True, draft: Draft | None = None):
    request.menu_url = f"{stage.slug()}-list"
    held = list(paper.attachments.all()) if paper.pk else []
    files = [
        {"code": code, "label": label, "files": [file for file in held if file.category == code]}
        for code, label in stage.attachments.items()
    ]
    context = {
        "stage": stage, "paper": paper, "form": form, "checked": checked, "files": files,
        "title": stage.form_title(paper), "list_url": stage.url("list"),
        "returned": paper.moves.last() if paper.pk and paper.is_returned else None,
        "keeping": keeping(stage, request, paper, draft), **stage.more(request, paper),
    }  # fmt: skip
    return render(request, stage.templates("form"), context)


def delete(stage, request, pk: int):
    """A draft that was never submitted leaves no trace; anything else is voided, not deleted."""
    paper = fetch(stage, request, pk)
    with transaction.atomic():
        fresh = stage.model.objects.locked(paper.pk)
        if not detail.deletable(fresh, request.user):
            raise Refused("只有本单位经办岗可以删除从未提交过的草稿；提交过的单据请用“作废”。")
        for name in fresh.line_sets:
            getattr(fresh, name).all().delete()
        fresh.attachments.all().delete()
        fresh.delete()
    messages.success(request, f"已删除草稿 {fresh.number}。")
    return redirect(stage.url("list"))


def drop_file(stage, request, pk: int, file: int):
    paper = editable(stage, request, pk)
    attachment = get_object_or_404(Attachment, pk=file, document=paper)
    if attachment.downloads.exists() and paper.submitted_at:
        raise Refused("这个附件已被审核人下载过，不能删除；请另外上传新的附件。")
    attachment.downloads.all().delete()
    attachment.delete()
    messages.success(request, f"已删除附件“{attachment.name}”。")
    return redirect(stage.url("edit", pk))


def one_more_row(posted, prefix: str):
    """The posted data with one more empty row of a set of lines."""
    data = posted.copy()
    name = f"{prefix}-TOTAL_FORMS"
    count = data.get(name, "")
    data[name] = str(min(int(count), 500) + 1) if count.isdecimal() and len(count) < 6 else "1"
    return data


def add_problem(form: PaperForm, problem: ValidationError) -> None:
    """Put a ValidationError of the kernel beside the field it names, or on top."""
    if not hasattr(problem, "error_dict"):
        form.add_error(None, problem)
        return
    for name, errors in problem.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
