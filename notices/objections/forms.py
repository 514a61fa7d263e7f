"""What the public page, the office's decision and the unit's argument ask."""

from django import forms
from django.core.exceptions import ValidationError

from notices.single.models import SingleSourceNotice
from procurement.flow.forms import PaperForm, speak_plainly

from .answers import ObjectionAnswer
from .files import RULE, checked


class Files(forms.ClearableFileInput):
    """Several at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else []


class FilesField(forms.Field):
    """PDFs, few and small; a list, perhaps empty."""

    widget = Files

    def clean(self, value):
        return checked(value or [])


class ObjectionForm(forms.Form):
    """Anybody's objection."""

    name = forms.CharField(
        label="异议人", max_length=100, help_text="单位名称或个人姓名，不公开",
        widget=forms.TextInput({"autocomplete": "organization"}),
    )  # fmt: skip
    contact = forms.CharField(
        label="联系方式", min_length=5, max_length=100,
        help_text="手机、座机或邮箱，只用于答复您，不公开", widget=forms.TextInput({"autocomplete": "tel"}),
    )  # fmt: skip
    reason = forms.CharField(
        label="异议内容和理由", min_length=10, max_length=3000, widget=forms.Textarea({"rows": 7}),
        help_text="请写明哪些供应商也能提供、有什么事实依据；请勿写入他人隐私",
    )  # fmt: skip
    papers = FilesField(
        label="证明材料",
        required=False,
        help_text=f"{RULE}；不公开",
        widget=Files({"accept": ".pdf,application/pdf"}),
    )

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        speak_plainly(self.fields)

    def typed(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("name", "contact", "reason")}


class DecisionForm(forms.Form):
    """受理 with the text that becomes public, or 不予受理 with the reason."""

    verdict = forms.ChoiceField(
        label="受理意见", widget=forms.RadioSelect, choices=[("accept", "受理"), ("refuse", "不予受理")]
    )
    public_text = forms.CharField(
        label="公开的异议内容", required=False, max_length=3000, widget=forms.Textarea({"rows": 6}),
        help_text="受理后在公示页面公开；请删去个人信息和与公示无关的内容",
    )  # fmt: skip
    note = forms.CharField(
        label="不予受理的理由", required=False, max_length=300, widget=forms.Textarea({"rows": 2}),
        help_text="异议人凭回执号可以看到",
    )  # fmt: skip

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        speak_plainly(self.fields)

    def clean(self):
        data = super().clean()
        accept = data.get("verdict") == "accept"
        if accept and len((data.get("public_text") or "").strip()) < 5:
            self.add_error("public_text", "受理时请写明公开的异议内容，至少 5 个字。")
        if data.get("verdict") == "refuse" and len((data.get("note") or "").strip()) < 5:
            self.add_error("note", "不予受理时请写明理由，至少 5 个字。")
        return data

    def decision(self) -> dict:
        """Exactly one of the two texts."""
        kept = "public_text" if self.cleaned_data["verdict"] == "accept" else "note"
        return {kept: self.cleaned_data[kept].strip()}


class AnswerForm(PaperForm):
    """The unit's supplementary argument and the answer it proposes."""

    class Meta:
        model = ObjectionAnswer
        fields = ["argument", "conclusion", "reply"]
        widgets = {
            "argument": forms.Textarea({"rows": 6}),
            "reply": forms.Textarea({"rows": 6}),
            "conclusion": forms.RadioSelect,
        }
        help_texts = {
            "argument": "何时组织、由哪些专业人员论证、逐条意见；不公开",
            "reply": "审核通过后在门户公布，请勿写入异议人的身份和联系方式",
        }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["conclusion"].choices = ObjectionAnswer.Conclusion.choices

    def fill(self, paper) -> None:
        """One answer to a notice: under its lock, so that two clerks at once get a sentence, not an error."""
        SingleSourceNotice.objects.locked(paper.notice_id)
        if not paper.pk and ObjectionAnswer.objects.filter(notice=paper.notice_id).exists():
            raise ValidationError("这份公示已经有一份异议答复，请回到列表中打开它。")
