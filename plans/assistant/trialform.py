"""Which thresholds to try, on the plans of which year."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django import forms

from procurement import clock
from procurement.flow.forms import AmountField, speak_plainly
from procurement.reference.models import Threshold
from procurement.reference.money import plain

from .laboratory import Changes, family
from .registry import ordered

ASSETS, SHARES, AMOUNTS, OTHERS = "资产配置标准", "比例和幅度", "限额和数额标准", "天数、人数和其他"
GROUPS = [AMOUNTS, SHARES, OTHERS, ASSETS]
TYPED = {"inputmode": "decimal", "autocomplete": "off", "placeholder": "不变"}
SMALL = 1000  # no limit of money is lower, no number of days or people higher


@dataclass(frozen=True)
class Line:
    """A threshold with the field for its trial value, and the rules that read it."""

    row: Threshold
    field: forms.BoundField
    rules: str

    @property
    def now(self) -> str:
        return shown(self.row)


def shown(row: Threshold) -> str:
    if row.is_share:
        return f"{row.amount.normalize():f}%"
    return f"{row.amount.normalize():f}" if heading(row) == OTHERS else f"{plain(row.amount)} 元"


def heading(row: Threshold) -> str:
    if family(row.code).startswith("asset"):
        return ASSETS
    if row.is_share:
        return SHARES
    return OTHERS if row.amount < SMALL else AMOUNTS


def in_force(day: date) -> list[Threshold]:
    """The rows rules read that day, one for each code and type: the younger edition."""
    read = frozenset().union(*(rule.reads for rule in ordered()))
    rows = {(row.code, row.procurement_type): row for row in Threshold.objects.on(day).order_by("valid_from")}
    found = [row for row in rows.values() if family(row.code) in read]
    return sorted(found, key=lambda row: (GROUPS.index(heading(row)), row.pk))


class TrialForm(forms.Form):
    """A year, and an optional trial value for every threshold in force at its end."""

    year = forms.TypedChoiceField(label="计划年度", coerce=int)

    def __init__(self, data, *, years: list[int]):
        last = clock.today().year - 1
        self.year_shown = last if last in years else next(iter(years), last)
        asked = data.get("year", "") if data else ""
        if asked in map(str, years):
            self.year_shown = int(asked)
        super().__init__(data or None, initial={"year": self.year_shown}, auto_id="trial_%s")
        self.fields["year"].choices = [(year, f"{year} 年") for year in years or [last]]
        self.rows = in_force(min(clock.today(), date(self.year_shown, 12, 31)))
        for row in self.rows:
            self.fields[f"t{row.pk}"] = AmountField(
                label=row.name, required=False, min_value=Decimal(0), max_digits=18, decimal_places=2,
                widget=forms.TextInput(TYPED),
            )  # fmt: skip
        speak_plainly(self.fields)

    def groups(self) -> list[tuple[str, list[Line], bool]]:
        """(heading, lines, whether one of them is typed)"""
        return [
            (title, lines, any(line.field.value() for line in lines))
            for title, rows in groupby(self.rows, heading)
            if (lines := [self.line(row) for row in rows])
        ]

    def line(self, row: Threshold) -> Line:
        users = [rule.code for rule in ordered() if family(row.code) in rule.reads]
        return Line(row, self[f"t{row.pk}"], "、".join(users))

    def clean(self):
        data = super().clean()
        if not self.errors and not self.changes():
            self.add_error(None, "请至少填写一个与现行值不同的试算值。")
        return data

    def changes(self) -> Changes:
        """What is typed and differs from what is in force."""
        typed = [(row, self.cleaned_data.get(f"t{row.pk}")) for row in self.rows]
        return {
            (row.code, row.procurement_type): value
            for row, value in typed
            if value is not None and value != row.amount
        }

    def lines_tried(self) -> list[tuple[str, str, str]]:
        """(name, from, to) of each change, for the head of the result."""
        wanted = self.changes()
        return [
            (row.name, shown(row), shown(replace_amount(row, wanted[row.code, row.procurement_type])))
            for row in self.rows
            if (row.code, row.procurement_type) in wanted
        ]


def replace_amount(row: Threshold, amount: Decimal) -> Threshold:
    return Threshold(code=row.code, amount=amount, is_share=row.is_share)
