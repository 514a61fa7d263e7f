"""采购组织信息: the rules between method, reason, linked notice, set-aside (domain.md §9.5)."""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from notices.models import SingleSourceNotice
from procurement.reference.money import plain

from ..models.choices import REASONS, Method, MethodReason

ASIDE = ("sme_mode", "sme_scope", "sme_amount")


class NoticeSelect(forms.Select):
    """Completed notices; each option tells the page what follows from it."""

    def create_option(self, name, value, label, selected, index, **rest):
        option = super().create_option(name, value, label, selected, index, **rest)
        row = getattr(value, "instance", None)
        if row is not None:
            option["attrs"] |= {"data-supplier": row.supplier_name, "data-reason": row.reason[:500]}
        return option


class NoticeField(forms.ModelChoiceField):
    """The unit's own notices whose term is over; the one already linked stays in the list."""

    widget = NoticeSelect

    def __init__(self, **options):
        super().__init__(SingleSourceNotice.objects.none(), required=False, **options)

    def offer(self, plan) -> None:
        own = SingleSourceNotice.objects.linkable(plan.unit_id).filter(legal_basis=MethodReason.ONLY_SUPPLIER)
        kept = Q(pk__in=own.values("pk")) | Q(pk=plan.notice_id)
        self.queryset = SingleSourceNotice.objects.filter(kept).order_by("-pk")

    def label_from_instance(self, row) -> str:
        return f"{row.number} {row.project_name}（{row.supplier_name}，{plain(row.amount)} 元）"


def reasons_by_method() -> str:
    """For the page's script: which reasons each method knows."""
    return json.dumps({str(method): [str(reason) for reason in known] for method, known in REASONS.items()})


def follow_notice(data: dict) -> None:
    """What the notice says is not typed again (domain.md §23)."""
    notice = data.get("notice")
    if notice is not None:
        data["supplier_name"] = data.get("supplier_name") or notice.supplier_name
        data["method_text"] = data.get("method_text") or notice.reason[:500]


def contradictions(data: dict):
    """(field, sentence) of answers that exclude each other."""
    method, reason, notice = data.get("method"), data.get("method_reason"), data.get("notice")
    if reason and reason not in REASONS.get(method, []):
        yield "method_reason", "所选理由不适用于这种采购方式，请重新选择。"
    sole = method == Method.SINGLE and reason == MethodReason.ONLY_SUPPLIER
    if notice is not None and not sole:
        yield "notice", "只有理由为“只能从唯一供应商处采购”的单一来源采购才关联公示，请清除或改选理由。"
    if data.get("sme_reserved") is False and any(data.get(name) for name in ASIDE):
        yield "sme_reserved", "填写了预留方式、对象或金额，这里却选了不预留，请核对。"
    if data.get("sme_reserved") and data.get("no_sme_reason"):
        yield "no_sme_reason", "已选择面向中小企业预留，不用再写不预留的理由。"


def refuse(form, data: dict) -> None:
    """Every contradiction beside its field."""
    for name, sentence in contradictions(data):
        if name in form.fields:
            form.add_error(name, ValidationError(sentence))


def too_much_aside(data: dict, total) -> str:
    """The sentence for more set aside than there is; empty when it fits."""
    amount = data.get("sme_amount") or 0
    return f"预留金额 {plain(amount)} 元大于清单合计 {plain(total)} 元。" if amount > total > 0 else ""
