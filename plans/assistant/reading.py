"""What rules ask of a row of the database, and the facts of saved plans."""

from collections import defaultdict
from dataclasses import fields
from decimal import Decimal

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, OuterRef

from notices.models import SingleSourceNotice
from notices.publicity import publicity
from plans import grown

from .facts import (
    ApprovalFacts,
    CategoryFacts,
    ExpertFacts,
    FundFacts,
    ItemFacts,
    NoticeFacts,
    PackageFacts,
    PlanFacts,
)  # fmt: skip
from .signing import expired

DERIVED = {
    "plan", "unit", "division", "year", "intent_item", "agency", "items", "fundings", "packages", "experts",
    "files", "notice", "notice_finished", "locked_by", "certificate_expired",
}  # fmt: skip
HEAD = [each.name for each in fields(PlanFacts) if each.name not in DERIVED]
SAME = {
    ItemFacts: ["content", "entry_mode", "unit_price", "quantity", "measure", "is_import", "requirement",
                "spec", "is_core", "energy_saving", "environmental", "industry"],
    ApprovalFacts: [each.name for each in fields(ApprovalFacts)],
    PackageFacts: [each.name for each in fields(PackageFacts)],
    ExpertFacts: [each.name for each in fields(ExpertFacts)],
}  # fmt: skip


def known(kind: type, given: dict) -> dict:
    """Only values of the type the facts promise; anything else stands for their default."""
    promised = {each.name: each.type for each in fields(kind)}
    return {name: value for name, value in given.items() if sound(value, promised[name])}


def sound(value, promised) -> bool:
    if value is None or not isinstance(value, promised):
        return False
    return not isinstance(value, Decimal) or value.is_finite()


# --- rows behind a value --------------------------------------------------------------------------------


def category(row) -> CategoryFacts | None:
    if row is None:
        return None
    edition = row.edition
    return CategoryFacts(
        row.code, row.name, row.is_leaf, row.central, row.mall_allowed, row.energy_saving, row.environmental,
        edition.code, edition.valid_from, edition.valid_to,
    )  # fmt: skip


def quota(confirmation, held: Decimal = Decimal(0)) -> dict:
    """What a funding row knows by naming a confirmation; money this plan holds is its own to use."""
    if confirmation is None:
        return {}
    row = confirmation.quota
    subject = row.dept_econ or row.gov_econ
    return {
        "confirmation": confirmation.pk, "quota_no": row.quota_no, "project": row.project_name,
        "project_code": row.project_code, "quota_text": f"{row.project_name}{row.description}",
        "available": confirmation.available + held, "unit": row.unit_id, "year": row.fiscal_year,
        "source": row.source_type, "econ": subject.code if subject else "",
        "usable": confirmation.status == "active" and not row.overdrawn,
    }  # fmt: skip


def linked(keys: set[int]) -> dict[int, NoticeFacts]:
    """Notices plans name, each with what became of it; one query, none without a notice."""
    if not keys:
        return {}
    good = Exists(SingleSourceNotice.objects.closed_well().filter(pk=OuterRef("pk")))
    rows = SingleSourceNotice.objects.filter(pk__in=keys).annotate(closed=good)
    columns = ("pk", "number", "unit", "amount", "supplier_name", "closed")
    return {pk: NoticeFacts(*row) for pk, *row in rows.values_list(*columns)}


# --- saved ----------------------------------------------------------------------------------------------


def saved(plan) -> PlanFacts:
    """Six queries, however many rows."""
    return told(plan, Rows([plan]))


def items_of(plan) -> PlanFacts:
    """Head and items only: one query, for questions that need no more."""
    rows = plan.items.select_related("category__edition", "import_approval").order_by("pk")
    return PlanFacts(
        **known(PlanFacts, {name: getattr(plan, name, None) for name in HEAD}),
        **places(plan),
        items=tuple(saved_item(row, index) for index, row in enumerate(rows)),
    )


class Rows:
    """Items, money, packages, experts, files and holdings of some plans; one query each for all of them."""

    def __init__(self, plans: list):
        self.keys = [plan.pk for plan in plans if plan.pk]
        self.items = self.of("plans.PlanItem", "category__edition", "import_approval")
        econ = ("confirmation__quota__dept_econ", "confirmation__quota__gov_econ")
        self.fundings = self.of("plans.PlanFunding", *econ)
        self.packages, self.experts = self.of("plans.PlanPackage"), self.of("plans.ImportExpert")
        self.files = self.of("flow.Attachment", link="document_id")
        self.holdings = self.of("budgets.Holding", link="document_id")
        self.notices = publicity({plan.case for plan in plans})
        self.linked = linked({plan.notice_id for plan in plans} - {None})
        self.locks = grown.locks(self.keys)

    def of(self, model: str, *related: str, link: str = "plan_id") -> dict[int, list]:
        rows = apps.get_model(model).objects.filter(**{f"{link}__in": self.keys}).order_by("pk")
        found: dict[int, list] = defaultdict(list)
        for row in rows.select_related(*related) if related else rows:
            found[getattr(row, link)].append(row)
        return found


def told(plan, rows: Rows) -> PlanFacts:
    """Facts of one of the plans whose rows were read."""
    held = {row.confirmation_id: row.reserved_amount for row in rows.holdings[plan.pk]}
    return PlanFacts(
        **known(PlanFacts, {name: getattr(plan, name, None) for name in HEAD}),
        **places(plan), **bonds(plan, rows.notices, rows.locks),
        items=tuple(saved_item(row, index) for index, row in enumerate(rows.items[plan.pk])),
        fundings=tuple(
            FundFacts(
                index + 1, row.fund_kind, row.amount, row.description, index=index,
                **quota(row.confirmation, held.get(row.confirmation_id, Decimal(0))),
            )
            for index, row in enumerate(rows.fundings[plan.pk])
        ),
        notice=rows.linked.get(plan.notice_id),
        packages=tuple(PackageFacts(**values(PackageFacts, row)) for row in rows.packages[plan.pk]),
        experts=tuple(ExpertFacts(**values(ExpertFacts, row)) for row in rows.experts[plan.pk]),
        files=frozenset(row.category for row in rows.files[plan.pk]),
    )  # fmt: skip


def places(plan) -> dict:
    """Who the plan belongs to and what it is linked with."""
    return {
        "plan": plan.pk, "unit": plan.unit_id, "division": plan.division_id, "year": plan.fiscal_year,
        "intent_item": plan.intent_item_id, "agency": plan.agency_id,
    }  # fmt: skip


def bonds(plan, notices: dict, locks: dict) -> dict:
    """What other papers and the certificate behind the session say of it."""
    return {
        "notice_finished": notices.get(plan.case), "locked_by": locks.get(plan.pk),
        "certificate_expired": expired(getattr(plan, "acting", None)),
    }  # fmt: skip


def values(kind: type, row) -> dict:
    return known(kind, {name: getattr(row, name, None) for name in SAME[kind]})


def saved_item(row, index: int) -> ItemFacts:
    try:
        approval = ApprovalFacts(**values(ApprovalFacts, row.import_approval))
    except ObjectDoesNotExist:
        approval = None
    return ItemFacts(
        index + 1, category(row.category), total=row.total_price, index=index, approval=approval,
        **values(ItemFacts, row),
    )  # fmt: skip
