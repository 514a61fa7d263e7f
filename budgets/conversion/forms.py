"""The form of 预采购转正."""

from django import forms
from django.db.models import QuerySet

from procurement.flow.forms import PaperForm
from procurement.reference.money import plain

from ..models.quotas import Quota
from .models import Conversion


class QuotaChoice(forms.ModelChoiceField):
    """A quota with what matters for the choice."""

    def label_from_instance(self, obj: Quota) -> str:
        used = f"已确认 {plain(obj.confirmed_amount)} 元" if obj.provisional else ""
        return (
            f"{obj.project_name}（{obj.doc_no or obj.quota_no}）"
            f"{used or f'可确认 {plain(obj.confirmable)} 元'}"
        )


def own_quotas(paper: Conversion) -> QuerySet[Quota]:
    mine = Quota.objects.filter(unit=paper.unit_id, fiscal_year=paper.fiscal_year, is_procurement=True)
    return mine.order_by("quota_no")


class ConversionForm(PaperForm):
    """From which quota, to which."""

    class Meta:
        model = Conversion
        fields = ["provisional", "formal", "remark"]
        field_classes = {"provisional": QuotaChoice, "formal": QuotaChoice}
        widgets = {"remark": forms.Textarea({"rows": 3})}
        help_texts = {
            "provisional": "预采购录入审核通过后形成、尚未转正的指标",
            "formal": "财政已下达、可确认金额不少于预采购已确认金额的指标",
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        mine = own_quotas(self.instance)
        self.fields["provisional"].queryset = mine.filter(provisional=True)
        self.fields["formal"].queryset = mine.filter(provisional=False, available__gt=0)

    def fill(self, paper) -> None:
        quota = paper.provisional
        paper.title = f"{quota.project_name}预采购转正"
        paper.amount, paper.case, paper.division = quota.confirmed_amount, quota.case, quota.division
