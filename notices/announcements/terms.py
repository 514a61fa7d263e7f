"""Does an announcement keep the legal periods? Sentences for people, beside the field they are about."""

from datetime import date, timedelta
from typing import NamedTuple

from procurement.reference.workdays import CalendarUnknown, add_workdays, roll_forward

from .formats import Format, Term

PUBLISHED = "公告发布日"


class Remark(NamedTuple):
    """One finding; a hard one stops submission and publication."""

    key: str  # of the field; empty where it is about the announcement as a whole
    text: str
    basis: str
    hard: bool

    def __str__(self):
        return f"{self.text}（{self.basis}）。"


def day(content: dict, key: str) -> date | None:
    """The day a field holds; None while it is empty or no day."""
    try:
        return date.fromisoformat(content.get(key, "")[:10])
    except (ValueError, TypeError):
        return None


def examine(form: Format, content: dict, on: date) -> list[Remark]:
    """Every term that is not kept if it is published on that day; a few questions to the calendar."""
    found = []
    for term in form.terms:
        if term.applies(content):
            since = day(content, term.since) if term.since else on
            until = day(content, term.until) if term.until else on
            if since and until:
                found += judge(form, term, since, until)
    return list(dict.fromkeys(found))


def judge(form: Format, term: Term, since: date, until: date) -> list[Remark]:
    """A calendar that does not reach so far is a reason to stop, not to guess."""
    try:
        if not term.hard:
            return late(term, since, until)
        return early(form, term, since, until)
    except CalendarUnknown as unknown:
        return [Remark(term.until or term.since, f"无法核对法定期限：{unknown}", term.basis, hard=term.hard)]


def early(form: Format, term: Term, since: date, until: date) -> list[Remark]:
    first = earliest(term, since)
    names = label(form, term.since), label(form, term.until)
    if until < first:
        if term.least:
            text = f"{term.what}{term.length}：自 {since} 起算，{names[1]}最早为 {first}，现为 {until}"
        else:
            text = f"{names[1]}（{until}）不能早于{names[0]}（{since}）"
        return [Remark(term.until or term.since, text, term.basis, hard=True)]
    if term.least and not term.working and (rolled := roll_forward(first)) > until:
        text = f"{term.what}的最后一日 {first} 是休息日，期间顺延到 {rolled}，{names[1]}宜填该日或以后"
        return [Remark(term.until, text, "《民法典》第二百零三条", hard=False)]
    return []


def late(term: Term, since: date, until: date) -> list[Remark]:
    last = add_workdays(since, term.most) if term.working else since + timedelta(term.most)
    if until <= last:
        return []
    return [
        Remark(term.since, f"{term.what}{term.length}发布：应不晚于 {last}，已逾期", term.basis, hard=False)
    ]


def earliest(term: Term, since: date) -> date:
    """The first day on which the period has run; its own first day does not count (民法典第二百零一条)."""
    if not term.least:
        return since
    return add_workdays(since, term.least) if term.working else since + timedelta(term.least)


def label(form: Format, key: str) -> str:
    return form.fields[key].label if key else PUBLISHED


def guidance(form: Format, content: dict, on: date) -> dict[str, list[str]]:
    """field -> what the law asks of it, with the day it comes to as far as that is known."""
    said: dict[str, list[str]] = {}
    for term in form.terms:
        if term.applies(content) and (term.least or term.most):
            since = day(content, term.since) if term.since else on
            place = term.until or term.since
            said.setdefault(place, []).append(f"{term.what}{term.length}{known(term, since)}（{term.basis}）")
    return said


def known(term: Term, since: date | None) -> str:
    if since is None or not term.least:
        return ""
    try:
        return f"，最早 {earliest(term, since)}"
    except CalendarUnknown:
        return ""
