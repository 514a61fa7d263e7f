"""采购任务书: the order to the executor, drawn up and filed by the unit itself (manual 3.6)."""

from datetime import date
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organization
from plans.grown import KINDS
from plans.models import Plan
from procurement import clock
from procurement.flow.documents import DocumentQuerySet
from procurement.flow.models import Desk, Document
from procurement.flow.moves import move
from procurement.reference import numbers

from .. import executors, printing
from .choices import PREFIXES, BookKind, Channel, Execution

UNTOUCHED = {"", Execution.WAITING, Execution.RETURNED}
OWN = {Channel.UNIT, Channel.NONE}  # nobody outside has it
CONTRACTED = "本计划已有采购合同，任务书不能撤销；请先删除、作废合同，已备案的由政府采购处撤销备案。"
AT_FILING = {Channel.UNIT: Execution.EXECUTING, Channel.NONE: ""}


def contracted() -> Q:
    """Of plans: money is in a contract, or one is being written; contracts stand on tasks and register."""
    return KINDS["contract"].exists() | Q(holdings__committed_amount__gt=0)


class BookQuerySet(DocumentQuerySet):
    """Reads of task books."""

    def lock_in_force(self, plan: Plan) -> "TaskBook | None":
        """The plan's book, so that nobody revokes it meanwhile; call with the plan locked."""
        pk = self.filter(approved_plan=plan, revoked_at=None).values_list("pk", flat=True).first()
        book = pk and self.locked(pk)
        return book if book and book.revoked_at is None else None


class TaskBook(Document):
    """One filed task book; a plan has one that is in force at most."""

    desks = [Desk.FILING]
    outlives_year = True
    verbs = {"void": "撤销"}

    # not `plan`: every document has that name as its way down to Plan
    approved_plan = models.ForeignKey(Plan, models.PROTECT, related_name="books", verbose_name="采购计划")
    kind_of_book = models.CharField("任务书类别", max_length=13, choices=BookKind)
    channel = models.CharField("下达渠道", max_length=8, choices=Channel)
    executor = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name="执行机构"
    )
    execution = models.CharField("执行状态", max_length=9, choices=Execution, blank=True)
    filed_at = models.DateTimeField("备案时间", null=True)
    received_at = models.DateTimeField("接收时间", null=True)
    return_reason = models.CharField("退回原因", max_length=500, blank=True)
    revoked_at = models.DateTimeField("撤销时间", null=True)
    revoke_reason = models.CharField("撤销原因", max_length=500, blank=True)

    objects = BookQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "采购任务书"
        default_permissions = ()
        indexes = [models.Index(fields=["kind_of_book", "execution"], name="books_by_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["approved_plan"], condition=Q(revoked_at=None), name="one_book_in_force_per_plan"
            ),
        ]

    def assign_number(self) -> None:
        """Gap-free: taken in the transaction of the filing, given back with it (domain.md §16).

        Of the year it is filed in, as every paper that is issued; the plan may be of the year before.
        """
        if not self.number:
            prefix, region, year = PREFIXES[self.kind_of_book], self.unit.region, clock.today().year
            self.number = f"{prefix}{region}{year}{numbers.take(prefix, year, region=region):05d}号"

    @property
    def status(self) -> str:
        if self.state == Desk.VOID:
            return "已撤销"
        return "已备案" if self.state == Desk.DONE else super().status

    @property
    def execution_tone(self) -> str:
        return {"returned": "o", "completed": "g", "": "n"}.get(self.execution, "b")

    @property
    def executor_name(self) -> str:
        if self.by_hand:
            return "线下送达"
        return self.executor.label if self.executor else self.get_channel_display()

    @property
    def valid_until(self) -> date:
        """An order at a mall stands to the end of the year it was filed in (domain.md §12)."""
        return date(timezone.localdate(self.filed_at).year, 12, 31)

    @property
    def by_hand(self) -> bool:
        """Secret: handed over on paper, never by wire (security.md B5)."""
        return self.is_secret and self.kind_of_book != BookKind.OTHER

    # --- taking it back ---------------------------------------------------------------------------------

    @property
    def in_other_hands(self) -> bool:
        """The executor has received it: the unit alone cannot undo that."""
        return self.execution not in UNTOUCHED and self.channel not in OWN

    @cached_property
    def open_change(self):
        """The change of method under way, asked once by everything on a page."""
        return self.approved_plan.method_changes.filter(is_open=True).first()

    @cached_property
    def has_contract(self) -> bool:
        """Signed, or being written."""
        return Plan.objects.filter(contracted(), pk=self.approved_plan_id).exists()

    def void_obstacle(self) -> str | None:
        if self.has_contract:
            return CONTRACTED
        if self.in_other_hands:
            return f"{self.executor_name}已接收任务书，撤销须由政府采购处办理。"
        if change := self.open_change:
            return f"正在办理采购方式变更 {change.number}，任务书随批准自动撤销；不再变更的，请作废申请。"
        return None

    def recallable(self, user) -> str | None:
        if self.has_contract:
            return CONTRACTED
        return None if self.in_other_hands else "执行机构尚未接收，由采购单位经办岗自行撤销。"

    @move(
        "采购处撤销",
        source=Desk.DONE,
        target=Desk.VOID,
        seat=Desk.OFFICE,
        rules=["recallable"],
        tone="danger",
    )
    def recall(self):
        """Only the office, and only with a reason."""

    @move("方式变更撤销", source=Desk.DONE, target=Desk.VOID, seat=Desk.OFFICE, caused=True)
    def replace(self):
        """A change of method was approved: the plan gets a new version and that one its own book."""

    # --- what is signed ---------------------------------------------------------------------------------

    def decided(self, log) -> tuple[Document, dict] | None:
        """备案 is decided on the plan, as it then stood: the book has neither number nor row before."""
        if log.verb == "submit":
            return None
        if log.verb != "file":
            return super().decided(log)
        plan = self.approved_plan
        earlier = plan.moves.filter(pk__lt=log.pk) if log.pk else plan.moves.all()
        head, content = earlier.order_by("pk").values_list("sha256", "content_sha256").last()
        facts = {"content_sha256": content, "head": head, "book": plan.books.filter(pk__lte=self.pk).count()}
        return plan, log.decided() | facts

    # --- consequences -----------------------------------------------------------------------------------

    def finish(self, log) -> None:
        """Filed: the paper is ordered and the executor gets it, in this transaction."""
        self.filed_at = log.at
        self.execution = self.first_execution()
        self.save(update_fields=["filed_at", "execution"])
        printing.order_paper(self)
        executors.hand_over(self)

    def first_execution(self) -> str:
        """A secret book travels by hand and its unit says how far it is; a mere record goes nowhere."""
        if self.by_hand:
            return Execution.EXECUTING
        return AT_FILING.get(self.channel, Execution.WAITING)

    def reopened(self, log) -> None:
        """Revoked: the plan waits for a book again."""
        if len(log.opinion.strip()) < 5:
            raise ValidationError("撤销时请写明原因，至少 5 个字。")
        self.revoked_at, self.revoke_reason = log.at, log.opinion
        self.save(update_fields=["revoked_at", "revoke_reason"])
        if paper := self.sealed.first():
            paper.withdraw()
        executors.take_back(self)
