"""What exactly was submitted: a canonical snapshot, its hash, and the difference of two."""

import datetime
import hashlib
import json
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models

from procurement.reference.money import fen

HEAD = ["number", "title", "fiscal_year", "amount", "is_secret", "unit", "division"]


def canonical(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys, no spaces, no floats: equal content gives equal bytes (RFC 8785)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: Any) -> str:
    """SHA-256 (hex) of the canonical form."""
    return hashlib.sha256(canonical(value)).hexdigest()


def plain(field: models.Field, row: models.Model) -> Any:
    """One field as JSON: money in integer fen, other decimals and dates as text, relations by their name."""
    value = getattr(row, field.name)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(field, models.DecimalField):
        return fen(value) if field.decimal_places == 2 else format(value.normalize(), "f")
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, (list, dict)):
        return value
    return str(value)


def own_fields(model: type[models.Model]) -> list[models.Field]:
    """The fields a person fills in: no keys, no relation upwards."""
    skipped = {"id", "document_ptr", "position"}
    return [
        field
        for field in model._meta.local_fields
        if field.name not in skipped and not getattr(field.remote_field, "parent_link", False)
    ]


def snapshot(document) -> dict[str, Any]:
    """Everything a reviewer decides on: head, own fields, lines, attachments with their digests."""
    meta = document._meta
    fields = [meta.get_field(name) for name in HEAD] + own_fields(type(document))
    content: dict[str, Any] = {"kind": document.kind, "id": document.pk}
    content["fields"] = {field.name: plain(field, document) for field in fields}
    content["lines"] = {name: line_rows(document, name) for name in document.line_sets}
    content["attachments"] = [
        {"name": file.name, "category": file.category, "sha256": file.sha256}
        for file in document.attachments.order_by("pk")
    ]
    return content


def line_rows(document, name: str) -> list[dict[str, Any]]:
    """The rows of one set of lines, in their order, without the link back to the paper."""
    related = document._meta.get_field(name)
    back = related.field.name
    fields = [field for field in own_fields(related.related_model) if field.name != back]
    relations = [field.name for field in fields if field.is_relation]
    rows = getattr(document, name).select_related(*relations) if relations else getattr(document, name).all()
    return [{field.name: plain(field, row) for field in fields} for row in rows.order_by("pk")]


class Change(NamedTuple):
    """One changed field, as the reviewer reads it."""

    label: str
    old: str
    new: str


def shown(field: models.Field, value: Any) -> str:
    """A snapshot value for people."""
    if value is None or value == "":
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DecimalField) and field.decimal_places == 2:
        return f"{Decimal(value) / 100:,.2f}"
    return str(value)


def difference(model: type, old: dict, new: dict) -> list[Change]:
    """Field-by-field changes from one snapshot of a paper to another."""
    changes = compare(model, "", old["fields"], new["fields"])
    for name in new["lines"]:
        changes += compare_lines(model, name, old["lines"].get(name, []), new["lines"][name])
    before, after = ({a["sha256"]: a["name"] for a in side["attachments"]} for side in (old, new))
    gone = "、".join(name for key, name in before.items() if key not in after)
    come = "、".join(name for key, name in after.items() if key not in before)
    return changes + ([Change("附件", gone or "无", come or "无")] if gone or come else [])


def compare(model: type[models.Model], prefix: str, old: dict, new: dict) -> list[Change]:
    own = getattr(model, "explains", {})
    changed = [name for name in new if old.get(name) != new[name]]
    told = [change for name in changed if name in own for change in own[name](old, new)]
    fields = [model._meta.get_field(name) for name in changed if name not in own]
    return told + [
        Change(
            f"{prefix}{field.verbose_name}", shown(field, old.get(field.name)), shown(field, new[field.name])
        )
        for field in fields
    ]


def compare_lines(model: type[models.Model], name: str, old: list, new: list) -> list[Change]:
    related = model._meta.get_field(name).related_model
    label = related._meta.verbose_name
    changes = []
    for position in range(max(len(old), len(new))):
        before = old[position] if position < len(old) else {}
        after = new[position] if position < len(new) else dict.fromkeys(before)
        changes += compare(related, f"{label} {position + 1} · ", before, after)
    return changes
