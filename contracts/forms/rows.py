"""Rows of the form: suppliers, lines, money, payment plan (domain.md §15.1)."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from accounts.creditcode import validate_credit_code
from plans.forms.rows import RowForm, RowSet
from procurement.flow.forms import AmountField, lines_of
from procurement.reference.money import plain
from procurement.reference.prices import by_unit

from ..entry import offers
from ..models import Contract, ContractFunding, ContractItem, ContractPayment, ContractSupplier

NUMBER = {"inputmode": "decimal", "class": "n"}
CENT = Decimal("0.01")
LIMIT = Decimal(10) ** 16  # what numeric(18, 2) holds


def amount(label: str, **options) -> AmountField:
    """Money that is above zero."""
    number = {"max_digits": 18, "decimal_places": 2, "min_value": CENT} | options
    return AmountField(label=label, widget=forms.TextInput(NUMBER), **number)


class OfferedField(forms.ChoiceField):
    """One of the rows the plan has; the value is the row itself."""

    offered: dict | None = None

    def offer(self, rows: dict, label) -> None:
        self.offered = rows
        self.choices = [("", "请选择"), *((str(key), label(row)) for key, row in rows.items())]

    def clean(self, value):
        text = super().clean(value)
        return self.offered[int(text)] if text else None

    def has_changed(self, initial, data) -> bool:
        return str(initial or "") != str(data or "")


class SupplierForm(RowForm):
    """乙方: who he is, what he is paid, where to."""

    uscc = forms.CharField(label="统一社会信用代码", min_length=18, max_length=18)
    amount = amount("收款金额（元）", required=False)

    class Meta:
        model = ContractSupplier
        fields = [
            "name", "uscc", "representative", "phone", "address", "region", "size", "special", "investment",
            "country", "role", "is_payee", "amount", "account_name", "bank", "bank_no", "account",
        ]  # fmt: skip

    def clean_uscc(self):
        code = self.cleaned_data["uscc"].strip().upper()
        validate_credit_code(code)
        return code


class SupplierSet(RowSet):
    """The suppliers; each appears once."""

    title = "供应商"

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            code = data.get("uscc")
            if code and not data.get("DELETE") and code in seen:
                form.add_error("uscc", "同一供应商只填一行。")
                raise ValidationError("同一供应商重复填写。")
            seen.add(code)


class ItemForm(RowForm):
    """One line; a total left blank is price times quantity."""

    checked_here = ("plan_item",)

    plan_item = OfferedField(label="采购清单项")
    quantity = AmountField(
        label="数量", max_digits=18, decimal_places=4, min_value=Decimal("0.0001"),
        widget=forms.TextInput(NUMBER),
    )  # fmt: skip
    unit_price = AmountField(
        label="单价（元）", max_digits=20, decimal_places=6, min_value=Decimal(0),
        widget=forms.TextInput(NUMBER),
    )  # fmt: skip
    total = amount("总价（元）", required=False)

    class Meta:
        model = ContractItem
        fields = [
            "plan_item", "name", "brand", "model", "measure", "quantity", "unit_price", "total",
            "manufacturer", "manufacturer_size", "manufacturer_region", "is_import", "origin",
            "difference_reason",
        ]  # fmt: skip

    def __init__(self, *args, offered: dict, **options):
        super().__init__(*args, **options)
        if self.fields["plan_item"].offered is not offered:  # once for all rows of a set
            self.fields["plan_item"].offer(offered, offers.item_label)

    @property
    def of_plan(self):
        """The planned line shown beside this one."""
        key = str(self["plan_item"].value() or "")
        return self.fields["plan_item"].offered.get(int(key)) if key.isdecimal() and len(key) < 19 else None

    def clean(self):
        data = super().clean()
        price, quantity = data.get("unit_price"), data.get("quantity")
        if data.get("total") is None and "total" not in self.errors and price and quantity:
            data["total"] = by_unit(price, quantity)
        total = data.get("total")
        if total is not None and not CENT <= total < LIMIT:
            self.add_error("total", "总价太大或为零，请检查单价和数量。")
        elif total is None and not self.errors:
            self.add_error("total", "请填写总价，或填写单价和数量。")
        return data


class ItemSet(RowSet):
    """The lines, each against a line of the plan."""

    title = "合同标的"
    related = ("plan_item",)

    def common(self) -> dict:
        return {"offered": offers.items(self.instance)}


class FundingForm(RowForm):
    """Part of what the plan holds of one quota; nought where nothing of it is used."""

    checked_here = ("confirmation",)

    confirmation = OfferedField(label="采购指标")
    amount = amount("合同使用金额（元）", min_value=Decimal(0))

    class Meta:
        model = ContractFunding
        fields = ["confirmation", "amount"]

    def __init__(self, *args, offered: dict, **options):
        super().__init__(*args, **options)
        if self.fields["confirmation"].offered is not offered:
            self.fields["confirmation"].offer(offered, offers.money_label)

    def clean(self):
        data = super().clean()
        row, wanted = data.get("confirmation"), data.get("amount")
        if row is not None and wanted is not None and wanted > row.left:
            self.add_error("amount", f"计划在这笔指标上还占用 {plain(row.left)} 元，不能超过。")
        return data


class FundingSet(RowSet):
    """The money by quota; each quota once."""

    title = "合同资金"
    related = ("confirmation__quota",)

    def common(self) -> dict:
        return {"offered": offers.money(self.instance)}

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            row = data.get("confirmation")
            if row is None or data.get("DELETE"):
                continue
            if row.pk in seen:
                form.add_error("confirmation", "同一采购指标只填一行，请合并金额。")
                raise ValidationError("同一采购指标重复填写。")
            seen.add(row.pk)


class PaymentForm(RowForm):
    """One payment."""

    ratio = AmountField(
        label="比例（％）", required=False, max_digits=5, decimal_places=2, min_value=CENT,
        max_value=Decimal(100), widget=forms.TextInput(NUMBER),
    )  # fmt: skip
    amount = amount("付款金额（元）")

    class Meta:
        model = ContractPayment
        fields = ["condition", "due_on", "ratio", "amount"]
        widgets = {"due_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}


class PaymentSet(RowSet):
    """The payment plan."""

    title = "付款计划"


SUPPLIERS = lines_of(
    Contract, ContractSupplier, SupplierForm, formset=SupplierSet, max_num=20, absolute_max=21
)
ITEMS = lines_of(Contract, ContractItem, ItemForm, formset=ItemSet)
FUNDINGS = lines_of(Contract, ContractFunding, FundingForm, formset=FundingSet, max_num=60, absolute_max=61)
PAYMENTS = lines_of(Contract, ContractPayment, PaymentForm, formset=PaymentSet, max_num=60, absolute_max=61)
