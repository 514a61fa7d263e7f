"""采购包 and 论证专家: the smaller sets of rows."""

from django.core.exceptions import ValidationError

from procurement.flow.forms import lines_of

from ..models import ImportExpert, Plan, PlanPackage
from ..widgets import Quick, QuickCheck, QuickSelect
from .items import NUMBER
from .rows import RowForm, RowSet


class PackageForm(RowForm):
    """One package."""

    class Meta:
        model = PlanPackage
        fields = [
            "name", "budget", "ceiling", "method", "pricing", "evaluation", "joint_bid", "subcontract",
        ]  # fmt: skip
        widgets = {
            "name": Quick(), "budget": Quick(NUMBER), "ceiling": Quick(NUMBER), "method": QuickSelect(),
            "pricing": QuickSelect(), "evaluation": QuickSelect(), "joint_bid": QuickCheck(),
            "subcontract": QuickCheck(),
        }  # fmt: skip

    def clean_budget(self):
        budget = self.cleaned_data["budget"]
        if budget is not None and budget <= 0:
            raise ValidationError("包预算须大于 0。")
        return budget

    def clean(self):
        data = super().clean()
        ceiling, budget = data.get("ceiling"), data.get("budget")
        if ceiling is not None and ceiling <= 0:
            self.add_error("ceiling", "最高限价须大于 0，没有限价请留空。")
        elif ceiling is not None and budget is not None and ceiling > budget:
            self.add_error("ceiling", "最高限价不能超过包预算。")
        return data


class PackageSet(RowSet):
    """The packages."""

    title = "采购包"


class ExpertForm(RowForm):
    """One member of the panel."""

    class Meta:
        model = ImportExpert
        fields = ["name", "employer", "title", "is_lawyer", "opinion"]
        widgets = {
            "name": Quick(), "employer": Quick(), "title": Quick(), "is_lawyer": QuickCheck(),
            "opinion": Quick(),
        }  # fmt: skip


class ExpertSet(RowSet):
    """The panel: five or more, an odd number, a lawyer among them, nobody of the purchaser's."""

    title = "进口产品论证专家"

    def clean(self) -> None:
        super().clean()
        unit = self.instance.unit
        for form in self.forms:
            employer = (getattr(form, "cleaned_data", {}).get("employer") or "").strip()
            if employer and employer in (unit.name, unit.short_name):
                form.add_error("employer", "论证专家不能是采购单位的人员。")


PACKAGES = lines_of(Plan, PlanPackage, PackageForm, formset=PackageSet)
EXPERTS = lines_of(Plan, ImportExpert, ExpertForm, formset=ExpertSet)
