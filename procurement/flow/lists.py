"""Lists of papers: tabs with counts, filters, columns, keyset pages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone

from .counts import capped_counts, shown_count
from .desks import REVIEWING, Desk
from .forms import AmountField, speak_plainly

PAGE = 20


@dataclass(frozen=True)
class Column:
    """One column: a head, the value of a paper, how it is set."""

    label: str
    value: Callable[[Any], Any]
    kind: str = "text"  # text | money | time | tag
    narrow: bool = True  # shown on a phone


def entry_tabs(papers) -> dict[str, tuple[str, Any]]:
    """The clerk's tabs 待提交 已退回 审核中 已办结 已作废 全部 (domain.md §1.1)."""
    here = papers.filter(state=Desk.CLERK)
    return {
        "draft": ("待提交", here.exclude(last_verb="send_back")),
        "returned": ("已退回", here.filter(last_verb="send_back")),
        "review": ("审核中", papers.filter(state__in=REVIEWING)),
        "done": ("已办结", papers.filter(state__in=[Desk.FILING, Desk.DONE])),
        "void": ("已作废", papers.filter(state=Desk.VOID)),
        "all": ("全部", papers),
    }


def review_tabs(papers, user) -> dict[str, tuple[str, Any]]:
    """待处理 已处理 全部 of the desk the user sits at."""
    waiting = papers.waiting_at(user.current).filter(state__in=REVIEWING)
    return {
        "waiting": ("待处理", waiting),
        "handled": ("已处理", papers.handled_by(user)),
        "all": ("全部", papers.filter(submitted_at__isnull=False)),
    }


def filing_tabs(papers) -> dict[str, tuple[str, Any]]:
    return {
        "waiting": ("待备案", papers.filter(state=Desk.FILING)),
        "filed": ("已备案", papers.filter(state=Desk.DONE)),
        "void": ("已撤销", papers.filter(state=Desk.VOID, content_sha256__gt="")),
    }


class FilterForm(forms.Form):
    """The search line above a list; empty fields do not filter."""

    q = forms.CharField(label="编号或名称", required=False, max_length=100)
    low = AmountField(label="最低金额", required=False)
    high = AmountField(label="最高金额", required=False)
    since = forms.DateField(label="提交日期自", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="提交日期至", required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, data):
        super().__init__(data, auto_id="filter_%s")
        speak_plainly(self.fields)

    def apply(self, papers):
        self.is_valid()
        data = self.cleaned_data
        papers = papers.matching(data.get("q") or "")
        wanted = {
            "amount__gte": data.get("low"),
            "amount__lte": data.get("high"),
            "submitted_at__gte": moment(data.get("since"), time.min),
            "submitted_at__lte": moment(data.get("until"), time.max),
        }
        return papers.filter(**{name: value for name, value in wanted.items() if value is not None})


def moment(day, clock: time):
    return timezone.make_aware(datetime.combine(day, clock)) if day else None


@dataclass
class Page:
    """A slice of a list by key, not by offset: as quick at ten million rows as at ten."""

    rows: list
    newer: str = ""
    older: str = ""


def keyset(papers, query, *, size: int = PAGE) -> Page:
    """Newest first; `before`/`after` in the query are primary keys. Nonsense there means the first page."""
    before, after = (query.get(name, "") for name in ("before", "after"))
    if after.isdecimal() and len(after) < 19:
        rows = list(papers.filter(pk__gt=int(after)).order_by("pk")[: size + 1])
        more, rows = len(rows) > size, rows[:size][::-1]
        return Page(rows, newer=link(query, after=rows[0].pk) if more else "", older=older_link(query, rows))
    bounded = before.isdecimal() and len(before) < 19
    rows = list((papers.filter(pk__lt=int(before)) if bounded else papers).order_by("-pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    newer = link(query, after=rows[0].pk) if bounded and rows else ""
    return Page(rows, newer=newer, older=older_link(query, rows) if more else "")


def older_link(query, rows) -> str:
    return link(query, before=rows[-1].pk) if rows else ""


def link(query, **changes) -> str:
    """The present address with some parameters changed; a page position never survives another change."""
    kept = {name: value for name, value in query.items() if name not in ("before", "after") and value}
    return "?" + urlencode({**kept, **changes})


def tab_bar(tabs: dict, current: str, query, restrict: Callable) -> list[dict]:
    """Tabs for the template, each with its capped count; one query for all of them."""
    counts = capped_counts({key: restrict(papers) for key, (_, papers) in tabs.items()})
    return [
        {
            "key": key,
            "label": label,
            "count": shown_count(counts[key]),
            "url": link(query, tab=key),
            "active": key == current,
        }
        for key, (label, _) in tabs.items()
    ]
