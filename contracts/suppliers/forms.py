"""The form of a supplier and the search line above the register."""

import re

from django import forms

from procurement.flow.forms import speak_plainly

from .choices import Size, Special
from .models import COPIED, Supplier, tidy_code, tidy_name

PHONE = re.compile(r"1\d{10}|(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?", re.ASCII)  # domain.md §3.1


class SupplierFilter(forms.Form):
    """Name, former name or head of the credit code; size and nature."""

    q = forms.CharField(label="名称、曾用名或信用代码", required=False, max_length=100)
    size = forms.ChoiceField(label="企业规模", required=False, choices=[("", "全部"), *Size.choices])
    special = forms.ChoiceField(label="特殊性质", required=False, choices=[("", "全部"), *Special.choices])

    def __init__(self, data):
        super().__init__(data, auto_id="filter_%s")
        speak_plainly(self.fields)

    def apply(self, rows):
        self.is_valid()
        data = self.cleaned_data
        wanted = {name: data.get(name) for name in ("size", "special") if data.get(name)}
        return rows.matching(data.get("q") or "").filter(**wanted)


class SupplierForm(forms.ModelForm):
    """One supplier; the code cannot be changed once it is registered."""

    class Meta:
        model = Supplier
        fields = COPIED

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["uscc"] = forms.CharField(label="统一社会信用代码", max_length=40)
        if self.instance.pk:
            self.fields["uscc"].disabled = True
        speak_plainly(self.fields)

    def clean_uscc(self):
        if self.instance.pk:
            return self.instance.uscc
        code = tidy_code(self.cleaned_data["uscc"])
        Supplier._meta.get_field("uscc").run_validators(code)
        return code

    def clean_name(self):
        name = tidy_name(self.cleaned_data["name"])
        if len(name) < 2:
            raise forms.ValidationError("请填写营业执照上的完整名称。")
        return name

    def clean_phone(self):
        phone = self.cleaned_data["phone"].replace(" ", "")
        if phone and not PHONE.fullmatch(phone):
            raise forms.ValidationError("联系电话请填写手机号或带区号的固定电话，例如 0551-68150309。")
        return phone

    def clean_account(self):
        account = re.sub(r"[\s-]", "", self.cleaned_data["account"])
        if account and not re.fullmatch(r"\d{6,32}", account, re.ASCII):
            raise forms.ValidationError("银行账号应为 6 至 32 位数字。")
        return account

    def clean_bank_no(self):
        number = self.cleaned_data["bank_no"].strip()
        if number and not re.fullmatch(r"\d{12}", number, re.ASCII):
            raise forms.ValidationError("联行号应为 12 位数字。")
        return number

    def save_as(self, by) -> Supplier:
        """Write it; a changed name goes through `rename`, so that the old one is kept."""
        row, name = self.instance, self.cleaned_data["name"]
        if not row.pk:
            row.created_by = by
            return self.save()
        row.name = self.initial["name"]
        row.rename(name, by)
        row.name = name
        return self.save()
