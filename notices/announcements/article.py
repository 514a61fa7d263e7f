"""From the structured content of an announcement to what is shown and sent: sections, HTML, data."""

from decimal import Decimal, InvalidOperation

from django.template.loader import render_to_string

from procurement.flow.snapshots import Change
from procurement.reference.money import plain

from .formats import STANDARD, WRITTEN, Field, Table

NUMERALS = "一二三四五六七八九十"


def numeral(number: int) -> str:
    """1 is 一, 11 is 十一; the longest format has thirteen sections."""
    return NUMERALS[number - 1] if number <= 10 else "十" + NUMERALS[number - 11]


def value(field: Field, text: str) -> str:
    """A stored value as people read it."""
    if not text:
        return ""
    if field.kind == "money":
        try:
            return f"{plain(Decimal(text))}" + ("" if "（元）" in field.label else " 元")
        except InvalidOperation:
            return text
    if field.kind in ("day", "moment"):
        head, _, clock = text.partition("T")
        year, month, date = head.split("-") if head.count("-") == 2 else (head, "", "")
        return f"{year}年{int(month)}月{int(date)}日 {clock}".strip() if month else text
    return text


def sections(paper) -> list[dict]:
    """The numbered sections with everything that is filled in; an empty one says 无.

    A part is either `facts`, pairs of label and lines of text, or a table: `columns` and `rows`.
    """
    found = []
    for number, section in enumerate(paper.form.sections, start=1):
        parts: list[dict] = [{"facts": [("", [section.text])]}] if section.text else []
        for part in section.parts:
            add(parts, part, paper.content, section.title)
        nothing = [{"facts": [("", ["无"])]}]
        found.append({"number": numeral(number), "title": section.title, "parts": parts or nothing})
    return found


def add(parts: list[dict], part: Field | Table, content: dict, title: str) -> None:
    """One field or table as the article shows it; nothing while it is empty."""
    label = "" if part.label == title else part.label
    if isinstance(part, Table):
        if drawn := table(part, content.get(part.key) or []):
            parts.append({"label": label, **drawn})
    elif text := value(part, content.get(part.key, "")):
        if not parts or "facts" not in parts[-1]:
            parts.append({"facts": []})
        parts[-1]["facts"].append((label, text.splitlines()))


def table(part: Table, rows: list[dict]) -> dict | None:
    """Columns nobody filled in are left out."""
    columns = [one for one in part.columns if any(row.get(one.key) for row in rows)]
    if not columns:
        return None
    heads = [(one.label, "num" if one.kind == "money" else "") for one in columns]
    return {
        "columns": heads,
        "rows": [
            [(value(one, row.get(one.key, "")), *head) for one, head in zip(columns, heads, strict=True)]
            for row in rows
        ],
    }


def changes(old: dict, new: dict) -> list[Change]:
    """What a reviewer reads of two submissions, by the labels of the format."""
    before, after = old.get("content") or {}, new["content"]
    parts = WRITTEN[new["format"]].parts
    pairs = [(part.label, flat(part, before), flat(part, after)) for part in parts]
    return [Change(label, a or "无", b or "无") for label, a, b in pairs if a != b]


def flat(part: Field | Table, content: dict) -> str:
    """One field, or all rows of a table, in one text."""
    if isinstance(part, Field):
        return value(part, content.get(part.key, ""))
    rows = content.get(part.key) or []
    cells = ([value(one, row.get(one.key, "")) for one in part.columns] for row in rows)
    return "；".join("，".join(filter(None, row)) for row in cells)


def html(paper, on) -> str:
    """The article: tags the portal allows and class attributes only, user text escaped by the template."""
    context = {"paper": paper, "sections": sections(paper), "on": on}
    return render_to_string("notices/announcement_article.html", context)


def data(paper) -> dict:
    """The same for programs."""
    return {
        "number": paper.number,
        "format": {"number": paper.form.number, "name": paper.form.name, "standard": STANDARD},
        "task_book": paper.book_number,
        "withdrawal": paper.form.portal_kind == "termination",
        "content": paper.content,
    }
