"""Facts out of a posted form that may be incomplete or hostile."""

import logging

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects

from notices.publicity import publicity
from plans import grown
from procurement.reference.prices import by_total, by_unit

from .facts import ApprovalFacts, ExpertFacts, FundFacts, ItemFacts, PackageFacts, PlanFacts
from .reading import HEAD, SAME, bonds, category, known, linked, places, quota

log = logging.getLogger(__name__)


def answers(form) -> dict:
    """Each field cleaned by itself: what one field lacks does not hide the others."""
    return cleaned(form.fields, posted(form) if form.is_bound else shown(form))


def cleaned(fields_: dict, given: dict) -> dict:
    found = {}
    for name, each in fields_.items():
        try:
            found[name] = each.clean(given[name])
        except (ValidationError, ValueError, TypeError, KeyError, ArithmeticError):
            found[name] = None
    return found


def posted(form) -> dict:
    """Raw values of the head."""
    return {
        name: each.widget.value_from_datadict(form.data, form.files, name)
        for name, each in form.fields.items()
    }


def shown(form) -> dict:
    return {name: form.get_initial_for_field(each, name) for name, each in form.fields.items()}


def live_rows(form, name: str) -> list[tuple[int, dict]]:
    """(form index, answers) of the rows of a set that are neither empty nor deleted."""
    formset = form.line_sets.get(name)
    if formset is None:
        return []
    rows = typed_rows(form, formset) if form.is_bound else offered_rows(formset)
    return [(index, row) for index, row in rows if not row.get("DELETE")]


def offered_rows(formset):
    """A page nobody posted yet: saved rows and those it starts with."""
    for index, row in enumerate(formset.forms):
        if row.instance.pk or row.initial:
            yield index, answers(row)


def typed_rows(form, formset):
    """One blank row reads them all: making two hundred forms would take a second."""
    count, saved_ones = formset.total_form_count(), formset.initial_form_count()
    if not count:
        return
    blank = formset.empty_form
    columns = [Column(name, each, blank) for name, each in blank.fields.items()]
    for index in range(count):
        prefix = formset.add_prefix(index)
        given = [column.posted(form, prefix) for column in columns]
        if index < saved_ones or any(map(Column.changed, columns, given)):
            yield (
                index,
                {column.name: column.cleaned(raw) for column, raw in zip(columns, given, strict=True)},
            )


class Column:
    """One field of all rows of a set; what two rows have in common is cleaned once."""

    def __init__(self, name: str, field, blank):
        self.name, self.field, self.usual = name, field, blank.get_initial_for_field(field, name)
        self.read, self.known, self.differs = field.widget.value_from_datadict, {}, {}

    def posted(self, form, prefix: str):
        return self.read(form.data, form.files, f"{prefix}-{self.name}")

    def changed(self, raw) -> bool:
        if raw not in self.differs:
            self.differs[raw] = self.field.has_changed(self.usual, raw)
        return self.differs[raw]

    def cleaned(self, raw):
        if raw not in self.known:
            self.known[raw] = cleaned({self.name: self.field}, {self.name: raw})[self.name]
        return self.known[raw]


def look_up(rows: list[tuple[int, dict]], name: str, *paths: str) -> None:
    """What the facts ask of the relations of all rows, with one query a path."""
    prefetch_related_objects([row[name] for _, row in rows if row.get(name) is not None], *paths)


def typed(form) -> PlanFacts:
    """Facts of the posted form. A bug in a field shows in the log, not to the clerk who is typing."""
    try:
        return from_form(form)
    except Exception:
        log.exception("facts of a typed plan")
        return PlanFacts(**places(form.instance), plan_type=form.instance.plan_type)


def from_form(form) -> PlanFacts:
    plan, head = form.instance, answers(form)
    chosen = {
        name: getattr(head[name], "pk", None)
        for name in ("intent_item", "agency", "division")
        if name in head
    }
    named = getattr(head["notice"], "pk", None) if "notice" in head else plan.notice_id
    stored = {name: getattr(plan, name, None) for name in HEAD if name not in head}
    return PlanFacts(
        **known(PlanFacts, stored | {name: head[name] for name in HEAD if name in head}),
        **places(plan) | chosen,
        **bonds(plan, publicity([plan.case]), grown.locks([plan.pk] if plan.pk else [])),
        items=tuple(typed_items(form)),
        fundings=tuple(typed_funds(form)),
        notice=linked({named} - {None}).get(named),
        packages=tuple(PackageFacts(**cut(PackageFacts, row)) for _, row in live_rows(form, "packages")),
        experts=tuple(ExpertFacts(**cut(ExpertFacts, row)) for _, row in live_rows(form, "experts")),
        files=attached(form),
    )


def cut(kind: type, row: dict) -> dict:
    return known(kind, {name: row.get(name) for name in SAME[kind]})


def typed_items(form):
    """Rows of 采购清单, each priced as the server will price it, with its import block if it has one."""
    rows = live_rows(form, "items")
    look_up(rows, "category", "edition")
    for number, (index, row) in enumerate(rows, 1):
        given = cut(ItemFacts, row)
        price, quantity, total = given.get("unit_price"), given.get("quantity"), row.get("total_price")
        if given.get("entry_mode") == "by_total":
            given["unit_price"] = by_total(total, quantity) if total and quantity and quantity > 0 else None
        else:
            total = by_unit(price, quantity) if price is not None and quantity is not None else None
        approval = ApprovalFacts(**cut(ApprovalFacts, row)) if given.get("is_import") else None
        yield ItemFacts(
            number, category(row.get("category")), total=total, index=index, approval=approval, **given
        )


def typed_funds(form):
    """Rows of 资金构成; the kind of money is a property of the quota."""
    rows = live_rows(form, "fundings")
    look_up(rows, "confirmation", "quota__dept_econ", "quota__gov_econ")
    for number, (index, row) in enumerate(rows, 1):
        confirmation = row.get("confirmation")
        given = {"kind": getattr(confirmation, "kind", row.get("fund_kind"))}
        given |= {name: row.get(name) for name in ("amount", "description")}
        yield FundFacts(number, index=index, **known(FundFacts, given), **quota(confirmation))


def attached(form) -> frozenset[str]:
    """Categories of stored files, of those in this request, and of those a page only says it has chosen."""
    plan = form.instance
    stored = plan.attachments.values_list("category", flat=True) if plan.pk else []
    named = [*(form.files or ()), *(form.data or ())]
    coming = [name.split(":", 1)[1] for name in named if name.startswith("file:")]
    return frozenset([*stored, *coming])
