"""Inputs of a plan's rows, drawn without a template each: two hundred rows are three thousand inputs."""

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join


class Quick(forms.TextInput):
    """A text input."""

    def render(self, name, value, attrs=None, renderer=None):
        given = {"type": "text", "name": name, **self.build_attrs(self.attrs, attrs)}
        shown = self.format_value(value)
        return format_html("<input{}>", flatatt(given if shown is None else {**given, "value": shown}))


class QuickArea(forms.Textarea):
    """A text area of two lines."""

    def render(self, name, value, attrs=None, renderer=None):
        given = {"name": name, **self.build_attrs(self.attrs, attrs), "rows": 2}
        return format_html("<textarea{}>\n{}</textarea>", flatatt(given), self.format_value(value) or "")


class QuickCheck(forms.CheckboxInput):
    """A box to tick."""

    def render(self, name, value, attrs=None, renderer=None):
        given = {"type": "checkbox", "name": name, **self.build_attrs(self.attrs, attrs)}
        return format_html("<input{}>", flatatt({**given, "checked": self.check_test(value)}))


class QuickSelect(forms.Select):
    """A list to choose from."""

    def render(self, name, value, attrs=None, renderer=None):
        return self.frame(name, attrs, self.options(value))

    def frame(self, name, attrs, options) -> str:
        given = {"name": name, **self.build_attrs(self.attrs, attrs)}
        return format_html("<select{}>{}</select>", flatatt(given), options)

    def options(self, value) -> str:
        wanted = str(value if value is not None else "")
        rows = ((key, " selected" if str(key) == wanted else "", label) for key, label in self.choices)
        return format_html_join("", '<option value="{}"{}>{}</option>', rows)


class MoneySelect(forms.Select):
    """Confirmed quotas in groups by kind of money; each option tells the page what is available."""

    offered: dict = {}

    def create_option(self, name, value, label, selected, index, **rest):
        option = super().create_option(name, value, label, selected, index, **rest)
        row = self.offered.get(int(value)) if str(value).isdecimal() and value else None
        if row is not None:
            option["attrs"]["data-available"] = f"{row.available:.2f}"
        return option
