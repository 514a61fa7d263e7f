"""采购合同台账: every contract one may see, for those who watch over units; filters and export."""

from django import forms
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Post
from procurement.flow import detail, lists
from procurement.flow.context import fiscal_year
from procurement.flow.export import download, workbook
from procurement.flow.list_pages import EXPORT_ROWS, need
from procurement.flow.menu import READERS
from procurement.flow.models import Desk

from . import overdue
from .models import Sort, Standing
from .stages import ContractStage

LABEL = "采购合同台账"
POSTS = frozenset([Post.REVIEWER, Post.APPROVER]) | READERS
PLAN, *REST = ContractStage.columns
COLUMNS = [lists.Column("采购单位", lambda c: c.unit.label), *REST]


class LedgerFilter(lists.FilterForm):
    """Also by unit, supplier and sort."""

    unit = forms.CharField(label="采购单位", required=False, max_length=100)
    supplier = forms.CharField(label="供应商", required=False, max_length=100)
    sort = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Sort.choices])

    def apply(self, papers):
        papers = super().apply(papers)
        unit, supplier, sort = (text(self.cleaned_data.get(name)) for name in ("unit", "supplier", "sort"))
        if unit:
            papers = papers.filter(
                Q(unit__name__icontains=unit)
                | Q(unit__short_name__icontains=unit)
                | Q(unit__budget_code=unit)
            )
        if supplier:
            of = self.supplier_of(papers.model).filter(Q(name__icontains=supplier) | Q(uscc=supplier.upper()))
            papers = papers.filter(pk__in=of.values("contract"))
        return papers.filter(sort=sort) if sort else papers

    @staticmethod
    def supplier_of(model):
        return model._meta.get_field("suppliers").related_model.objects


def text(value: str | None) -> str:
    return (value or "").replace("\x00", "").strip()


def tabs(request) -> dict:
    """By how far they are; what was never submitted is its clerk's own."""
    papers = overdue.contracts(request.user, fiscal_year(request)).filter(submitted_at__isnull=False)
    done = papers.filter(state=Desk.DONE)
    return {
        "all": ("全部", papers),
        "open": ("办理中", papers.filter(state__in=overdue.WORKING)),
        "filed": ("已备案", done.filter(standing=Standing.IN_FORCE)),
        "ended": ("已完成或终止", done.exclude(standing=Standing.IN_FORCE)),
        "late": ("逾期", papers.filter(overdue.LATE)),
        "void": ("已作废", papers.filter(state=Desk.VOID)),
    }


def found(request) -> tuple[dict, str, LedgerFilter]:
    need(request, POSTS, LABEL)
    held = tabs(request)
    current = request.GET.get("tab") if request.GET.get("tab") in held else "all"
    return held, current, LedgerFilter(request.GET)


@require_safe
def listing(request):
    held, current, filters = found(request)
    page = lists.keyset(filters.apply(held[current][1].for_list()), request.GET)
    context = {
        "stage": ContractStage, "which": "ledger", "title": LABEL, "tab": current, "filters": filters,
        "tabs": lists.tab_bar(held, current, request.GET, filters.apply), "page": page,
        "rows": [row(paper) for paper in page.rows], "columns": COLUMNS,
        "total": sum(paper.amount for paper in page.rows),
        "export_url": f"{reverse('contract-ledger-export')}?{request.GET.urlencode()}",
    }  # fmt: skip
    return render(request, "contracts/contract_ledger.html", context)


def row(paper) -> dict:
    """One line; it is read here, acted on elsewhere."""
    return {
        "paper": paper, "url": ContractStage.url("detail", paper.pk), "actions": [],
        "cells": [{"column": column, "value": column.value(paper)} for column in COLUMNS],
        "steps": detail.steps(paper),
    }  # fmt: skip


@require_safe
def export(request):
    held, current, filters = found(request)
    papers = filters.apply(held[current][1].for_list()).order_by("-pk")[:EXPORT_ROWS]
    head = ["编号", "合同编号", "名称", *(column.label for column in (PLAN, *COLUMNS)), "状态", "备案编号"]
    rows = (
        [p.number, p.contract_no, p.title, *(c.value(p) for c in (PLAN, *COLUMNS)), p.status, p.filing_number]
        for p in papers
    )
    return download(f"{LABEL}-{held[current][0]}.xlsx", workbook(LABEL, head, rows))
