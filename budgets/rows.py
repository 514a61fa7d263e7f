"""One row of quota data, from a file or from the feed: what is required and what is understood."""

from django import forms
from django.utils.functional import cached_property

from accounts.models import Organization, OrgKind
from procurement.flow.forms import AmountField, speak_plainly
from procurement.reference.models import BudgetClass, FundNature

from .models import Quota, QuotaSource

# header in the template -> field of the row (the feed uses the field names)
HEADERS = {
    "指标ID": "external_id",
    "指标编号": "quota_no",
    "指标文号": "doc_no",
    "指标说明": "description",
    "预算编码": "unit_budget_code",
    "归口处室": "division",
    "年度": "fiscal_year",
    "指标来源": "source_type",
    "资金性质": "fund_nature",
    "预算项目": "project_name",
    "项目编码": "project_code",
    "功能分类": "function_class",
    "政府经济分类": "gov_econ_class",
    "部门经济分类": "dept_econ_class",
    "指标下达数": "issued",
    "调整数": "adjusted",
    "冻结数": "frozen",
    "是否政府采购": "is_procurement",
}
LABELS = {field: header for header, field in HEADERS.items()}
REQUIRED = ["指标ID", "指标编号", "预算编码", "年度", "指标来源", "资金性质", "预算项目", "指标下达数"]
YES = {"是": True, "1": True, "true": True, "": True, "否": False, "0": False, "false": False}


class Names:
    """Codes and names that rows refer to, read once for the whole import."""

    @cached_property
    def units(self) -> dict[str, Organization]:
        rows = Organization.objects.filter(kind=OrgKind.PURCHASER, is_active=True).exclude(budget_code="")
        return {unit.budget_code: unit for unit in rows.select_related("division")}

    @cached_property
    def divisions(self) -> dict[str, Organization]:
        rows = Organization.objects.filter(kind=OrgKind.DIVISION, is_active=True)
        return {name: row for row in rows for name in (row.name, row.short_name) if name}

    @cached_property
    def natures(self) -> dict[str, FundNature]:
        return {name: row for row in FundNature.objects.all() for name in (row.code, row.name)}

    @cached_property
    def classes(self) -> dict[tuple[str, str], BudgetClass]:
        return {(row.kind, row.code): row for row in BudgetClass.objects.all()}

    @cached_property
    def sources(self) -> dict[str, str]:
        return {name: value for value, label in QuotaSource.choices for name in (value, label)}


class QuotaRow(forms.Form):
    """Cleans one row into the fields of a Quota and three amounts."""

    external_id = forms.CharField(max_length=60)
    quota_no = forms.CharField(max_length=40)
    doc_no = forms.CharField(max_length=80, required=False)
    description = forms.CharField(max_length=500, required=False)
    unit_budget_code = forms.CharField(max_length=9)
    division = forms.CharField(max_length=40, required=False)
    fiscal_year = forms.IntegerField(min_value=2000, max_value=2100)
    source_type = forms.CharField(max_length=10)
    fund_nature = forms.CharField(max_length=40)
    project_name = forms.CharField(max_length=200)
    project_code = forms.CharField(max_length=40, required=False)
    function_class = forms.CharField(max_length=40, required=False)
    gov_econ_class = forms.CharField(max_length=40, required=False)
    dept_econ_class = forms.CharField(max_length=40, required=False)
    issued = AmountField(max_digits=18, decimal_places=2, min_value=0)
    adjusted = AmountField(max_digits=18, decimal_places=2, required=False)
    frozen = AmountField(max_digits=18, decimal_places=2, min_value=0, required=False)
    is_procurement = forms.CharField(required=False)

    def __init__(self, data: dict, names: Names):
        super().__init__(data)
        self.names = names
        for name, field in self.fields.items():
            field.label = LABELS[name]
        speak_plainly(self.fields)

    def known(self, name: str, table: dict, key, hint: str):
        """The row a code or name stands for."""
        if key not in table:
            raise forms.ValidationError(f"{LABELS[name]}“{self.cleaned_data[name]}”{hint}")
        return table[key]

    def clean_unit_budget_code(self):
        code = self.cleaned_data["unit_budget_code"]
        return self.known("unit_budget_code", self.names.units, code, "不是系统中的采购单位。")

    def clean_division(self):
        name = self.cleaned_data["division"]
        return name and self.known("division", self.names.divisions, name, "不是系统中的归口处室。")

    def clean_source_type(self):
        name = self.cleaned_data["source_type"]
        choices = "、".join(QuotaSource.labels)
        return self.known("source_type", self.names.sources, name, f"不在可选范围（{choices}）内。")

    def clean_fund_nature(self):
        name = self.cleaned_data["fund_nature"]
        return self.known("fund_nature", self.names.natures, name, "不在资金性质表中。")

    def budget_class(self, name: str, kind: BudgetClass.Kind):
        code = self.cleaned_data[name].split(" ")[0]
        if not code:
            return None
        return self.known(name, self.names.classes, (kind.value, code), "不在预算科目表中。")

    def clean_function_class(self):
        return self.budget_class("function_class", BudgetClass.Kind.FUNCTION)

    def clean_gov_econ_class(self):
        return self.budget_class("gov_econ_class", BudgetClass.Kind.GOV)

    def clean_dept_econ_class(self):
        return self.budget_class("dept_econ_class", BudgetClass.Kind.DEPT)

    def clean_is_procurement(self):
        word = self.cleaned_data["is_procurement"].lower()
        if word not in YES:
            raise forms.ValidationError("是否政府采购请填“是”或“否”。")
        return YES[word]

    def clean(self):
        data = super().clean()
        unit = data.get("unit_budget_code")
        if unit and not (data.get("division") or unit.division):
            self.add_error("division", "该单位没有归口处室，请填写。")
        return data

    def quota_fields(self) -> dict:
        """Everything but the amounts, as a Quota names it."""
        data = self.cleaned_data
        same = ["quota_no", "doc_no", "description", "fiscal_year", "source_type", "fund_nature"]
        same += ["project_name", "project_code", "is_procurement"]
        return {name: data[name] for name in same} | {
            "unit": data["unit_budget_code"],
            "division": data["division"] or data["unit_budget_code"].division,
            "function_subject": data["function_class"],
            "gov_econ": data["gov_econ_class"],
            "dept_econ": data["dept_econ_class"],
        }

    def differences(self, quota: Quota) -> dict:
        """The fields in which a stored quota says otherwise."""
        return {name: value for name, value in self.quota_fields().items() if getattr(quota, name) != value}
