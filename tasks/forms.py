"""The form of 采购方式变更 (manual 3.5.5, steps 3 and 4)."""

from django import forms

from notices.models import SingleSourceNotice
from plans.models import Method, Plan
from procurement.flow.forms import PaperForm
from procurement.flow.models import Conflict

from .models import MethodChange
from .models.change import LEAST


def described(notice: SingleSourceNotice) -> str:
    """A notice as the chooser shows it."""
    return f"{notice.number} {notice.project_name}（{notice.supplier_name}，{notice.publicity_end} 期满）"


class ChangeForm(PaperForm):
    """What is asked beside the data of the original plan."""

    class Meta:
        model = MethodChange
        fields = [
            "new_method", "main_cause", "explanation", "notice", "supplier", "responsive_suppliers",
            "contact", "phone",
        ]  # fmt: skip
        widgets = {"explanation": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        was = self.instance.original_method
        choices = [(value, label) for value, label in Method.choices if value != was]
        self.fields["explanation"].help_text = f"至少 {LEAST} 个字，写明变更的依据和经过。"
        self.fields["new_method"].choices = [("", "请选择"), *choices]
        notice = self.fields["notice"]
        notice.queryset = SingleSourceNotice.objects.linkable(self.instance.unit).order_by("-pk")
        notice.label_from_instance, notice.empty_label = described, "请选择"
        notice.help_text = "只列本单位公示期满、没有异议或异议不成立的公示。"

    def check_together(self) -> None:
        if obstacle := self.instance.plan_obstacle():
            self.add_error(None, obstacle)

    def fill(self, paper) -> None:
        """Once more under the lock of the plan, so that it gets one open change only."""
        paper.original_plan = Plan.objects.locked(paper.original_plan_id)
        if obstacle := paper.plan_obstacle():
            raise Conflict(obstacle)
