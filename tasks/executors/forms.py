"""The clerk's form for a result: an award with its suppliers and goods, or a failed round."""

import uuid
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django import forms

from plans.models import Method
from procurement.flow.forms import speak_plainly

from ..models.results import Size
from .envelope import Unreadable, result

BIDDERS = 5
CENT = Decimal("0.01")


def text(label: str, most: int, **options) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, **options)


def day(label: str, *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))


def number(label: str, most: int, places: int) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=most, decimal_places=places
    )


class SupplierForm(forms.Form):
    """One bidder."""

    name = text("供应商名称", 200)
    uscc = text("统一社会信用代码", 18)
    size = forms.ChoiceField(label="规模", required=False, choices=[("", "请选择"), *Size.choices])
    offer = number("报价（元）", 18, 2)
    is_winner = forms.BooleanField(label="成交", required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        speak_plainly(self.fields)

    def row(self) -> dict | None:
        data = self.cleaned_data
        return data | {"offer": digits(data["offer"])} if data.get("name") else None


class LineForm(forms.Form):
    """What was bought of one item of the plan."""

    brand, model = text("品牌", 100), text("型号", 100)
    manufacturer, origin = text("生产厂商", 200), text("产地", 60)
    quantity, unit_price = number("成交数量", 18, 4), number("成交单价（元）", 20, 6)

    def __init__(self, *args, item, **options):
        self.item = item
        super().__init__(*args, **options)
        speak_plainly(self.fields)

    def clean(self):
        data = super().clean()
        if data.get("unit_price") is not None and not data.get("quantity"):
            self.add_error("quantity", "请填写成交数量。")
        if data.get("quantity") and data.get("unit_price") is None and "unit_price" not in self.errors:
            self.add_error("unit_price", "请填写成交单价。")
        return data

    def row(self) -> dict | None:
        data = self.cleaned_data
        if not data.get("quantity"):
            return None
        total = (data["quantity"] * data["unit_price"]).quantize(CENT, ROUND_HALF_UP)
        numbers = {name: digits(data[name]) for name in ("quantity", "unit_price")}
        about = {"plan_item": self.item.pk, "name": self.item.content, "spec": self.item.spec[:500]}
        return data | about | numbers | {"total": digits(total)}


class ResultForm(forms.Form):
    """The head, with bidders and lines below it; `content` is the result as an executor would send it."""

    event_id = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    result_no = forms.CharField(
        label="结果编号", max_length=80, help_text="中标（成交）通知书或订单的编号；再次录入同一编号即为更正"
    )
    project_no, package_no = text("项目编号", 80), text("包号", 40)
    method = forms.ChoiceField(label="采购方式", required=False, choices=[("", "请选择"), *Method.choices])
    notice_date, open_date = day("公告日期"), day("开标日期")
    result_date = day("中标（成交）日期", required=True)
    award_notice_date = day("通知书发出日期")
    failed = forms.BooleanField(label="采购失败（废标、流标），没有成交", required=False)
    failure_reason = text("失败原因", 500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data=None, *, book):
        plan = book.approved_plan
        super().__init__(data, initial={"event_id": uuid.uuid4().hex, "method": plan.method})
        self.suppliers = [SupplierForm(data, prefix=f"supplier-{n}") for n in range(1, BIDDERS + 1)]
        items = plan.items.select_related("category")
        self.rows = [LineForm(data, prefix=f"line-{item.pk}", item=item) for item in items]
        self.line_sets = {"suppliers": self.suppliers, "lines": self.rows}  # for the summary of errors
        speak_plainly(self.fields)

    def is_valid(self) -> bool:
        parts = [part.is_valid() for part in (*self.suppliers, *self.rows)]
        if not (super().is_valid() and all(parts)):
            return False
        self.together()
        return not self.errors

    def together(self) -> None:
        """The same rules as for what comes signed, each beside its field where there is one."""
        if self.cleaned_data["failed"] and not self.cleaned_data["failure_reason"]:
            return self.add_error("failure_reason", "采购失败时请写明失败原因。")
        self.content = self.as_sent()
        try:
            result(self.content)
        except Unreadable as error:
            self.add_error(None, f"{error}。")

    def as_sent(self) -> dict:
        data = {name: sent(value) for name, value in self.cleaned_data.items() if name != "event_id"}
        bidders = [row for form in self.suppliers if (row := form.row())]
        lines = [row for form in self.rows if (row := form.row())]
        total = sum((Decimal(row["total"]) for row in lines), Decimal(0))
        return data | {
            "bidders": len(bidders), "suppliers": bidders, "lines": lines, "amount": digits(total),
        }  # fmt: skip


def sent(value):
    return value.isoformat() if isinstance(value, date) else value


def digits(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


class SettleForm(forms.Form):
    """What a person decided about a report that cannot be true as it stands."""

    accept = forms.TypedChoiceField(
        choices=[("1", "采纳"), ("0", "不采纳")], coerce=lambda value: value == "1"
    )
    note = forms.CharField(label="核实意见", min_length=5, max_length=300)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        speak_plainly(self.fields)
