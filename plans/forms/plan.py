"""The head of a plan and 采购组织信息, with the fields its type needs (domain.md §§9.1, 9.5, 9.6)."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from accounts.models import Organization, OrgKind
from intents.models import IntentItem
from procurement import clock
from procurement.flow.forms import PaperForm

from ..assistant import Context, Panel, PlanFacts, examine, kept_reasons
from ..checks import CONTACTS, NEEDED
from ..files import Papers
from ..models import Plan, PlanType
from ..wording import plan_title
from .items import ITEMS, LIMIT
from .money import FUNDINGS
from .organisation import NoticeField, follow_notice, reasons_by_method, refuse, too_much_aside
from .parts import EXPERTS, PACKAGES

PHONE = re.compile(r"1\d{10}|(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?", re.ASCII)  # domain.md §3.1
HEAD = [
    "title", "expected_start", "expected_finish", "handler_name", "handler_phone", "responsible_name",
    "responsible_phone", "demand_summary", "is_secret",
]  # fmt: skip
INTENT = ["intent_item", "intent_exemption", "intent_reason"]
TRAITS = [
    "gov_service", "gov_service_code", "is_it_system", "is_research_equipment", "is_trusted_it", "is_ppp",
    "is_joint", "multi_year", "years",
]  # fmt: skip
SME = ["sme_reserved", "sme_mode", "sme_scope", "sme_amount", "no_sme_reason"]
WAY = [
    "org_form", "method", "entrust_mode", "method_reason", "method_text", "notice", "agency", "implement",
]  # fmt: skip
CONTRACT = ["contract_no", "contract_name", "supplier_name", "signed_on", "contract_amount", "paid_amount"]
SOLE = ["supplier_name", "contract_no", "contract_amount"]  # 单一来源: from whom, added to which contract
OF_TYPE: dict[str, dict[str, list[str]]] = {
    PlanType.PROJECT: {"intent": INTENT, "organisation": WAY + SOLE + SME, "traits": TRAITS},
    PlanType.MALL: {
        "organisation": ["mall_platform", "mall_mode", "over_reason"], "traits": ["is_trusted_it"],
    },
    PlanType.NON_GOV: {"organisation": ["supplier_name"]},
    PlanType.HISTORY: {"organisation": [*CONTRACT, "method"]},
}  # fmt: skip
DAY = {"type": "date"}
RESERVED = [("", "请选择"), ("true", "是，面向中小企业预留"), ("false", "否，不预留")]


class PlanForm(PaperForm):
    """A plan; its type was chosen at 新增 and does not change."""

    lines = {"items": ITEMS, "fundings": FUNDINGS, "packages": PACKAGES, "experts": EXPERTS}
    sme_reserved = forms.TypedChoiceField(
        label="面向中小企业采购", required=False, choices=RESERVED, empty_value=None,
        coerce=lambda text: text == "true",
    )  # fmt: skip

    notice = NoticeField(label="单一来源公示", help_text="本单位期满无异议的公示；选定后带出供应商和理由")

    class Meta:
        model = Plan
        fields = [*HEAD, *INTENT, *TRAITS, *WAY, *SME, *CONTRACT, "mall_platform", "mall_mode", "over_reason"]
        labels = {"title": "计划名称"}
        help_texts = {
            "title": "留空则按采购清单的品目自动生成，可修改",
            "intent_item": "只列出本单位已发布的采购意向",
            "method_reason": "公开招标、框架协议不用填写",
        }
        widgets = {
            "expected_start": forms.DateInput(DAY, format="%Y-%m-%d"),
            "expected_finish": forms.DateInput(DAY, format="%Y-%m-%d"),
            "signed_on": forms.DateInput(DAY, format="%Y-%m-%d"),
            "demand_summary": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args, start: dict | None = None, **options):
        super().__init__(*args, **options)
        self.groups = OF_TYPE[PlanType(self.instance.plan_type)]
        offered = {"version", *HEAD, *(name for names in self.groups.values() for name in names)}
        for name in [name for name in self.fields if name not in offered]:
            del self.fields[name]
        for name in ("title", *(name for name in ("implement",) if name in self.fields)):
            self.fields[name].required = False
        if self.instance.plan_type != PlanType.PROJECT:
            del self.line_sets["packages"]
        self.mark_needed()
        if "sme_reserved" in self.fields and self.instance.sme_reserved is not None:
            self.initial["sme_reserved"] = "true" if self.instance.sme_reserved else "false"
        self.offer_relations()
        if start and not self.is_bound:
            self.prefill(start)

    def mark_needed(self) -> None:
        """What a submission cannot do without; a draft may be saved without it."""
        sme = ["sme_reserved"] if self.instance.plan_type == PlanType.PROJECT else []
        for name in [*CONTACTS, *NEEDED[self.instance.plan_type], *sme]:
            self.fields[name].needed = True
            self.fields[name].widget.attrs["data-needed"] = True

    def offer_relations(self) -> None:
        """Own published intents, agencies in business."""
        if "intent_item" in self.fields:
            own = IntentItem.objects.live().filter(intent__unit=self.instance.unit_id, intent__state="done")
            self.fields["intent_item"].queryset = own.select_related("intent").order_by("-pk")
        if "notice" in self.fields:
            self.fields["notice"].offer(self.instance)
            self.fields["method_reason"].widget.attrs["data-reasons"] = reasons_by_method()
        if "agency" in self.fields:
            kinds = [OrgKind.AGENCY, OrgKind.CENTRAL_AGENCY]
            agencies = Organization.objects.filter(kind__in=kinds, is_active=True)
            self.fields["agency"].queryset = agencies.order_by("kind", "name")

    def prefill(self, start: dict) -> None:
        """Show what earlier stages know; nothing is stored before the clerk saves."""
        for name in ("items", "fundings", "packages"):
            rows = start.get(name, [])
            if not rows or name not in self.line_sets:
                continue
            options = {"instance": self.instance, "prefix": name, "form_kwargs": {"paper": self.instance}}
            self.line_sets[name] = self.lines[name](initial=rows, **options)
            self.line_sets[name].extra = len(rows)

    @cached_property
    def facts(self) -> PlanFacts:
        """What is typed so far, or saved; no error whatever it is."""
        as_saved = self.instance.pk and not self.is_bound
        return PlanFacts.of(self.instance) if as_saved else PlanFacts.typed(self)

    @cached_property
    def context(self) -> Context:
        return Context.at(clock.today(), self.instance.unit, self.facts)

    @cached_property
    def panel(self) -> Panel:
        """辅助填报 of what is typed so far; a constant number of queries."""
        findings = examine(self.facts, self.context)
        return Panel(findings, kept_reasons(self.data) if self.is_bound else self.instance.kept)

    @cached_property
    def papers(self) -> Papers:
        """The attachments this content asks for."""
        return Papers.of(self.facts, self.context)

    # --- what the template draws ----------------------------------------------------------------------

    def head_fields(self) -> list:
        return [self[name] for name in HEAD]

    def organisation_fields(self) -> list:
        return [self[name] for name in self.groups.get("organisation", ())]

    def intent_fields(self) -> list:
        return [self[name] for name in self.groups.get("intent", ())]

    def trait_fields(self) -> list:
        return [self[name] for name in self.groups.get("traits", ())]

    # --- checking -------------------------------------------------------------------------------------

    def phone(self, name: str) -> str:
        phone = (self.cleaned_data[name] or "").strip()
        if phone and not PHONE.fullmatch(phone):
            raise ValidationError("请填写 11 位手机号，或带区号的座机号，例如 0551-68150309。")
        return phone

    def clean_handler_phone(self):
        return self.phone("handler_phone")

    def clean_responsible_phone(self):
        return self.phone("responsible_phone")

    def clean_years(self):
        years = self.cleaned_data["years"]
        if years is not None and not 2 <= years <= 3:
            raise ValidationError("一签多年的合同年限为 2 至 3 年。")
        return years

    def clean(self):
        data = super().clean()
        for name in ("sme_amount", "contract_amount", "paid_amount"):
            if (data.get(name) or 0) < 0:
                self.add_error(name, f"{self.fields[name].label.removesuffix('（元）')}不能小于 0。")
        if data.get("intent_item") and data.get("intent_exemption"):
            self.add_error("intent_exemption", "已选择采购意向，不用再选不公开意向的情形。")
        start, finish = data.get("expected_start"), data.get("expected_finish")
        if start and finish and finish < start:
            self.add_error("expected_finish", "预计采购完成日期不能早于开始日期。")
        refuse(self, data)
        follow_notice(data)
        return data

    def check_together(self) -> None:
        total = sum((row["total_price"] for row in self.live_lines("items")), Decimal(0))
        if total >= LIMIT:
            self.add_error(None, "采购清单合计太大，请检查单价和数量。")
        if sentence := too_much_aside(self.cleaned_data, total):
            self.add_error("sme_amount", sentence)

    def fill(self, paper) -> None:
        """Name, total, class and case follow from the rows."""
        rows = self.live_lines("items")
        paper.kept = kept_reasons(self.data)
        paper.amount = sum((row["total_price"] for row in rows), Decimal(0))
        before = plan_title(paper, [item.category for item in self.saved_items()])
        if not paper.title.strip() or paper.title == before:
            paper.title = plan_title(paper, [row["category"] for row in rows])
        weight: dict[str, Decimal] = {}
        for row in rows:
            kind = row["category"].type
            weight[kind] = weight.get(kind, Decimal(0)) + row["total_price"]
        paper.procurement_type = max(weight, key=weight.get) if weight else ""
        money = self.live_lines("fundings")
        if money and not paper.submitted_at:
            paper.case = money[0]["confirmation"].quota.case

    def saved_items(self) -> list:
        return list(self.line_sets["items"].get_queryset())
