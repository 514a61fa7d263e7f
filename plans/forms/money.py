"""资金构成: confirmed quotas of the unit, of the kinds this type of plan may use (domain.md §9.4)."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from procurement.flow.forms import AmountField, lines_of
from procurement.reference.money import plain

from ..models import FundKind, Plan, PlanFunding
from ..widgets import MoneySelect, Quick
from .items import NUMBER
from .rows import RowForm, RowSet


class MoneyField(forms.ChoiceField):
    """One of the offered confirmations; the value is the row itself."""

    widget = MoneySelect
    offered: dict | None = None

    def offer(self, money) -> None:
        """`money`: the confirmations of one page with their choices, made once."""
        self.offered = self.widget.offered = money.rows
        self.choices = money.choices

    def clean(self, value):
        text = super().clean(value)
        return self.offered[int(text)] if text else None

    def has_changed(self, initial, data) -> bool:
        return str(initial or "") != str(data or "")


class OfferedMoney:
    """What a plan may name: rows by key, and the list to choose from in groups by kind."""

    def __init__(self, plan: Plan):
        self.rows = plan.offered
        groups: dict[str, list] = {}
        for row in self.rows.values():
            groups.setdefault(FundKind(row.kind).label, []).append((str(row.pk), label(row)))
        self.choices = [("", "请选择"), *groups.items()]


def label(row) -> str:
    quota = row.quota
    return f"{quota.project_name}（{quota.doc_no or quota.quota_no}）可用 {plain(row.available)} 元"


class PlanFundingForm(RowForm):
    """Part of one confirmation."""

    checked_here = ("confirmation", "fund_kind")

    confirmation = MoneyField(label="采购指标")
    amount = AmountField(
        label="本次使用金额（元）",
        max_digits=18,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=Quick(NUMBER),
    )

    class Meta:
        model = PlanFunding
        fields = ["confirmation", "description", "amount"]
        widgets = {"description": Quick()}

    def __init__(self, *args, offered: OfferedMoney, **options):
        super().__init__(*args, **options)
        if self.fields["confirmation"].offered is not offered.rows:  # once for all rows of a set
            self.fields["confirmation"].offer(offered)

    def line_fields(self) -> list:
        return [self[name] for name in ("confirmation", "description", "amount")]

    @property
    def chosen(self):
        """The confirmation shown beside the row."""
        key = str(self["confirmation"].value() or "")
        return (
            self.fields["confirmation"].offered.get(int(key)) if key.isdecimal() and len(key) < 19 else None
        )

    def clean(self):
        """The kind of money follows from the quota, it is never typed."""
        data = super().clean()
        if (row := data.get("confirmation")) is not None:
            self.instance.fund_kind = row.kind
        return data


class FundingSet(RowSet):
    """The money; one confirmation appears once."""

    title = "资金构成"
    related = ("confirmation__quota",)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.offered = OfferedMoney(self.instance)

    def common(self) -> dict:
        return {"offered": self.offered}

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            row = form.cleaned_data.get("confirmation") if hasattr(form, "cleaned_data") else None
            if row is None or form.cleaned_data.get("DELETE"):
                continue
            if row.pk in seen:
                form.add_error("confirmation", "同一采购指标在一份计划中只能选一次，请合并金额。")
                raise ValidationError("同一采购指标在一份计划中只能选一次。")
            seen.add(row.pk)


FUNDINGS = lines_of(Plan, PlanFunding, PlanFundingForm, formset=FundingSet)
