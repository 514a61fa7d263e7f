"""采购合同: what was agreed with whom for which plan; filing it commits the money (manual 3.8)."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from accounts.models import Organization
from plans.models import Method, Plan
from procurement.flow.documents import DocumentQuerySet
from procurement.flow.models import Desk, Document
from procurement.reference import numbers
from tasks.models import ExecutionResult, TaskBook

from . import choices
from .fields import chosen, switch, text
from .terms import AcceptanceTerms, FilingFacts, MoneyTerms, PurchaserTerms, TimeTerms


class ContractQuerySet(DocumentQuerySet):
    """Reads of contracts."""

    def for_list(self):
        return super().for_list().select_related("approved_plan")

    def living(self) -> "ContractQuerySet":
        return self.exclude(state=Desk.VOID)

    def filed(self) -> "ContractQuerySet":
        return self.filter(state=Desk.DONE)


class Contract(PurchaserTerms, MoneyTerms, TimeTerms, AcceptanceTerms, FilingFacts, Document):
    """One contract of a plan; `amount` is its total."""

    desks = [Desk.UNIT, Desk.FILING]
    verbs = {"file": "备案"}
    line_sets = ["suppliers", "items", "fundings", "payments"]

    sort = models.CharField("录入类别", max_length=10, choices=choices.Sort, default=choices.Sort.ENTRY)
    # not `plan`: every document has that name as its way down to Plan
    approved_plan = models.ForeignKey(Plan, models.PROTECT, related_name="contracts", verbose_name="采购计划")
    book = models.ForeignKey(
        TaskBook, models.PROTECT, null=True, blank=True, related_name="contracts", verbose_name="任务书"
    )
    result = models.ForeignKey(
        ExecutionResult, models.PROTECT, null=True, blank=True, related_name="contracts",
        verbose_name="采购结果",
    )  # fmt: skip
    base = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name="原合同"
    )
    # the unit once more: a constraint cannot reach across to the docket
    purchaser = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="甲方", editable=False
    )
    contract_no = text("合同编号", 80)
    contract_type = chosen("合同类型", choices.ContractType)
    origin = models.CharField("来源", max_length=8, choices=choices.Origin, default=choices.Origin.MANUAL)
    project_no = text("项目编号", 80)
    package_no = text("包号", 40)
    method = chosen("采购方式", Method)
    closes_plan = switch("结项：本计划不再签订其他合同")
    change_text = models.TextField("变更条款", max_length=2000, blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "采购合同"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["purchaser", "contract_no"],
                condition=Q(contract_no__gt="", voided_at=None),
                name="contract_no_once_per_unit",
            ),
            models.UniqueConstraint(
                fields=["filing_number"], condition=Q(filing_number__gt=""), name="filing_number_once"
            ),
            models.CheckConstraint(
                condition=Q(sort__in=["entry", "history"], base=None)
                | Q(sort__in=["supplement", "change"], base__isnull=False),
                name="only_a_follower_has_a_base",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contract_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(fields=["purchaser", "file_by"], name="contracts_by_deadline"),
            models.Index(fields=["signed_on"], name="contracts_by_signing"),
        ]  # fmt: skip

    @classmethod
    def new_number(cls, unit: Organization, year: int) -> str:
        serial = numbers.take("HTBH" + unit.budget_code, year)
        return f"{unit.budget_code}-{year}-{serial:04d}"

    @property
    def is_follower(self) -> bool:
        return self.base_id is not None

    @property
    def moves_money(self) -> bool:
        """A change of terms leaves the amounts alone."""
        return self.sort != choices.Sort.CHANGE

    @property
    def saved(self) -> Decimal:
        """节约额."""
        return max(self.approved_plan.amount - self.amount, Decimal(0))

    @property
    def status(self) -> str:
        if self.state == Desk.DONE:
            ended = self.standing in (choices.Standing.TERMINATED, choices.Standing.COMPLETED)
            return self.get_standing_display() if ended else "已备案"
        return super().status
