"""From the structured content of an announcement to what is shown and sent: sections, HTML, data."""

from decimal import Decimal, InvalidOperation

from django.template.loader import render_to_string

from procurement.reference.money import plain

from .formats import STANDARD, Field, Table

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
    """The numbered sections with everything that is filled in; an empty one says 无."""
    found = []
    for number, section in enumerate(paper.form.sections, start=1):
        parts = [drawn for part in section.parts if (drawn := drawing(part, paper.content, section.title))]
        if section.text:
            parts.insert(0, {"label": "", "value": section.text})
        shown = {"number": numeral(number), "title": section.title}
        found.append(shown | {"parts": parts or [{"label": "", "value": "无"}]})
    return found


def drawing(part: Field | Table, content: dict, title: str) -> dict | None:
    """One field or table as the article shows it; None while it is empty."""
    if isinstance(part, Table):
        return table(part, content.get(part.key) or [], title)
    text = value(part, content.get(part.key, ""))
    return {"label": "" if part.label == title else part.label, "value": text} if text else None


def table(part: Table, rows: list[dict], title: str) -> dict | None:
    """Columns nobody filled in are left out."""
    columns = [one for one in part.columns if any(row.get(one.key) for row in rows)]
    if not columns:
        return None
    return {
        "label": "" if part.label == title else part.label,
        "columns": [(one.label, "num" if one.kind == "money" else "") for one in columns],
        "rows": [
            [(value(one, row.get(one.key, "")), "num" if one.kind == "money" else "") for one in columns]
            for row in rows
        ],
    }


def html(paper, on) -> str:
    """The article: tags the portal allows and class attributes only, user text escaped by the template."""
    context = {"paper": paper, "sections": sections(paper), "on": on}
    return render_to_string("notices/announcement_article.html", context)


def data(paper) -> dict:
    """The same for programs."""
    names = paper.attachments.filter(category="public").order_by("pk").values_list("name", flat=True)
    return {
        "number": paper.number,
        "format": {"number": paper.form.number, "name": paper.form.name, "standard": STANDARD},
        "task_book": paper.book_number,
        "withdrawal": paper.form.portal_kind == "termination",
        "content": paper.content,
        "attachments": list(names),
    }
