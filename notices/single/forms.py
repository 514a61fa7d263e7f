"""The form of a single-source notice: its head and its experts."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.forms import BaseInlineFormSet

from budgets.models import QuotaConfirmation
from procurement.flow.attachments import Attachment, sniff
from procurement.flow.forms import AmountField, LineForm, PaperForm, lines_of
from procurement.flow.models import Desk, Document
from procurement.reference.phones import ADVICE, PHONE

from . import wording
from .models import SIGNATURE, Expert, SingleSourceNotice

SIGNED = ("application/pdf", "image/jpeg", "image/png")
MOST = 15  # experts
PARTS = {
    "project": ["confirmation", "intent_number", "project_name", "amount", "content"],
    "why": [
        "goods_description", "legal_basis", "reason_code", "reason", "original_contract", "original_amount",
    ],
    "supplier": ["supplier_name", "supplier_uscc", "supplier_address"],
    "purchaser": ["contact", "phone", "address"],
    "agency": ["agency", "agency_contact", "agency_phone", "agency_address"],
    "finance": ["finance", "finance_contact", "finance_phone", "finance_address"],
}  # fmt: skip


class ConfirmationField(forms.ModelChoiceField):
    """One of the unit's confirmed quotas."""

    def label_from_instance(self, row) -> str:
        quota = row.quota
        return f"{quota.project_name}（{quota.doc_no or quota.quota_no}，可用 {row.available:,.2f} 元）"


class ExpertForm(LineForm):
    """One expert's opinion, and the file he signed."""

    signed = forms.FileField(
        label="签字文件",
        required=False,
        help_text="PDF 或图片，不公开",
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    class Meta:
        model = Expert
        fields = ["name", "employer", "title", "opinion"]
        widgets = {"opinion": forms.Textarea({"rows": 3})}

    def clean_signed(self):
        upload = self.cleaned_data["signed"]
        if upload and sniff(upload) not in SIGNED:
            raise ValidationError("签字文件请上传 PDF、JPG 或 PNG。")
        return upload

    def take_in(self, paper, by) -> None:
        """Keep the signed file with the paper; the one it replaces goes, unless somebody has read it."""
        upload, expert = self.cleaned_data.get("signed"), self.instance
        if not upload or not expert.pk or self.cleaned_data.get("DELETE"):
            return
        older = expert.signature
        expert.signature = Attachment.receive(paper, upload, SIGNATURE, by)
        expert.save(update_fields=["signature"])
        if older and not older.downloads.exists():
            older.delete()


class ExpertFormSet(BaseInlineFormSet):
    """The experts, each with the file he signed."""

    def get_queryset(self):
        if not hasattr(self, "_queryset"):
            self._queryset = super().get_queryset().select_related("signature")
        return self._queryset


class SingleSourceForm(PaperForm):
    """The seven legal items, and who takes objections."""

    lines = {
        "experts": lines_of(
            SingleSourceNotice,
            Expert,
            ExpertForm,
            formset=ExpertFormSet,
            fk_name="notice",
            max_num=MOST,
            absolute_max=MOST + 1,
        )
    }
    confirmation = ConfirmationField(label="采购指标", queryset=QuotaConfirmation.objects.none())
    amount = AmountField(
        label="预算金额（元）",
        max_digits=18,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.TextInput({"inputmode": "decimal", "class": "n"}),
    )

    class Meta:
        model = SingleSourceNotice
        fields = [name for part in PARTS.values() for name in part]
        widgets = {
            "content": forms.Textarea({"rows": 3}),
            "goods_description": forms.Textarea({"rows": 5}),
            "reason": forms.Textarea({"rows": 5}),
            "supplier_uscc": forms.TextInput({"class": "num", "autocomplete": "off"}),
        }
        help_texts = {
            "intent_number": "项目公开过采购意向的，填意向公告编号（YX 开头）；没有可不填",
            "goods_description": "名称、数量、用途、技术要求，至少 30 个字",
            "reason_code": "第一项情形必选（实施条例第二十七条）",
            "original_contract": "添购（第三项）时填写",
            "agency": "委托代理机构的填写，自行采购可不填",
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        paper = self.instance
        usable = QuotaConfirmation.objects.usable(paper.unit).filter(quota__fiscal_year=paper.fiscal_year)
        offered = usable | QuotaConfirmation.objects.filter(pk=paper.confirmation_id)
        self.fields["confirmation"].queryset = offered.select_related("quota").order_by(
            "quota__quota_no", "seq"
        )
        self.fields["supplier_uscc"].widget.attrs["maxlength"] = 18

    def part(self, name: str) -> list:
        """Bound fields of one section, in order."""
        return [self[field] for field in PARTS[name]]

    project = property(lambda self: self.part("project"))
    why = property(lambda self: self.part("why"))
    supplier = property(lambda self: self.part("supplier"))

    def contacts(self) -> list[list]:
        """Whom an objector may turn to: the purchaser, the finance department, the agency."""
        return [self.part(name) for name in ("purchaser", "finance", "agency")]

    def clean_phone(self):
        return telephone(self.cleaned_data["phone"])

    def clean_agency_phone(self):
        return telephone(self.cleaned_data["agency_phone"])

    def clean_finance_phone(self):
        return telephone(self.cleaned_data["finance_phone"])

    def clean_intent_number(self):
        number = self.cleaned_data["intent_number"].strip()
        own = Q(kind="intent", unit=self.instance.unit_id, number=number, state=Desk.DONE)
        if number and not Document.objects.filter(own).exists():
            raise ValidationError("本单位没有这个编号的已公开采购意向，请核对。")
        return number

    def fill(self, paper) -> None:
        """The title follows from the project; the case comes with the money."""
        paper.title = wording.title(paper)
        paper.case = paper.confirmation.quota.case

    @transaction.atomic
    def save(self, commit=True):
        paper = super().save(commit)
        for form in self.line_sets["experts"].forms:
            form.take_in(paper, self.by)
        return paper


def telephone(text: str) -> str:
    text = text.strip()
    if text and not PHONE.fullmatch(text):
        raise ValidationError(ADVICE)
    return text
