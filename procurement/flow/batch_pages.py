"""批量通过: low-risk papers decided together, each in its own transaction, each with its own result."""

import logging
import re
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.shortcuts import redirect, render

from . import detail as reading
from .forms import speak_plainly
from .list_pages import need
from .moves import Conflict, Refused
from .signing import SignatureNeeded, going_back, hand

log = logging.getLogger("procurement.batch")
MOST = 50
PICK = re.compile(r"(\d{1,18})-(\d{1,9})", re.ASCII)
KEY = "batch"  # of the session: what came of the last one


class Pick(NamedTuple):
    """A ticked row: which paper, in the version the reviewer saw."""

    pk: int
    version: int

    def __str__(self):
        return f"{self.pk}-{self.version}"


class Choice(NamedTuple):
    """A ticked row as it is now; `why` says what stands in the way."""

    pick: Pick
    paper: Any
    why: str | None


class BatchForm(forms.Form):
    """One opinion for all of them."""

    opinion = forms.CharField(
        label="审核意见", required=False, max_length=500, widget=forms.Textarea({"rows": 2}),
        help_text="记入每一份单据的流程轨迹，不填写时记为“同意”",
    )  # fmt: skip

    def __init__(self, data=None):
        super().__init__(data)
        speak_plainly(self.fields)


def batch(stage, request):
    """GET lists what was ticked, to be confirmed; POST decides; afterwards GET ?done shows the results."""
    need(request, stage.review_posts(), stage.review)
    request.menu_url = f"{stage.slug()}-review"
    if request.method == "GET" and "done" in request.GET:
        return told(stage, request)
    form = BatchForm(request.POST if request.method == "POST" else None)
    data = request.POST if request.method == "POST" else request.GET
    picks = picked(data.getlist("pick"))
    choices = chosen(stage, request, picks[:MOST])
    if not form.is_bound or len(picks) > MOST or not picks or not form.is_valid() or going_back(request):
        return ask(stage, request, form, choices, len(picks))
    opinion = form.cleaned_data["opinion"].strip() or "同意"
    lacking, mine = [], hand(request)
    results = [result(stage, choice, request, opinion, mine, lacking) for choice in choices]
    if lacking:
        raise together(lacking, [row for row in results if row["why"]])
    request.session[KEY] = {"kind": stage.slug(), "opinion": opinion, "rows": results}
    return redirect(f"{stage.url('batch')}?done")


def picked(texts: list[str]) -> list[Pick]:
    """The ticked rows; what is none is ignored."""
    found = [PICK.fullmatch(text) for text in texts]
    return list(dict.fromkeys(Pick(int(one[1]), int(one[2])) for one in found if one))


def chosen(stage, request, picks: list[Pick]) -> list[Choice]:
    """All of them with one query; what one may not see is as if it were not there."""
    visible = stage.model.objects.visible_to(request.user).for_list()
    papers = {paper.pk: paper for paper in visible.filter(pk__in=[pick.pk for pick in picks])}
    return [
        Choice(pick, papers.get(pick.pk), obstacle(stage, papers.get(pick.pk), pick, request.user))
        for pick in picks
    ]


def obstacle(stage, paper, pick: Pick, user) -> str | None:
    """Why this one is not passed along with the others; the usual guard, then the stage's own."""
    if paper is None:
        return "没有这份单据，或您不能查看。"
    if paper.version != pick.version:
        return str(Conflict())
    if found := paper.obstacle("approve", user):
        return found[1]
    return stage.batchable(paper)


def ask(stage, request, form: BatchForm, choices: list[Choice], count: int):
    """核对: what will be passed, what will not and why."""
    ready = [choice for choice in choices if choice.why is None] if count <= MOST else []
    context = {
        "stage": stage, "title": f"批量通过：{stage.review}", "form": form, "ready": ready, "count": count,
        "refused": [choice for choice in choices if choice.why], "most": MOST, "too_many": count > MOST,
        "total": sum(choice.paper.amount for choice in ready), "list_url": stage.url("review"),
        "batch_url": stage.url("batch"),
    }  # fmt: skip
    return render(request, "flow/batch.html", context)


def together(lacking: list[SignatureNeeded], refused: list[dict]) -> SignatureNeeded:
    """One page asks for all their signatures, and says which will not be passed."""
    needs = [need for one in lacking for need in one.needs]
    return SignatureNeeded(needs, lacking[0].fault, refused=refused)


def result(stage, choice: Choice, request, opinion: str, mine: dict, lacking: list) -> dict:
    """One decision, or the sentence why not; what happens to one never touches another.

    Where nothing lacks but the signature, that is added to `lacking`.
    """
    paper, why, after = choice.paper, choice.why, ""
    if why is None:
        try:
            fresh = paper.perform("approve", request.user, opinion, version=choice.pick.version, **mine)
            after = reading.next_step(fresh)
        except SignatureNeeded as needed:
            lacking.append(needed)
        except (Refused, Conflict) as refused:
            why = str(refused)
        except ValidationError as problem:
            why = "".join(problem.messages)
        except DatabaseError:  # a lock, a lost connection: undone, and the next one still has its turn
            log.exception("batch: %s %s", paper.kind, paper.pk)
            why = "系统忙，这一件没有办成，请稍后单独办理。"
    known = {"number": paper.number, "title": paper.title, "amount": str(paper.amount)} if paper else {}
    url = stage.url("detail", paper.pk) if paper else ""
    return {**known, "url": url, "why": why or "", "after": after}


def told(stage, request):
    """One line for every ticked paper: 通过, or why not."""
    last = request.session.get(KEY, {})
    rows = last.get("rows", []) if last.get("kind") == stage.slug() else []
    passed = [row for row in rows if not row["why"]]
    context = {
        "stage": stage, "title": "批量通过的结果", "rows": rows, "passed": passed,
        "failed": len(rows) - len(passed), "opinion": last.get("opinion", ""),
        "total": sum(Decimal(row["amount"]) for row in passed),
        "list_url": stage.url("review"),
    }  # fmt: skip
    return render(request, "flow/batch_result.html", context)
