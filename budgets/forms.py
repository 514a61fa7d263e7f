"""Forms of budget entries, confirmations, imports and the filter above the lists."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import BaseInlineFormSet

from accounts.models import Organization, OrgKind
from procurement import clock
from procurement.flow.forms import AmountField, LineForm, PaperForm, lines_of, speak_plainly
from procurement.reference.fields import CategoryField, KnownCategories, MonthField
from procurement.reference.models import BudgetClass, FundNature
from procurement.reference.money import plain
from procurement.reference.prices import by_total, by_unit

from .models import Beneficiary, BudgetEntry, BudgetEntryLine, EntryType, FundSource, QuotaSource
from .models.entries import SOURCES

LIMIT = Decimal(10) ** 16  # what numeric(18, 2) holds
NUMBER = {"inputmode": "decimal", "class": "n", "autocomplete": "off"}


class EntryLineForm(LineForm):
    """One row of 采购内容: either the price or the total is typed, the other follows (domain.md 9.3)."""

    category = CategoryField(
        label="品目",
        max_length=80,
        widget=forms.TextInput(attrs={"list": "categories", "placeholder": "编码、名称或拼音首字母"}),
    )
    planned_month = MonthField(label="拟采购时间", max_length=20, required=False)

    class Meta:
        model = BudgetEntryLine
        fields = [
            "category", "content", "entry_mode", "unit_price", "quantity", "measure", "total_price",
            "is_import", "planned_month",
        ]  # fmt: skip
        widgets = {
            "unit_price": forms.TextInput(attrs=NUMBER),
            "quantity": forms.TextInput(attrs=NUMBER),
            "total_price": forms.TextInput(attrs=NUMBER),
            "measure": forms.TextInput(attrs={"placeholder": "台、套、项"}),
        }

    def __init__(self, *args, categories: KnownCategories | None = None, **options):
        super().__init__(*args, **options)
        self.fields["category"].known = categories
        if self.instance.category_id:
            self.initial["category"] = str(self.instance.category)

    def clean(self):
        data = super().clean()
        quantity = data.get("quantity")
        if quantity is not None and quantity <= 0:
            self.add_error("quantity", "数量须大于 0。")
        elif quantity is not None:
            self.work_out(data, quantity)
        return data

    def work_out(self, data: dict, quantity: Decimal) -> None:
        """The server computes what the page only showed; the total is authoritative in 总价÷数量."""
        by_price = data.get("entry_mode") != BudgetEntryLine.Mode.BY_TOTAL
        typed, derived = ("unit_price", "total_price") if by_price else ("total_price", "unit_price")
        given = data.get(typed)
        if given is None or given <= 0:
            if typed not in self.errors:
                self.add_error(typed, f"请填写{self.fields[typed].label.removesuffix('（元）')}，须大于 0。")
            return
        data[derived] = by_unit(given, quantity) if by_price else by_total(given, quantity)
        if not 0 < data["total_price"] < LIMIT:
            self.add_error("total_price", "总价须大于 0 且不超过 16 位整数，请检查单价和数量。")
        elif data["unit_price"] >= 10**14:
            self.add_error("unit_price", "单价太大，请检查总价和数量。")


class EntryLineFormSet(BaseInlineFormSet):
    """The rows; all their categories are looked up with one query."""

    def __init__(self, data=None, *args, **options):
        super().__init__(data, *args, **options)
        names = [name for name in data or () if name.startswith(self.prefix) and name.endswith("-category")]
        self.categories = KnownCategories([data[name] for name in names])

    def get_queryset(self):
        if not hasattr(self, "_queryset"):
            self._queryset = super().get_queryset().select_related("category")
        return self._queryset

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"categories": self.categories}


class BeneficiaryForm(LineForm):
    """One unit and its share; only units of the same department."""

    class Meta:
        model = Beneficiary
        fields = ["organization", "amount"]
        widgets = {"amount": forms.TextInput(attrs=NUMBER)}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        unit = self.paper.unit
        same = Organization.objects.filter(kind=OrgKind.PURCHASER, is_active=True)
        self.fields["organization"].queryset = (
            same.filter(parent=unit.parent_id) if unit.parent_id else same.filter(pk=unit.pk)
        )

    def clean_amount(self):
        amount = self.cleaned_data["amount"]
        if amount is not None and amount <= 0:
            raise ValidationError("金额须大于 0。")
        return amount


class BudgetEntryForm(PaperForm):
    """A budget entry; its type was chosen at 新增 and does not change."""

    lines = {
        "lines": lines_of(BudgetEntry, BudgetEntryLine, EntryLineForm, formset=EntryLineFormSet),
        "beneficiaries": lines_of(BudgetEntry, Beneficiary, BeneficiaryForm),
    }

    class Meta:
        model = BudgetEntry
        fields = [
            "fund_source", "fund_nature", "fiscal_year", "division", "project_name", "project_code",
            "function_subject", "gov_econ", "dept_econ", "basis_doc_no", "expected_issue_date", "remark",
        ]  # fmt: skip
        widgets = {
            "expected_issue_date": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "remark": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        kind = self.instance.entry_type
        self.fields["fund_source"].choices = [("", "请选择")] + [
            (source.value, source.label) for source in SOURCES[EntryType(kind)]
        ]
        self.fields["fund_nature"].queryset = FundNature.objects.filter(is_active=True)
        self.fields["division"].queryset = Organization.objects.filter(
            kind=OrgKind.DIVISION, is_active=True
        ).order_by("name")
        self.offer_years(kind)
        self.offer_subjects(kind)
        if kind != EntryType.PRE:
            del self.fields["basis_doc_no"], self.fields["expected_issue_date"]
        if kind != EntryType.UNIFIED:
            del self.line_sets["beneficiaries"]

    def offer_years(self, kind: str) -> None:
        """This year, next year only for 预采购 (domain.md 5)."""
        this = clock.today().year
        years = sorted({this, this + 1 if kind == EntryType.PRE else this, self.instance.fiscal_year})
        coerce = {"choices": [(year, f"{year} 年") for year in years], "coerce": int}
        self.fields["fiscal_year"] = forms.TypedChoiceField(label="预算年度", **coerce)
        speak_plainly({"fiscal_year": self.fields["fiscal_year"]})

    def offer_subjects(self, kind: str) -> None:
        """Economic classes that can be spent by procurement; a function class except for other funds."""
        classes = BudgetClass.objects.filter(is_active=True, is_procurement=True)
        for name, of in (("function_subject", "function"), ("gov_econ", "gov"), ("dept_econ", "dept")):
            self.fields[name].queryset = classes.filter(kind=of)
            self.fields[name].required = name != "function_subject" or kind != EntryType.OTHER

    def clean_fund_source(self):
        source = self.cleaned_data["fund_source"]
        if source not in SOURCES[EntryType(self.instance.entry_type)]:
            raise ValidationError(f"{self.instance.get_entry_type_display()}不能选这种资金来源。")
        return FundSource(source)

    def check_together(self) -> None:
        total = self.total()
        if total >= LIMIT:
            self.add_error(None, "采购内容合计太大，请检查。")
        if "beneficiaries" in self.line_sets:
            given = sum((row["amount"] for row in self.live_lines("beneficiaries")), Decimal(0))
            if given and given != total:
                gap = plain(total - given)
                self.add_error(
                    None, f"受益单位金额合计 {plain(given)} 元，预算金额 {plain(total)} 元，相差 {gap} 元。"
                )

    def total(self) -> Decimal:
        return sum((row["total_price"] for row in self.live_lines("lines")), Decimal(0))

    def fill(self, paper) -> None:
        paper.title, paper.amount = paper.project_name, self.total()


class ConfirmForm(forms.Form):
    """本次确认金额 of one quota."""

    amount = AmountField(label="本次确认金额", max_digits=18, decimal_places=2)

    def __init__(self, data=None, *, quota):
        super().__init__(data, initial={"amount": plain(quota.confirmable)})
        self.quota = quota
        speak_plainly(self.fields)

    def clean_amount(self):
        amount, most = self.cleaned_data["amount"], self.quota.confirmable
        if amount <= 0:
            raise ValidationError("本次确认金额须大于 0。")
        if amount > most:
            raise ValidationError(f"超出可确认金额 {plain(amount - most)} 元，最多可填 {plain(most)} 元。")
        return amount


class QuotaFilter(forms.Form):
    """The search line above quotas; empty fields do not filter."""

    q = forms.CharField(label="编号、文号或项目", required=False, max_length=100)
    nature = forms.ModelChoiceField(
        FundNature.objects.all(), label="资金性质", required=False, empty_label="全部性质"
    )
    source = forms.ChoiceField(
        label="指标来源", required=False, choices=[("", "全部来源"), *QuotaSource.choices]
    )
    low = AmountField(label="最低金额", required=False)
    high = AmountField(label="最高金额", required=False)

    where = {
        "nature": "fund_nature",
        "source": "source_type",
        "low": "available__gte",
        "high": "available__lte",
    }
    prefix_to_quota = ""

    def __init__(self, data):
        super().__init__(data, auto_id="filter_%s")
        speak_plainly(self.fields)
        self.fields["nature"].empty_label = "全部性质"

    def apply(self, rows):
        """Filter quotas, or confirmations by what their quota says."""
        self.is_valid()
        data, path = self.cleaned_data, self.prefix_to_quota
        if text := (data.get("q") or "").strip():
            match = Q()
            for name in ("quota_no", "doc_no", "project_name"):
                match |= Q(**{f"{path}{name}__icontains": text})
            rows = rows.filter(match)
        for name, lookup in self.where.items():
            if data.get(name) not in (None, ""):
                here = lookup if name in ("low", "high") else path + lookup
                rows = rows.filter(**{here: data[name]})
        return rows


class ConfirmedFilter(QuotaFilter):
    """The same of confirmations; the amounts are what is left of them."""

    prefix_to_quota = "quota__"


class ImportForm(forms.Form):
    """A table of quotas."""

    file = forms.FileField(
        label="指标文件", help_text="xlsx 或 csv，按模板填写，最多 5000 行、10 MB；有一处错误即全部不导入"
    )

    def __init__(self, *args):
        super().__init__(*args)
        speak_plainly(self.fields)
        self.fields["file"].error_messages |= {"empty": "文件是空的，请重新选择。"}
