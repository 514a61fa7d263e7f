"""The form of an intent: its head and its rows."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet

from procurement.flow.forms import AmountField, LineForm, PaperForm, lines_of
from procurement.reference.fields import CategoryField, KnownCategories, MonthField
from procurement.reference.phones import ADVICE, PHONE

from . import wording
from .fields import ConfirmationField
from .models import Intent, IntentItem, Notice

LIMIT = Decimal(10) ** 16  # what numeric(18, 2) holds


class IntentItemForm(LineForm):
    """One intended purchase."""

    confirmation = ConfirmationField(label="采购指标")
    category = CategoryField(
        label="采购品目",
        max_length=80,
        widget=forms.TextInput(attrs={"list": "categories", "placeholder": "编码、名称或拼音首字母"}),
    )
    amount = AmountField(
        label="预算金额（元）",
        max_digits=18,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "n"}),
    )
    expected_month = MonthField(label="预计采购时间", max_length=20)
    sme_share = AmountField(
        label="预留比例（％）",
        required=False,
        max_digits=5,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "n", "placeholder": "部分预留时填"}),
    )

    class Meta:
        model = IntentItem
        fields = [
            "confirmation", "project_name", "category", "amount", "expected_month",
            "sme_reserved", "sme_share", "demand_summary", "remark",
        ]  # fmt: skip
        widgets = {
            "demand_summary": forms.Textarea(
                attrs={
                    "rows": 3,
                    "placeholder": "主要标的、数量、功能或目标，质量、服务、时限等要求",
                }
            ),
            "remark": forms.Textarea(
                attrs={"rows": 2, "placeholder": "不预留中小企业份额的理由、资金说明等"}
            ),
        }

    def __init__(self, *args, categories: KnownCategories | None = None, **options):
        super().__init__(*args, **options)
        self.fields["confirmation"].offer(self.paper.offered)
        self.fields["category"].known = categories
        if self.instance.category_id:
            self.initial["category"] = str(self.instance.category)

    def clean_expected_month(self):
        month, year = self.cleaned_data["expected_month"], self.paper.fiscal_year
        if month and not year <= month.year <= year + 1:
            raise ValidationError(f"预计采购时间应在 {year} 年 1 月至 {year + 1} 年 12 月之间。")
        return month

    def clean(self):
        data = super().clean()
        if data.get("sme_reserved") != IntentItem.SetAside.PART:
            data["sme_share"] = None
        elif data.get("sme_share") is None and "sme_share" not in self.errors:
            self.add_error("sme_share", "部分预留时请填写预留比例。")
        return data


class ItemFormSet(BaseInlineFormSet):
    """The rows; categories of all of them are looked up with one query."""

    def __init__(self, data=None, *args, **options):
        super().__init__(data, *args, **options)
        names = (name for name in data or () if name.endswith("-category") and name.startswith(self.prefix))
        self.categories = KnownCategories([data[name] for name in names] if data else [])

    def get_queryset(self):
        if not hasattr(self, "_queryset"):
            self._queryset = super().get_queryset().select_related("category", "confirmation__quota")
        return self._queryset

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"categories": self.categories}


class IntentForm(PaperForm):
    """The head; a change or cancellation also says why, a cancellation has no rows."""

    lines = {"items": lines_of(Intent, IntentItem, IntentItemForm, formset=ItemFormSet, fk_name="intent")}

    class Meta:
        model = Intent
        fields = ["title", "contact", "phone", "change_reason"]
        widgets = {"change_reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "title": "留空则按“单位＋预计采购时间＋政府采购意向”自动生成，可修改",
            "contact": "只供内部联系，不公开",
            "phone": "手机，或区号-号码",
        }
        labels = {"title": "公告标题"}

    def __init__(self, *args, start: list[dict] | None = None, **options):
        super().__init__(*args, **options)
        self.fields["title"].required = False
        if self.instance.notice == Notice.OPEN:
            del self.fields["change_reason"]
        if self.instance.notice == Notice.CANCEL:
            self.line_sets = {}
        elif start and not self.is_bound:
            self.prefill(start)

    def prefill(self, rows: list[dict]) -> None:
        """Show what earlier stages know; nothing is stored before the clerk saves."""
        options = {"instance": self.instance, "prefix": "items", "form_kwargs": {"paper": self.instance}}
        self.line_sets["items"] = self.lines["items"](initial=rows, **options)
        self.line_sets["items"].extra = len(rows)

    def clean_phone(self):
        phone = self.cleaned_data["phone"].strip()
        if phone and not PHONE.fullmatch(phone):
            raise ValidationError(ADVICE)
        return phone

    def rows(self) -> list[dict]:
        return self.live_lines("items") if "items" in self.line_sets else []

    def check_together(self) -> None:
        if sum(row["amount"] for row in self.rows()) >= LIMIT:
            self.add_error(None, "各项预算金额合计太大，请检查。")

    def fill(self, paper) -> None:
        """Title unless the clerk wrote his own, basis, total; the case comes from the first quota."""
        paper.may_supersede()
        rows = self.rows()
        months = [row["expected_month"] for row in rows]
        paper.amount = sum((row["amount"] for row in rows), Decimal(0))
        before = wording.title(paper, [item.expected_month for item in paper.lines])
        if not paper.title.strip() or paper.title == before:
            paper.title = wording.title(paper, months)
        paper.basis = wording.basis(paper, months)
        if paper.supersedes_id:
            paper.case = paper.supersedes.case
        elif rows:
            paper.case = rows[0]["confirmation"].quota.case
