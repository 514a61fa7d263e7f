"""采购合同: what was agreed with whom for which plan; filing it commits the money (manual 3.8)."""

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from accounts.models import Organization
from notices.models import Publication
from plans.models import Method, Plan
from procurement.flow.models import Desk, Document
from procurement.flow.moves import move
from procurement.reference import numbers
from tasks.models import ExecutionResult, TaskBook

from .. import checks, deadlines, ending, filing
from . import choices, queries
from .fields import chosen, switch, text
from .queries import ContractQuerySet
from .terms import AcceptanceTerms, FilingFacts, MoneyTerms, PurchaserTerms, TimeTerms


class Contract(PurchaserTerms, MoneyTerms, TimeTerms, AcceptanceTerms, FilingFacts, Document):
    """One contract of a plan; `amount` is its total."""

    desks = [Desk.UNIT, Desk.FILING]
    outlives_year = True
    verbs = {"file": "备案"}
    line_sets = ["suppliers", "items", "fundings", "payments", "statistics"]

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
            models.Index(fields=["signed_on"], name="contracts_given_back", condition=Q(returned__gt=0)),
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

    @cached_property
    def publication(self) -> Publication | None:
        """What is owed to the portal for it; lists bring it along."""
        if hasattr(self, "sending"):
            return self.sending and queries.publication(self.sending)
        return Publication.objects.filter(document=self).order_by("pk").last() if self.filed_at else None

    @property
    def publication_status(self) -> str:
        """公告状态; empty before 备案."""
        if self.filed_at is None:
            return ""
        if self.publication is None:
            return "不公告"
        return "已撤销" if self.state == Desk.VOID else self.publication.status

    @property
    def countdown(self) -> deadlines.Deadline:
        return deadlines.countdown(self)

    @property
    def status(self) -> str:
        if self.state == Desk.DONE:
            ended = self.standing in (choices.Standing.TERMINATED, choices.Standing.COMPLETED)
            return self.get_standing_display() if ended else "已备案"
        return super().status

    # --- the flow -------------------------------------------------------------------------------------

    def check_complete(self) -> None:
        checks.submission(self)

    def void_obstacle(self) -> str | None:
        """Approved but not filed it holds nothing yet."""
        return None if self.state == Desk.FILING else "已备案的合同由政府采购处撤销备案。"

    def cancellable(self, user) -> str | None:
        """Nothing may stand on what is undone."""
        if self.standing != choices.Standing.IN_FORCE or self.paid.exists():
            return "合同已付款或已结束，不能撤销备案。"
        other = self.followers.living().first()
        return (
            f"已有{other.get_sort_display()} {other.number}（{other.status}），不能撤销备案。"
            if other
            else None
        )

    def follower_obstacle(self) -> str | None:
        """Why no supplement or change may be made of it now."""
        if self.state != Desk.DONE or self.is_follower:
            return f"合同 {self.contract_no or self.number} 现在是“{self.status}”，不能补充或变更。"
        if self.standing != choices.Standing.IN_FORCE:
            return f"合同 {self.contract_no}{self.get_standing_display()}，不能补充或变更。"
        return None

    @move(
        "撤销备案", source=Desk.DONE, target=Desk.VOID, seat=Desk.OFFICE, rules=["cancellable"], tone="danger"
    )
    def cancel(self):
        """Only the office, and only with a reason."""

    @move("终止", source=Desk.DONE, target=Desk.DONE, seat=Desk.CLERK, caused=True)
    def terminate(self):
        """Entered on the page of 履约登记; what was not paid is the plan's again."""

    @move("履约完成", source=Desk.DONE, target=Desk.DONE, seat=Desk.CLERK, caused=True)
    def complete(self):
        """Entered on the page of 履约登记."""

    def finish(self, log) -> None:
        """Consequences of 备案, and of the end of a filed contract."""
        act = {"file": filing.file, "terminate": ending.terminated, "complete": ending.completed}
        act[log.verb](self, log)

    def reopened(self, log) -> None:
        """Undone after filing, the money goes back; void in any case its number is free again."""
        if log.verb == "cancel":
            filing.undo(self, log)
        if self.state == Desk.VOID:
            self.voided_at = log.at
            self.save(update_fields=["voided_at"])
