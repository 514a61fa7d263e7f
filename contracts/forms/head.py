"""The head of a contract in cards, and what head and rows say together (domain.md §15.1)."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from procurement.flow.forms import AmountField, PaperForm

from .. import companions, deadlines
from ..models import Contract, Sort
from ..rules import NEEDED, OF_ACCEPTANCE, OF_CHANGE
from .rows import FUNDINGS, ITEMS, LIMIT, NUMBER, PAYMENTS, SUPPLIERS

PHONE = re.compile(r"1\d{10}|(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?", re.ASCII)  # domain.md §3.1
CARDS: dict[str, list[str]] = {
    "head": [
        "title", "contract_no", "contract_type", "method", "project_no", "package_no", "is_secret",
        "has_secret_terms", "closes_plan",
    ],
    "purchaser": ["purchaser_contact", "purchaser_phone", "purchaser_address", "purchaser_fax"],
    "money": ["amount", "pricing", "pay_type", "pay_days", "has_advance", "advance"],
    "guarantee": ["has_bond", "bond", "bond_form", "has_retention", "retention", "retention_form"],
    "policy": ["sme_preference", "manufacturer_is_sme", "financing_allowed", "signed_online"],
    "time": [
        "signed_on", "sign_place", "starts_on", "ends_on", "place", "award_notice_on", "opened_on",
        "result_on",
    ],
    "acceptance": [
        "inspector", "inspecting_body", "inspection", "inspection_plan", "accept_on", "accept_days",
        "acceptance_content", "acceptance_standard", "acceptance_procedure",
    ],
    "inspection": [
        "invites_suppliers", "invites_experts", "invites_users", "third_party_test", "sample_reference",
        "spot_check", "spot_share", "destructive_test", "destroyed_goods",
    ],
}  # fmt: skip
CHANGE = ["title", "contract_no", "signed_on", "change_text"]
MONEY = ["advance", "bond", "retention"]
SHARES = {"spot_share": "抽查比例须在 0 到 100 之间。"}
DAYS = ["signed_on", "starts_on", "ends_on", "award_notice_on", "opened_on", "result_on", "accept_on"]


class ContractForm(PaperForm):
    """A contract of any sort; a change of terms has a short form."""

    lines = {"suppliers": SUPPLIERS, "items": ITEMS, "fundings": FUNDINGS, "payments": PAYMENTS}
    amount = AmountField(
        label="合同金额（元）", max_digits=18, decimal_places=2, min_value=Decimal("0.01"),
        widget=forms.TextInput(NUMBER | {"data-amount": "amount-words"}),
    )  # fmt: skip

    class Meta:
        model = Contract
        fields = [*(name for names in CARDS.values() for name in names), "change_text"]
        labels = {"title": "合同名称", "is_secret": "涉密合同（不公告）"}
        help_texts = {
            "contract_no": "本单位自编；留空则自动编号",
            "closes_plan": "备案后释放计划余款",
            "pay_days": "向中小企业付款不超过 60 天",
            "bond": "不超过合同金额的 10%",
            "has_secret_terms": "公告不显示规格、数量和单价",
        }
        widgets = {
            **{name: forms.DateInput({"type": "date"}, format="%Y-%m-%d") for name in DAYS},
            **{name: forms.Textarea({"rows": 2}) for name in (
                "acceptance_content", "acceptance_standard", "acceptance_procedure",
            )},
            "change_text": forms.Textarea({"rows": 6}),
            **{name: forms.TextInput(NUMBER) for name in (*MONEY, "spot_share")},
        }  # fmt: skip

    def __init__(self, *args, start: dict | None = None, **options):
        super().__init__(*args, **options)
        if self.instance.sort == Sort.CHANGE:
            self.cut_short()
        for name in {*NEEDED, *OF_CHANGE, *OF_ACCEPTANCE} & set(self.fields):
            self.fields[name].needed = name not in ("contract_no", *OF_ACCEPTANCE)
        if self.instance.approved_plan.is_secret and "is_secret" in self.fields:
            self.fields["is_secret"].disabled, self.initial["is_secret"] = True, True
        if start and not self.is_bound:
            self.prefill(start)

    def cut_short(self) -> None:
        """A change says what changes; the rows stay those of the contract it changes."""
        self.line_sets = {}
        for name in [name for name in self.fields if name not in (*CHANGE, "version")]:
            del self.fields[name]
        self.fields["signed_on"].label = "变更日期"

    def prefill(self, start: dict) -> None:
        """Show what earlier stages know; nothing is stored before the clerk saves."""
        for name, rows in start.items():
            options = {"instance": self.instance, "prefix": name, "form_kwargs": {"paper": self.instance}}
            self.line_sets[name] = self.lines[name](initial=rows, **options)
            self.line_sets[name].extra = len(rows) or 1

    @property
    def cards(self) -> dict[str, list]:
        """Bound fields by card, for the template."""
        if self.instance.sort == Sort.CHANGE:
            return {"head": [self[name] for name in CHANGE]}
        return {card: [self[name] for name in names] for card, names in CARDS.items()}

    # --- checking -------------------------------------------------------------------------------------

    def clean_purchaser_phone(self):
        phone = (self.cleaned_data["purchaser_phone"] or "").strip()
        if phone and not PHONE.fullmatch(phone):
            raise ValidationError("请填写 11 位手机号，或带区号的座机号，例如 0551-68150309。")
        return phone

    def clean_contract_no(self):
        number = (self.cleaned_data["contract_no"] or "").strip()
        twins = Contract.objects.filter(purchaser=self.instance.unit_id, contract_no=number, voided_at=None)
        if number and twins.exclude(pk=self.instance.pk).exists():
            raise ValidationError(TAKEN)
        return number

    def clean(self):
        data = super().clean()
        for name in MONEY:
            if (data.get(name) or 0) < 0:
                self.add_error(name, f"{self.fields[name].label.removesuffix('（元）')}不能小于 0。")
        for name, sentence in SHARES.items():
            if not 0 <= (data.get(name) or 0) <= 100:
                self.add_error(name, sentence)
        start, finish = data.get("starts_on"), data.get("ends_on")
        if start and finish and finish < start:
            self.add_error("ends_on", "履约结束日期不能早于开始日期。")
        return data

    def check_together(self) -> None:
        for name, column in (("suppliers", "amount"), ("items", "total"), ("payments", "amount")):
            if name in self.line_sets:
                found = sum(row.get(column) or 0 for row in self.live_lines(name))
                if found >= LIMIT:
                    self.add_error(None, f"{self.line_sets[name].title}合计太大，请检查。")

    def save(self, commit=True):
        """Two clerks may have chosen the same number at once: the second hears of it."""
        try:
            with transaction.atomic():
                paper = super().save(commit)
                for act in companions.SAVED:
                    act(paper)
        except IntegrityError as error:
            if "contract_no_once_per_unit" not in str(error):
                raise
            raise ValidationError({"contract_no": TAKEN}) from error
        return paper

    def fill(self, paper) -> None:
        """Number, last days."""
        paper.contract_no = paper.contract_no or paper.number
        deadlines.set_days(paper)


TAKEN = "这个合同编号本单位已经用过，请换一个。"
