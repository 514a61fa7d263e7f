"""Forms of 履约登记."""

from django import forms

from procurement import clock
from procurement.flow.forms import AmountField, speak_plainly

from ..models import AcceptanceRecord, PaymentRecord

DAY = {"type": "date"}


class Plain(forms.ModelForm):
    """Sentences that name the field; no day of the future."""

    day = ""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        speak_plainly(self.fields)

    def clean(self):
        data = super().clean()
        if data.get(self.day) and data[self.day] > clock.today():
            self.add_error(self.day, f"{self.fields[self.day].label}不能晚于今天。")
        return data


class PaymentForm(Plain):
    """One payment; below zero with its reason."""

    day = "paid_on"
    amount = AmountField(
        label="支付金额（元）", max_digits=18, decimal_places=2, help_text="退款、冲正填负数，并写明说明"
    )

    class Meta:
        model = PaymentRecord
        fields = ["paid_on", "amount", "voucher", "remark"]
        widgets = {"paid_on": forms.DateInput(DAY, format="%Y-%m-%d")}

    def clean(self):
        data = super().clean()
        if data.get("amount") == 0:
            self.add_error("amount", "支付金额不能为 0。")
        if (data.get("amount") or 0) < 0 and not data.get("remark"):
            self.add_error("remark", "退款、冲正请写明说明。")
        return data


class AcceptanceForm(Plain):
    """One acceptance."""

    day = "accepted_on"

    class Meta:
        model = AcceptanceRecord
        fields = ["accepted_on", "verdict", "inspectors", "summary"]
        widgets = {
            "accepted_on": forms.DateInput(DAY, format="%Y-%m-%d"),
            "summary": forms.Textarea({"rows": 2}),
        }


class EndForm(forms.Form):
    """终止 or 履约完成, with its reason."""

    verb = forms.ChoiceField(
        label="办理事项", choices=[("", "请选择"), ("complete", "履约完成"), ("terminate", "终止合同")]
    )
    reason = forms.CharField(
        label="说明", min_length=5, max_length=500, widget=forms.Textarea({"rows": 2}),
        help_text="终止后未支付的金额退回采购计划，不能恢复",
    )  # fmt: skip

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        speak_plainly(self.fields)
