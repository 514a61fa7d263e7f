"""From a declared field to a form field, and from its value to what is stored: text, always."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from procurement.flow.forms import AmountField

from .formats import Field

WIDE = str.maketrans("０１２３４５６７８９－：／．/.年月", "0123456789-:------", "日")
YEARS = range(2000, 2101)
DIGITS = re.compile(r"\d{7,}")
LIMIT = Decimal(10) ** 16  # what numeric(18, 2) holds
SHORT, LONG = 200, 5000


class DayField(forms.DateField):
    """A day as people type it; the value is its ISO text."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value) -> str:
        found = super().to_python(value.strip().translate(WIDE) if isinstance(value, str) else value)
        return checked(found, self.label).isoformat() if found else ""


class MomentField(forms.DateTimeField):
    """A day and a time of Shanghai; the value is its ISO text, to the minute."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")

    def to_python(self, value) -> str:
        text = value.strip().translate(WIDE) if isinstance(value, str) else ""
        if not text:
            return ""
        for pattern in self.input_formats:
            try:
                return f"{checked(datetime.strptime(text, pattern), self.label):%Y-%m-%dT%H:%M}"  # noqa: DTZ007
            except ValueError:
                continue
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class InstantField(forms.DateTimeField):
    """A moment of our own clock, within reason."""

    widget = MomentField.widget

    def to_python(self, value):
        text = MomentField(label=self.label, error_messages=self.error_messages).to_python(value)
        return timezone.make_aware(datetime.fromisoformat(text)) if text else None


def checked(day, label: str):
    if day.year not in YEARS:
        raise ValidationError(f"{label}的年份不对，请检查。", code="invalid")
    return day


class PhoneField(forms.CharField):
    """How somebody is reached; a name may stand before the number."""

    def clean(self, value):
        text = super().clean(value)
        if text and not DIGITS.search(re.sub(r"[-\s()（）]", "", text)):
            raise ValidationError(f"{self.label}请写明电话号码，例如 0551-62816021。", code="invalid")
        return text


def form_field(field: Field, *, row: bool = False) -> forms.Field:
    """Not required while it is a draft; in a row that is begun its needed cells are."""
    common = {"label": field.label, "required": row and field.needed, "help_text": "" if row else field.help}
    if field.kind == "choice":
        options = [("", "请选择"), *((one, one) for one in field.options)]
        made = forms.ChoiceField(choices=options, **common)
    elif field.kind == "long":
        lines = forms.Textarea(attrs={"rows": 2 if row else 4})
        made = forms.CharField(max_length=LONG, widget=lines, **common)
    else:
        made = KINDS[field.kind](**common)
    made.needed = field.needed and not row
    return made


def number(kind: type[forms.Field], mode: str, look: str = "", **limits):
    """A number typed into a plain line; the phone shows its digits."""
    place = forms.TextInput(attrs={"inputmode": mode} | ({"class": look} if look else {}))
    return partial(kind, widget=place, **limits)


KINDS: dict[str, Callable[..., forms.Field]] = {
    "text": partial(forms.CharField, max_length=SHORT),
    "phone": partial(PhoneField, max_length=SHORT),
    "day": DayField,
    "moment": MomentField,
    "whole": number(forms.IntegerField, "numeric", min_value=1, max_value=9999),
    "money": number(AmountField, "decimal", "n", max_digits=18, decimal_places=2, min_value=Decimal(0)),
}


def stored(value) -> str:
    """As JSON holds it: money without exponent, nothing as the empty text."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value).strip()
