"""Form fields of master data: a category by code, name or initials; a month."""

import re
from datetime import date

from django import forms
from django.db.models import Q

from procurement import clock

from .models import Category

MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?", re.ASCII)
SEARCHES = 20  # of one form
WIDE = str.maketrans("０１２３４５６７８９－／．", "0123456789-/.")


class MonthField(forms.CharField):
    """2026-12, 2026年12月 or 2026/12; the value is the first day of that month."""

    widget = forms.TextInput(attrs={"type": "month"})

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        found = MONTH.fullmatch(text.translate(WIDE))
        if not found or not 1 <= int(found[2]) <= 12 or not 2000 <= int(found[1]) <= 2100:
            raise forms.ValidationError(f"{self.label}请填写到月，例如 2026-12。", code="invalid")
        return date(int(found[1]), int(found[2]), 1)

    def prepare_value(self, value):
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    def has_changed(self, initial, data) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")


class CategoryField(forms.CharField):
    """A 品目 as people name it: code, name, pinyin initials, or 「A02100301 显微镜」."""

    known: "KnownCategories | None" = None

    def clean(self, value):
        text = super().clean(value)
        return (self.known or KnownCategories([text])).find(text) if text else None

    def has_changed(self, initial, data) -> bool:
        return str(initial or "") != str(data or "").strip()


class KnownCategories:
    """All categories named in one posted form, read with one query."""

    def __init__(self, texts):
        self.offered = Category.objects.in_force(clock.today()).selectable()
        texts = [text.strip() for text in texts if text and "\x00" not in text and len(text) <= 80]
        named = Q(code__in=[text.split()[0].upper() for text in texts if text]) | Q(name__in=texts)
        self.rows = list(self.offered.filter(named)) if texts else []
        self.searched: dict[str, list[Category]] = {}

    def find(self, text: str) -> Category:
        """The one category meant; ValidationError lists the candidates when there are several."""
        code = text.split()[0].upper()
        found = [row for row in self.rows if row.code == code]
        found = found or [row for row in self.rows if row.name == text]
        found = found or self.search(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(f"目录中没有品目“{text[:30]}”，请填写末级品目的编码或名称。")
        some = "、".join(map(str, found[:5])) + ("等" if len(found) > 5 else "")
        raise forms.ValidationError(f"“{text[:30]}”对应多个品目：{some}，请填写编码。")

    def search(self, text: str) -> list[Category]:
        """What fits in part; a query each, so of a long list only the first few texts are looked for."""
        if text not in self.searched:
            if len(self.searched) >= SEARCHES:
                raise forms.ValidationError(f"“{text[:30]}”不是品目的编码或全称，请填写末级品目的编码。")
            self.searched[text] = list(self.offered.matching(text)[:6])
        return self.searched[text]
