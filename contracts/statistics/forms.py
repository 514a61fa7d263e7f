"""The form of one line's statistics; blocks that do not concern its category are not there."""

import re
from decimal import Decimal

from django import forms

from procurement.flow.forms import AmountField, speak_plainly

from .models import LineStatistics
from .models.lines import MONEY, PLAN, is_it, is_vehicle

NUMBER = {"inputmode": "decimal", "class": "n"}
FLAGS = ["org_kind", "energy_saving", "water_saving", "environmental", "rural", "extra_energy"]
VEHICLE, IMPORT, IT = ["vehicle"], ["origin_code", "product_no"], ["product_model", "cpu", "system"]
BLOCKS = {"车辆": VEHICLE, "进口产品": IMPORT, "信息化设备": IT}


class StatisticsForm(forms.ModelForm):
    """One line."""

    class Meta:
        model = LineStatistics
        fields = [*FLAGS, *VEHICLE, *IMPORT, *IT, *PLAN, *MONEY, "fund_adjusted"]
        help_texts = {
            "rural": "脱贫地区农副产品网络销售平台",
            "fund_adjusted": "已办理资金调整，合同金额可以大于同一性质的计划金额",
        }
        widgets = {"origin_code": forms.TextInput({"list": "countries", "placeholder": "三位字母，如 DEU"})}

    def __init__(self, *args, item, **options):
        self.item, category = item, item.plan_item.category
        super().__init__(*args, prefix=f"i{item.pk}", **options)
        shown = {"车辆": is_vehicle(category), "进口产品": item.is_import, "信息化设备": is_it(category)}
        for block, names in BLOCKS.items():
            if not shown[block]:
                for name in names:
                    del self.fields[name]
        for name in (*PLAN, *MONEY):
            label = self.fields[name].label.partition("：")[2]
            self.fields[name] = AmountField(
                label=label, required=False, max_digits=18, decimal_places=2, min_value=Decimal(0),
                widget=forms.TextInput(NUMBER),
            )  # fmt: skip
        speak_plainly(self.fields)

    def clean(self):
        data = super().clean()
        for name in (*PLAN, *MONEY):
            if name in data and data[name] is None:
                data[name] = Decimal(0)
        return data

    def clean_origin_code(self):
        code = self.cleaned_data["origin_code"].strip().upper()
        if code and (not re.fullmatch("[A-Z]{3}", code) or code == "CHN"):
            raise forms.ValidationError("请填写三位字母的国家（地区）代码（GB/T 2659），不能是 CHN。")
        return code

    def named(self, names: list[str]) -> list:
        return [self[name] for name in names if name in self.fields]

    @property
    def flags(self) -> list:
        return self.named(FLAGS)

    @property
    def blocks(self) -> list[tuple[str, list]]:
        """The sub-blocks that concern this line."""
        found = [(label, self.named(names)) for label, names in BLOCKS.items()]
        return [(label, fields) for label, fields in found if fields]

    @property
    def plan(self) -> list:
        return self.named(PLAN)

    @property
    def money(self) -> list:
        return self.named(MONEY)
