"""Forms of an application, of the office's decisions on it, and of the window."""

from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from procurement.flow.forms import AmountField, LineForm, PaperForm, lines_of, speak_plainly
from procurement.reference.money import plain

from .candidates import Candidate
from .models import CarryOver, CarryOverLine
from .windows import CarryWindow


class SourceField(forms.ChoiceField):
    """Which money a row is about: one of the candidates; the value is the candidate itself."""

    def offer(self, candidates: dict[str, Candidate]) -> None:
        self.offered = candidates
        self.choices = [("", "请选择"), *((key, one.label) for key, one in candidates.items())]

    def clean(self, value):
        text = super().clean(value)
        return self.offered[text] if text else None

    def has_changed(self, initial, data) -> bool:
        return str(initial or "") != str(data or "")


class CarryLineForm(LineForm):
    """One row: which money, how much of it, why, until when."""

    source = SourceField(label="结转资金")
    amount = AmountField(
        label="申请结转（元）",
        max_digits=18,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "n", "autocomplete": "off"}),
    )

    class Meta:
        model = CarryOverLine
        fields = ["source", "amount", "reason", "progress", "expected_finish"]
        widgets = {
            "expected_finish": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "progress": forms.TextInput({"placeholder": "例如：已验收第一批，余款待付"}),
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["source"].offer(self.paper.offered)
        if self.instance.pk:
            self.initial["source"] = self.instance.key

    def clean_expected_finish(self):
        day, year = self.cleaned_data["expected_finish"], self.paper.fiscal_year + 1
        if not date(year, 1, 1) <= day <= date(year, 12, 31):
            raise ValidationError(f"结转资金应在次年用完，预计完成时间须在 {year} 年内。")
        return day

    def clean(self):
        data = super().clean()
        one, amount = data.get("source"), data.get("amount")
        if one is not None:
            row = self.instance
            row.confirmation, row.holder, row.basis = one.confirmation, one.holder, one.basis
            row.balance, row.second_year = one.balance, one.second_year
        if one is not None and amount is not None and amount > one.balance:
            over = plain(amount - one.balance)
            self.add_error("amount", f"超出余额 {over} 元，最多可填 {plain(one.balance)} 元。")
        return data


class CarryOverForm(PaperForm):
    """The head: why; and its rows."""

    lines = {"lines": lines_of(CarryOver, CarryOverLine, CarryLineForm, fk_name="carry_over")}

    class Meta:
        model = CarryOver
        fields = ["remark"]
        widgets = {
            "remark": forms.Textarea(
                {"rows": 3, "placeholder": "资金未在当年用完的原因、次年的用款安排；用途须与原来一致"}
            )
        }

    def __init__(self, *args, start: list[dict] | None = None, **options):
        super().__init__(*args, **options)
        if start and not self.is_bound:
            given = {"instance": self.instance, "prefix": "lines", "form_kwargs": {"paper": self.instance}}
            self.line_sets["lines"] = self.lines["lines"](initial=start, **given)
            self.line_sets["lines"].extra = len(start)

    def check_together(self) -> None:
        seen = set()
        for number, row in enumerate(self.live_lines("lines"), 1):
            if row["source"].key in seen:
                self.add_error(None, f"第 {number} 行与前面某一行是同一笔资金，请合并成一行。")
            seen.add(row["source"].key)

    def fill(self, paper) -> None:
        paper.title = f"{paper.unit.name}{paper.fiscal_year}年度采购资金结转申请"
        paper.amount = sum((row["amount"] for row in self.live_lines("lines")), Decimal(0))


class RulingForm(forms.Form):
    """同意 or 不予结转, of every line; a line left open is agreed to with the approval."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    choices = [("", "未核定"), ("yes", "同意结转"), ("no", "不予结转")]

    def __init__(self, data=None, *, paper: CarryOver, lines: list[CarryOverLine]):
        super().__init__(data, initial={"version": paper.version})
        self.lines = lines
        for line in lines:
            ruling = getattr(line, "ruling", None)
            said = "" if ruling is None else "yes" if ruling.allowed else "no"
            self.fields[f"allowed-{line.pk}"] = forms.ChoiceField(
                label="核定", choices=self.choices, required=False, initial=said
            )
            self.fields[f"reason-{line.pk}"] = forms.CharField(
                label="核定意见", max_length=200, required=False, initial=ruling.reason if ruling else ""
            )
        speak_plainly(self.fields)

    def clean(self):
        data = super().clean()
        for line in self.lines:
            if data.get(f"allowed-{line.pk}") == "no" and not data.get(f"reason-{line.pk}"):
                self.add_error(f"reason-{line.pk}", "不予结转时请写明原因。")
        return data

    def rows(self):
        """Each line with its two fields, for the page."""
        return [(line, self[f"allowed-{line.pk}"], self[f"reason-{line.pk}"]) for line in self.lines]


class WindowForm(forms.ModelForm):
    """The days of one year."""

    class Meta:
        model = CarryWindow
        fields = ["opens_on", "closes_on", "reason"]
        widgets = {
            name: forms.DateInput({"type": "date"}, format="%Y-%m-%d") for name in ("opens_on", "closes_on")
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        speak_plainly(self.fields)
