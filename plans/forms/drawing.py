"""The rows of a set, drawn from one pattern: its template is rendered once, each row fills in its values."""

import re

from django import forms
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join

from ..widgets import QuickSelect

SLOT = re.compile(" ?\x02(\\w+_more)\x03|\x02(\\w+)\x03")  # characters no template has
FAULTS = '<div class="fld-e"{}>{}</div>'


def slot(name: str) -> str:
    return f"\x02{name}\x03"


class Cell:
    """A field of the pattern, with slots for what differs from row to row."""

    def __init__(self, bound):
        self.name, self.label, self.id_for_label = bound.name, bound.label, bound.id_for_label
        self.widget, self.html_name = bound.field.widget, bound.html_name
        self.faults = slot(f"{bound.name}_faults")

    def __str__(self):
        attrs = {"id": self.id_for_label, slot(f"{self.name}_more"): True}
        if isinstance(self.widget, QuickSelect):
            return self.widget.frame(self.html_name, attrs, slot(self.name))
        ticked = isinstance(self.widget, forms.CheckboxInput)
        return self.widget.render(self.html_name, None if ticked else slot(self.name), attrs)


class Pattern:
    """A row of `formset` as its template makes it."""

    def __init__(self, formset, template: str):
        blank = formset.empty_form
        self.cells = {name: Cell(blank[name]) for name in blank.fields if name != formset.fk.name}
        parts = {part: [self.cells[name] for name in names] for part, names in blank.parts.items()}
        given = {name: slot(name) for name in ("number", "note", "opened", "faults")}
        text = render_to_string(template, {"line": self.cells | parts, **given})
        text = text.replace("{", "{{").replace("}", "}}")
        text = SLOT.sub(lambda found: f"{{{found[1] or found[2]}}}", text)
        self.text = text.replace("__prefix__", "{row}")
        self.options: dict = {}  # (field, choice) -> the drawn list of a select

    def draw(self, form, row, number="") -> str:
        """One row; everything typed passes through format_html."""
        given = {"row": row, "number": number, "note": "", "opened": " open" if form.opened else ""}
        for name, cell in self.cells.items():
            given[name], given[f"{name}_more"] = self.filled(cell, form[name].value())
            given[f"{name}_faults"] = ""
        if form.category_note:
            given["note"] = format_html('<p class="gone-code">{}</p>', form.category_note)
        top = [*form.non_field_errors(), *form.errors.get("id", ())]
        given["faults"] = faults("", top) if top else ""
        for name in form.errors.keys() & self.cells.keys() - {"id"}:
            given |= self.wrong(form[name], given[f"{name}_more"])
        return format_html(self.text, **given)

    def filled(self, cell: Cell, value) -> tuple:
        """(value, attribute) as this kind of input shows them."""
        if isinstance(cell.widget, QuickSelect):
            key = (cell.name, value)
            if key not in self.options:
                self.options[key] = cell.widget.options(value)
            return self.options[key], ""
        if isinstance(cell.widget, forms.CheckboxInput):
            return "", " checked" if cell.widget.check_test(value) else ""
        return ("" if value is None else str(value)), ""

    def wrong(self, bound, more) -> dict:
        """What is wrong with a cell, told beside it and to a screen reader."""
        place = f"{bound.auto_id}_error"
        told = {f"{bound.name}_more": format_html("{}{}", more, flatatt(bound.build_widget_attrs({})))}
        return told | {f"{bound.name}_faults": faults(flatatt({"id": place}), bound.errors)}


def faults(attributes: str, errors) -> str:
    return format_html(FAULTS, attributes, format_html_join("", "<p>{}</p>", ((error,) for error in errors)))
