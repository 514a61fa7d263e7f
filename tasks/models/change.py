"""采购方式变更: another method for a plan whose book is filed (manual 3.5.5)."""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organization
from budgets.models import Ledger
from notices.models import SingleSourceNotice
from plans.models import Method, Plan, PlanType
from procurement.flow.documents import DocumentQuerySet
from procurement.flow.models import Desk, Document
from procurement.flow.signing import following
from procurement.reference import numbers

from .. import causes, reply, succession
from .book import TaskBook, contracted
from .choices import Cause, Execution

LEAST = 30  # characters of the explanation


class ChangeQuerySet(DocumentQuerySet):
    """Lists name the plan."""

    def for_list(self):
        return super().for_list().select_related("original_plan")


class Standing(NamedTuple):
    """What the change of a plan's method depends on beside the plan."""

    book: TaskBook | None  # in force
    contracted: bool  # signed, or being written
    change: "MethodChange | None" = None  # open, another one

    @classmethod
    def of(cls, change: "MethodChange") -> "Standing":
        plan = change.original_plan
        return cls(
            plan.books.filter(revoked_at=None).first(),
            type(plan).objects.filter(contracted(), pk=plan.pk).exists(),
            plan.method_changes.filter(is_open=True).exclude(pk=change.pk).first(),
        )


