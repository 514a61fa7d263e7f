"""What a plan says, as plain values: from saved rows or from a half-filled form."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

ZERO = Decimal(0)


@dataclass(frozen=True)
class CategoryFacts:
    """The 品目 of a row."""

    code: str
    name: str
    is_leaf: bool = True
    central: bool = False
    mall_allowed: bool = False
    energy_saving: bool = False
    environmental: bool = False
    edition: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def type(self) -> str:
        return self.code[:1]


@dataclass(frozen=True)
class ApprovalFacts:
    """The import block of a row; `complete` when every question in it is answered."""

    country: str = ""
    purpose: str = ""
    import_class: str = ""
    import_case: str = ""
    policy: str = ""
    reason: str = ""

    @property
    def complete(self) -> bool:
        answers = [self.country, self.purpose, self.import_class, self.import_case, self.reason]
        return all(answers) and (self.import_class != "encouraged" or bool(self.policy))


@dataclass(frozen=True)
class ItemFacts:
    """One row of 采购清单; what is not typed yet is None or empty."""

    number: int
    category: CategoryFacts | None = None
    content: str = ""
    entry_mode: str = "by_unit"
    unit_price: Decimal | None = None
    quantity: Decimal | None = None
    measure: str = ""
    total: Decimal | None = None
    is_import: bool = False
    requirement: str = ""
    spec: str = ""
    is_core: bool = False
    energy_saving: bool = False
    environmental: bool = False
    industry: str = ""
    approval: ApprovalFacts | None = None
    index: int = 0  # of the form row

    def at(self, name: str) -> str:
        """The id of one of its fields in the page."""
        return f"id_items-{self.index}-{name}"

    @property
    def amount(self) -> Decimal:
        return self.total or ZERO

    @cached_property
    def type(self) -> str:
        return self.category.type if self.category else ""


@dataclass(frozen=True)
class FundFacts:
    """One row of 资金构成 with the quota behind it."""

    number: int
    kind: str = ""
    amount: Decimal | None = None
    description: str = ""
    confirmation: int | None = None
    quota_no: str = ""
    project: str = ""
    project_code: str = ""
    quota_text: str = ""
    available: Decimal = ZERO
    unit: int | None = None
    year: int | None = None
    source: str = ""
    econ: str = ""
    usable: bool = True  # neither deleted nor overdrawn
    index: int = 0

    def at(self, name: str) -> str:
        return f"id_fundings-{self.index}-{name}"

    @property
    def budget(self) -> str:
        """The budget project it belongs to."""
        return self.project_code or self.project


@dataclass(frozen=True)
class NoticeFacts:
    """The linked single-source notice; `closed` once its term is over and nothing stands against it."""

    number: str
    unit: int
    amount: Decimal
    supplier: str
    closed: bool


@dataclass(frozen=True)
class PackageFacts:
    """One 采购包."""

    name: str = ""
    budget: Decimal | None = None
    ceiling: Decimal | None = None
    method: str = ""


@dataclass(frozen=True)
class ExpertFacts:
    """One member of the panel that argued an import."""

    name: str = ""
    employer: str = ""
    title: str = ""
    is_lawyer: bool = False


@dataclass(frozen=True)
class PlanFacts:
    """A plan as the rules see it."""

    plan: int | None = None
    plan_type: str = "project"
    title: str = ""
    unit: int | None = None
    division: int | None = None
    year: int = 0
    is_secret: bool = False
    handler_name: str = ""
    handler_phone: str = ""
    responsible_name: str = ""
    responsible_phone: str = ""
    expected_start: date | None = None
    expected_finish: date | None = None
    intent_item: int | None = None
    intent_exemption: str = ""
    intent_reason: str = ""
    demand_summary: str = ""
    is_research_equipment: bool = False
    is_trusted_it: bool = False
    multi_year: bool = False
    years: int | None = None
    org_form: str = ""
    method: str = ""
    method_reason: str = ""
    method_text: str = ""
    entrust_mode: str = ""
    agency: int | None = None
    implement: str = ""
    over_reason: str = ""
    sme_reserved: bool | None = None
    sme_mode: str = ""
    sme_scope: str = ""
    sme_amount: Decimal | None = None
    no_sme_reason: str = ""
    contract_no: str = ""
    contract_name: str = ""
    supplier_name: str = ""
    signed_on: date | None = None
    contract_amount: Decimal | None = None
    items: tuple[ItemFacts, ...] = ()
    fundings: tuple[FundFacts, ...] = ()
    packages: tuple[PackageFacts, ...] = ()
    experts: tuple[ExpertFacts, ...] = ()
    files: frozenset[str] = field(default_factory=frozenset)  # categories of what is attached
    notice: NoticeFacts | None = None
    notice_finished: bool | None = None  # of the notices of its case, linked or not; None: there is none
    locked_by: str | None = None  # number of the method change that is pending
    certificate_expired: bool | None = None  # of the person acting; None where no certificate is known

    @classmethod
    def of(cls, plan) -> "PlanFacts":
        from .reading import saved

        return saved(plan)

    @classmethod
    def typed(cls, form) -> "PlanFacts":
        from .typed import typed

        return typed(form)

    # --- sums the rules ask for -----------------------------------------------------------------------

    @cached_property
    def total(self) -> Decimal:
        return sum((item.amount for item in self.items), ZERO)

    @cached_property
    def funded(self) -> Decimal:
        return sum((fund.amount or ZERO for fund in self.fundings), ZERO)

    @cached_property
    def by_type(self) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for item in self.items:
            if item.type:
                sums[item.type] += item.amount
        return dict(sums)

    @cached_property
    def by_category(self) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for item in self.items:
            if item.category:
                sums[item.category.code] += item.amount
        return dict(sums)

    @cached_property
    def type(self) -> str:
        """货物, 工程 or 服务; of a mixed plan what most money goes to (domain.md §9.1)."""
        sums = self.by_type
        return max(sorted(sums), key=lambda letter: sums[letter]) if sums else ""

    @cached_property
    def imported(self) -> list[ItemFacts]:
        return [item for item in self.items if item.is_import]

    @cached_property
    def central(self) -> list[ItemFacts]:
        """Rows inside the central procurement catalogue."""
        return [item for item in self.items if item.category and item.category.central]

    @property
    def is_project(self) -> bool:
        return self.plan_type == "project"

    @property
    def is_mall(self) -> bool:
        return self.plan_type == "mall"

    @property
    def is_planned(self) -> bool:
        """A purchase still to be made, under the procurement law."""
        return self.plan_type in ("project", "mall")
