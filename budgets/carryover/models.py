"""结转申请: what a unit wants to take into the next year, and what was decided of each line."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from accounts.models import Organization, User
from procurement import clock
from procurement.flow.models import Desk, Document
from procurement.reference import numbers

from ..models.confirmations import QuotaConfirmation
from ..models.fields import money
from . import candidates, windows
from .candidates import Candidate
from .splitting import Basis

APPROVED: list[Callable] = []  # (application, log), in the transaction of the last approval


class Reason(models.TextChoices):
    """Why the money is still needed."""

    CONTRACT = "contract", "合同未履行完"
    UNDER_WAY = "under_way", "采购程序进行中"
    NOT_BEGUN = "not_begun", "未启动仍需"
    OTHER = "other", "其他"


class CarryOver(Document):
    """A year-end application of one unit; approved, it is executed when the year has turned."""

    desks = [Desk.UNIT, Desk.DIVISION, Desk.OFFICE]
    line_sets = ["lines"]

    remark = models.TextField("说明", max_length=1000)
    executed_at = models.DateTimeField("结转时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "年终结转申请"
        default_permissions = ()

    @classmethod
    def new_number(cls, unit: Organization, year: int) -> str:
        return f"JZ{year}{unit.region}{numbers.take('JZ', year, region=unit.region):04d}"

    @property
    def is_over(self) -> bool:
        """The last approval has been given."""
        return self.state == Desk.DONE

    @property
    def turns_on(self) -> date:
        """The first day of the next year: not before it is the money moved."""
        return date(self.fiscal_year + 1, 1, 1)

    @cached_property
    def offered(self) -> dict[str, Candidate]:
        """What its lines may be about; read once a page."""
        return candidates.of(self.unit_id, self.fiscal_year, besides=self.pk)

    def check_complete(self) -> None:
        """What must be true before anybody is asked to review it."""
        problems = [sentence for wrong, sentence in self.requirements() if wrong]
        if problems:
            raise ValidationError(problems)

    def requirements(self):
        """(is it wrong, what to do) of every rule."""
        window = windows.windows(self.fiscal_year)[self.fiscal_year]
        # a paper returned after the last day was handed in in time
        late = self.submitted_at is None and not window.is_open(clock.today())
        yield (
            late,
            f"{self.fiscal_year} 年结转申请的开放时间是 {window.opens} 至 {window.closes}，现在不能提交。",
        )
        lines = list(self.lines.select_related("confirmation__quota", "holder"))
        yield not lines, "请至少填写一行结转资金。"
        yield from candidates.objections(lines, self.offered)

    def reopened(self, log) -> None:
        """What the office had ruled was about another content."""
        Ruling.objects.filter(line__carry_over=self).delete()

    def finish(self, log) -> None:
        """The last approval: second-year money that is under no contract must have been decided on."""
        open_lines = self.lines.filter(second_year=True, ruling=None).exclude(basis=Basis.CONTRACTED)
        if count := open_lines.count():
            raise ValidationError(f"有 {count} 行是第二年结转且未签合同的资金，请先在“逐行核定”中作出决定。")
        for act in APPROVED:
            act(self, log)


class CarryOverLine(models.Model):
    """Money of one confirmation that is there on one ground: a contract, a plan, or none yet."""

    carry_over = models.ForeignKey(CarryOver, models.CASCADE, related_name="lines")
    confirmation = models.ForeignKey(
        QuotaConfirmation, models.PROTECT, related_name="+", verbose_name="采购指标"
    )
    holder = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", verbose_name="单据")
    basis = models.CharField("资金情况", max_length=10, choices=Basis)
    second_year = models.BooleanField("第二年结转", default=False)
    balance = money("可结转余额（元）")
    amount = money("申请结转（元）")
    reason = models.CharField("结转原因", max_length=10, choices=Reason)
    progress = models.CharField("采购进度", max_length=100, blank=True)
    expected_finish = models.DateField("预计完成时间")
    # what the rollover made of it
    carried_amount = money("已结转（元）", null=True, default=None, editable=False)
    returned_amount = money("交回财政（元）", null=True, default=None, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "结转资金"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["carry_over", "confirmation", "holder", "basis"], name="carried_line_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=F("balance")),
                name="carried_within_balance",
            ),
            models.CheckConstraint(
                condition=Q(basis=Basis.IDLE, holder=None) | ~Q(basis=Basis.IDLE) & Q(holder__isnull=False),
                name="carried_holder_follows_basis",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.confirmation} {self.amount}"

    @property
    def key(self) -> str:
        """What it is about, in one word of a form or an address."""
        return f"{self.confirmation_id}-{self.holder_id or 0}-{self.basis}"

    @property
    def allowed(self) -> bool:
        """Refused only by the office's own word."""
        return getattr(self, "ruling", None) is None or self.ruling.allowed

    @property
    def needs_ruling(self) -> bool:
        """Unused two years running the money falls back unless it is owed (条例 art. 50; domain.md §15b)."""
        return self.second_year and self.basis != Basis.CONTRACTED

    @property
    def will_carry(self) -> Decimal:
        return self.amount if self.allowed else Decimal(0)

    @property
    def will_return(self) -> Decimal:
        """What finance gets back; contracted money never goes back."""
        return Decimal(0) if self.basis == Basis.CONTRACTED else self.balance - self.will_carry

    @property
    def will_stay(self) -> Decimal:
        """Contracted money that is not carried: it was paid in the old year."""
        return self.balance - self.will_carry - self.will_return


class Ruling(models.Model):
    """The office's decision on one line."""

    line = models.OneToOneField(CarryOverLine, models.CASCADE, related_name="ruling")
    allowed = models.BooleanField("同意结转")
    reason = models.CharField("核定意见", max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="核定人")
    at = models.DateTimeField("核定时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "逐行核定"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(allowed=True) | ~Q(reason=""), name="refusal_says_why")
        ]

    def __str__(self):
        return "同意结转" if self.allowed else f"不予结转：{self.reason}"


class YearClose(models.Model):
    """关账 of a year: asked for by the office, confirmed by an administrator, done by a job."""

    fiscal_year = models.PositiveSmallIntegerField("年度", unique=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间", default=clock.now)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    voided = models.PositiveIntegerField("作废草稿数", default=0)
    returned = money("交回财政")

    class Meta:
        verbose_name = verbose_name_plural = "年度关账"
        default_permissions = ("view",)
        ordering = ["-fiscal_year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None, finished_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("asked_by")),
                name="year_closed_by_two",
            )
        ]

    def __str__(self):
        return f"{self.fiscal_year} 年关账"
