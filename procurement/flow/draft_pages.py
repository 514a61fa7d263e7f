"""Autosave of the forms of papers: taking it in, offering it again, giving it up."""

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import JsonResponse, QueryDict, UnreadablePostError
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone

from accounts.models import Post

from . import years
from .context import FORM_YEAR
from .drafts import TOKEN, Draft, offers, token_of
from .list_pages import need
from .moves import Conflict, Refused
from .paper_pages import editable

MOST_BYTES = 2 * 2**20
MOST_FIELDS = 12_000
DROPPED = {"csrfmiddlewaretoken", "action", TOKEN, f"{TOKEN}_seq"}


@login_not_required  # so that a page whose session has ended hears so, instead of being led to the login
def autosave(stage, request):
    """GET gives a fresh page token after another login; POST keeps what was typed, never in the paper."""
    if not request.user.is_authenticated:
        return said("expired", "登录已过期，请重新登录。", 401)
    if request.method != "POST":
        return JsonResponse({"state": "ready", "csrf": get_token(request), "user": request.user.pk})
    try:
        typed = Typed.read(request)
    except ValidationError as problem:
        return said("refused", problem.message, 413 if problem.code == "size" else 400)
    if typed.user != request.user.pk:
        return said("other", "浏览器已由另一用户登录，这里的内容没有保存。", 409)
    try:
        return take_in(stage, request, typed)
    except Refused as refused:
        return said("closed", str(refused), 403)
    except Conflict as lost:
        return said("closed", str(lost), 409)


def said(state: str, reason: str, status: int) -> JsonResponse:
    return JsonResponse({"state": state, "reason": reason}, status=status)


def take_in(stage, request, typed: "Typed") -> JsonResponse:
    """Only who could save the paper may keep a draft of it."""
    need(request, {Post.CLERK}, stage.entry)
    if typed.paper:
        editable(stage, request, typed.paper)
    row = Draft.keep(
        request.user, typed.token, typed.seq, kind=stage.slug(), document_id=typed.paper or None,
        query="" if typed.paper else typed.query, version=typed.version, data=typed.fields,
    )  # fmt: skip
    if row.data is None:
        return JsonResponse({"state": "spent"})
    return JsonResponse({"state": "kept", "at": f"{timezone.localtime(row.saved_at):%H:%M:%S}"})


@dataclass
class Typed:
    """What the page sent, checked: {user, token, seq, paper, query, fields}."""

    user: int
    token: uuid.UUID
    seq: int
    paper: int
    query: str
    fields: dict[str, list[str]]

    @classmethod
    def read(cls, request) -> "Typed":
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise ValidationError("内容太多，不能自动保存，请及时点“保存”。", code="size")
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError, UnreadablePostError):  # the page was left while it sent
            body = None
        token = token_of(body.get("token")) if isinstance(body, dict) else None
        if token is None or not isinstance(body.get("query"), str) or not usable(body.get("fields")):
            raise ValidationError("自动保存的内容不完整。")
        numbers = [whole(body.get(name)) for name in ("user", "seq", "paper")]
        query = QueryDict(clean(body["query"]), mutable=True)
        query.pop(TOKEN, None)
        fields = {name: list(map(clean, values)) for name, values in body["fields"].items()}
        kept = {clean(name): values for name, values in fields.items() if name not in DROPPED}
        return cls(numbers[0], token, numbers[1], numbers[2], query.urlencode()[:500], kept)

    @property
    def version(self) -> int:
        text = (self.fields.get("version") or [""])[0]
        return whole(int(text)) if text.isascii() and text.isdecimal() and len(text) < 11 else 0


def usable(fields: Any) -> bool:
    """A dictionary of lists of texts, no larger than a form."""
    return (
        isinstance(fields, dict)
        and len(fields) <= MOST_FIELDS
        and all(isinstance(values, list) and len(values) <= 100 for values in fields.values())
        and all(isinstance(value, str) for values in fields.values() for value in values)
    )


def whole(value: Any) -> int:
    """A number the database can hold, or nought."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else 0


def clean(text: str) -> str:
    """Without what PostgreSQL's jsonb cannot hold: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


# --- on the form ------------------------------------------------------------------------------------------


@dataclass
class Keeping:
    """What the form's page says about autosave: its own opening, what was restored, what is offered."""

    url: str
    token: str
    seq: str = "0"
    query: str = ""
    restored: Draft | None = None
    offers: list[dict] = field(default_factory=list)


def restored(stage, request, paper) -> Draft | None:
    """The draft the address asks for, when it is this form's and this person's."""
    token = token_of(request.GET.get(TOKEN))
    rows = Draft.objects.of_form(request.user, stage.slug(), paper.pk)
    return rows.filter(token=token).first() if token else None


def kept_year(stage, request) -> str:
    """The year of the form that is restored; a closed one is given up, so that its text can still be read."""
    draft = None if request.method == "POST" else restored(stage, request, stage.model())
    year = ((draft.data.get(FORM_YEAR) if draft else None) or [""])[0]
    return year if year.isascii() and year.isdecimal() and not years.is_closed(int(year[:4])) else ""


def keeping(stage, request, paper, draft: Draft | None) -> Keeping:
    """For the page; a form that comes back with errors stays the same opening."""
    posted = token_of(request.POST.get(TOKEN))
    query = request.GET.copy()
    query.pop(TOKEN, None)
    own = {"url": stage.url("autosave"), "query": "" if paper.pk else query.urlencode()[:500]}
    if draft is not None:
        return Keeping(**own, token=str(draft.token), seq=str(draft.seq), restored=draft)
    if posted is not None:
        seq = request.POST.get(f"{TOKEN}_seq", "")
        return Keeping(**own, token=str(posted), seq=seq if seq.isdecimal() and len(seq) < 10 else "0")
    return Keeping(**own, token=str(uuid.uuid4()), offers=offers(stage, request.user, paper))


def discard(stage, request):
    """放弃: the row stays as a closed opening, the text goes."""
    token = token_of(request.POST.get(TOKEN))
    row = Draft.objects.living(request.user).filter(kind=stage.slug(), token=token).defer("data").first()
    if row is None:
        return redirect(stage.url("list"))
    Draft.objects.filter(pk=row.pk).update(data=None, saved_at=timezone.now())
    messages.success(request, "已放弃自动保存的内容。")
    return redirect(row.address(stage, restored=False))