class MethodChange(Document):
    """The request for another method; approved it replaces the plan by a new version."""

    desks = [Desk.UNIT, Desk.OFFICE]
    outlives_year = True

    original_plan = models.ForeignKey(
        Plan, models.PROTECT, related_name="method_changes", verbose_name="原采购计划"
    )
    original_method = models.CharField("原采购方式", max_length=30, choices=Method)
    new_method = models.CharField("拟变更采购方式", max_length=30, choices=Method)
    main_cause = models.CharField("变更主因", max_length=20, choices=Cause)
    explanation = models.TextField("情况说明", max_length=2000)
    supplier = models.CharField("拟定供应商", max_length=200, blank=True)
    notice = models.ForeignKey(
        SingleSourceNotice, models.PROTECT, null=True, blank=True, related_name="method_changes",
        verbose_name="单一来源公示",
    )  # fmt: skip
    responsive_suppliers = models.PositiveSmallIntegerField("招标后响应的供应商数量", null=True, blank=True)
    contact = models.CharField("联系人", max_length=40)
    phone = models.CharField("联系电话", max_length=40)
    approval_no = models.CharField("批复文号", max_length=40, blank=True, editable=False)
    old_book = models.ForeignKey(
        TaskBook, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="原任务书"
    )
    new_plan = models.OneToOneField(
        Plan, models.PROTECT, null=True, editable=False, related_name="changed_by", verbose_name="新采购计划"
    )
    is_open = models.BooleanField(default=True, editable=False)  # neither approved nor given up

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "采购方式变更"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["original_plan"], condition=Q(is_open=True), name="one_open_change_per_plan"
            ),
            models.CheckConstraint(
                condition=Q(is_open=True) | Q(new_plan=None) | Q(approval_no__gt=""),
                name="a_change_approved_has_its_number",
            ),
        ]

    @classmethod
    def new_number(cls, unit: Organization, year: int) -> str:
        return f"BG{year}{unit.region}{numbers.take('BG', year, region=unit.region):05d}"

    @classmethod
    def about(cls, plan: Plan, by) -> "MethodChange":
        """A new change of that plan with its data, unsaved."""
        return cls.begin(
            plan.unit, by, year=plan.fiscal_year, division=plan.division, title=f"{plan.title}采购方式变更",
            amount=plan.amount, is_secret=plan.is_secret, case=plan.case, original_plan=plan,
            original_method=plan.method, contact=plan.handler_name, phone=plan.handler_phone,
        )  # fmt: skip

    # --- whether it may be ------------------------------------------------------------------------------

    def plan_obstacle(self, standing: Standing | None = None) -> str | None:
        """Why the method of that plan cannot be changed now; a page may know its standing already."""
        plan = self.original_plan
        book, contracted, other = standing or Standing.of(self)
        if plan.plan_type != PlanType.PROJECT:
            return "只有项目采购计划可以变更采购方式。"
        if plan.state != Desk.DONE or book is None:
            return "只能选择已备案的采购计划。"
        if book.execution == Execution.COMPLETED or contracted:
            return "采购已经完成或已签订合同，不能再变更采购方式；尚未备案的合同请先删除或作废。"
        return f"该计划正在办理采购方式变更 {other.number}（{other.status}）。" if other else None

    def check_complete(self) -> None:
        problems = {name: text for name, wrong, text in self.requirements() if wrong}
        if problems:
            raise ValidationError(problems)

    def requirements(self):
        """(field, is it wrong, what to do) of every rule that stops a submission (domain.md §10)."""
        single, cause = self.new_method == Method.SINGLE, self.main_cause
        allowed = causes.RULES[Cause(cause)].reasons
        obstacle = self.plan_obstacle()
        held = set(self.attachments.values_list("category", flat=True))
        missing = [causes.PAPERS[code] for code in causes.papers(cause, self.is_secret) if code not in held]
        counted = self.responsive_suppliers
        yield "__all__", obstacle is not None, obstacle
        yield "new_method", self.new_method == self.original_method, "拟变更的采购方式不能与原采购方式相同。"
        yield "main_cause", self.new_method not in allowed, "这个变更主因不适用于所选的采购方式。"
        yield "explanation", len(self.explanation.strip()) < LEAST, f"情况说明至少 {LEAST} 个字。"
        yield "supplier", single and not self.supplier, "单一来源采购请填写拟定供应商。"
        yield from self.notice_requirements()
        absent = cause in causes.COUNTED and counted is None
        yield "responsive_suppliers", absent, "请填写招标后响应的供应商数量。"
        two = cause != Cause.TWO_LEFT or counted in (None, 2)
        yield "responsive_suppliers", not two, "变更主因为只有两家时，供应商数量应为 2。"
        yield "__all__", obstacle is None and bool(missing), f"请上传：{'、'.join(missing)}。"

    def notice_requirements(self):
        """An only supplier was published first, and nothing stands against it (实施条例 art. 38)."""
        needed, notice = self.main_cause == Cause.ONLY_SUPPLIER, self.notice
        yield "notice", needed and notice is None, "只能从唯一供应商处采购的，请选择已完成的单一来源公示。"
        if notice is None:
            return
        open_to_us = SingleSourceNotice.objects.linkable(self.unit).filter(pk=notice.pk).exists()
        yield "notice", not open_to_us, "该公示未完成或不是本单位的，请重新选择。"
        other = self.supplier and self.supplier != notice.supplier_name
        yield "supplier", other, f"与公示的供应商“{notice.supplier_name}”不一致。"

    @property
    def notice_no(self) -> str:
        return self.notice.number if self.notice else ""

    def void_obstacle(self) -> str | None:
        return "已批准的采购方式变更不能作废。"

    # --- consequences -----------------------------------------------------------------------------------

    def reopened(self, log) -> None:
        """Given up: another one may be begun."""
        if self.state == Desk.VOID:
            self.is_open = False
            self.save(update_fields=["is_open"])

    def finish(self, log) -> None:
        """Approved: book, plan and money change hands together, or none of them does."""
        plan = self.original_plan = Plan.objects.locked(self.original_plan_id)
        self.old_book = TaskBook.objects.lock_in_force(plan)
        if obstacle := self.plan_obstacle():
            raise ValidationError(obstacle)
        year = timezone.localtime(log.at).year
        self.approval_no = f"皖财购批〔{year}〕{numbers.take('皖财购批', year)}号"
        reason = f"采购方式变更已批准（{self.approval_no}，{self.number}）"
        self.old_book = self.old_book.perform("replace", log.by, reason, **following(log))
        fresh = succession.next_version(plan, self)
        Ledger(plan, log.by, move=log, paper=self).hand_over(fresh)
        plan.perform("supersede", log.by, reason, **following(log))
        self.new_plan = fresh.perform("inherit", log.by, reason, **following(log))
        self.is_open = False
        self.save(update_fields=["approval_no", "old_book", "new_plan", "is_open"])
        reply.order_reply(self, log.at)
