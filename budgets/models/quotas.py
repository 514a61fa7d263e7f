"""指标: money issued to a unit, what finance changed of it later, and what is confirmed."""

import uuid
from decimal import Decimal

from django.db import connection, models, transaction
from django.db.models import F, Q

from accounts.models import Organization, Post, User
from procurement import clock
from procurement.flow.models import Document

from .fields import Money, money

ISSUED = F("issued_amount") + F("adjusted_amount") - F("frozen_amount")


class QuotaSource(models.TextChoices):
    YEAR_START = "year_start", "年初预算"
    SUPPLEMENT = "supplement", "追加"
    CARRYOVER = "carryover", "上年结转"
    PRE = "pre", "预采购"
    UNIFIED = "unified", "统采预算"
    OTHER = "other", "其他资金"


class QuotaQuerySet(models.QuerySet):
    """Reads of quotas."""

    def visible_to(self, user):
        """Own unit; a department its units; a division its 归口; office and auditors all (domain.md 2.3)."""
        posts, shown = user.posts, self.filter(is_procurement=True)
        if posts.organizations(Post.APPROVER) or posts.organizations(Post.AUDITOR):
            return shown
        own = posts.organizations(Post.CLERK) | posts.organizations(Post.REVIEWER)
        return shown.filter(
            Q(unit__in=own)
            | Q(division__in=posts.organizations(Post.REVIEWER))
            | Q(unit__parent__in=posts.organizations(Post.VIEWER))
        )

    def for_list(self):
        return self.select_related("fund_nature", "dept_econ", "unit", "division")


class Quota(Money):
    """An issued quota; its balances move by the ledger and by finance only."""

    quota_no = models.CharField("指标编号", max_length=40, unique=True)
    external_id = models.CharField("指标 ID", max_length=60, unique=True, null=True, blank=True)
    doc_no = models.CharField("指标文号", max_length=80, blank=True)
    description = models.CharField("指标说明", max_length=500, blank=True)
    unit = models.ForeignKey(Organization, models.PROTECT, related_name="quotas", verbose_name="预算单位")
    division = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="归口处室")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    source_type = models.CharField("指标来源", max_length=10, choices=QuotaSource)
    is_procurement = models.BooleanField("是否政府采购", default=True)
    provisional = models.BooleanField("预采购未转正", default=False)
    issued_on = models.DateField("下达日期", default=clock.today)
    # the budget entry it was born of; unique, so that approving twice cannot make money twice
    entry = models.OneToOneField(Document, models.PROTECT, null=True, related_name="quota", editable=False)
    case = models.UUIDField("全流程编号", default=uuid.uuid4, editable=False)
    # last year's quota it goes on from, by which application, and how often that has happened (domain.md 15b)
    origin = models.ForeignKey("self", models.PROTECT, null=True, related_name="carried_on", editable=False)
    carried_by = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", editable=False)
    carry_years = models.PositiveSmallIntegerField("已结转次数", default=0, editable=False)

    issued_amount = money("指标下达数")
    adjusted_amount = money("调整数")
    frozen_amount = money("冻结数")
    confirmed_amount = money("已确认")
    confirmed_count = models.PositiveIntegerField("已确认次数", default=0)
    last_seq = models.PositiveIntegerField("末次确认序号", default=0)
    available = models.GeneratedField(
        expression=ISSUED - F("confirmed_amount"),
        output_field=models.DecimalField(max_digits=18, decimal_places=2),
        db_persist=True,
        verbose_name="可确认",
    )
    overdrawn = models.BooleanField("超额确认", default=False)

    objects = QuotaQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "预算指标"
        default_permissions = ("view",)
        ordering = ["quota_no"]
        indexes = [models.Index(fields=["unit", "fiscal_year", "quota_no"], name="quotas_of_a_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_amount__gte=0, frozen_amount__gte=0, confirmed_amount__gte=0),
                name="quota_amounts_not_negative",
            ),
            # only finance may push a quota below zero, and then says so: no confirmation can over-commit
            models.CheckConstraint(
                condition=Q(overdrawn=False, confirmed_amount__lte=ISSUED)
                | Q(overdrawn=True, confirmed_amount__gt=ISSUED),
                name="quota_never_over_confirmed",
            ),
            # however often the rollover runs or dies, an application makes one quota out of another
            models.UniqueConstraint(fields=["carried_by", "origin"], name="quota_carried_once"),
            models.CheckConstraint(
                condition=Q(origin=None, carried_by=None, carry_years=0)
                | Q(origin__isnull=False, carried_by__isnull=False, carry_years__gt=0),
                name="carried_quota_says_whence",
            ),
        ]

    def __str__(self):
        return f"{self.quota_no} {self.project_name}"

    @property
    def total(self) -> Decimal:
        """指标金额 after finance's changes."""
        return self.issued_amount + self.adjusted_amount

    @property
    def confirmable(self) -> Decimal:
        """What may be confirmed now."""
        return max(self.available, Decimal(0))

    @property
    def confirmed_percent(self) -> str:
        """How far the bar in the list is filled."""
        share = self.confirmed_amount / self.total * 100 if self.total > 0 else Decimal(0)
        return f"{min(share, Decimal(100)):.1f}"

    @property
    def meter_tone(self) -> str:
        if self.overdrawn:
            return "over"
        return "full" if self.confirmed_amount and not self.available else "fg"

    @property
    def meter_label(self) -> str:
        return f"已确认 {self.confirmed_percent}%"

    @transaction.atomic
    def change(self, kind: "AdjustmentKind", amount: Decimal, **details) -> "QuotaAdjustment":
        """Finance issues, adjusts or freezes `amount` (signed); below what is confirmed it is overdrawn."""
        with connection.cursor() as cursor:
            cursor.execute(CHANGE.format(column=AdjustmentKind(kind).column), [amount, self.pk])
        return QuotaAdjustment.objects.create(quota=self, kind=kind, amount=amount, **details)

    def confirm(self, amount: Decimal, by: User, remark: str = ""):
        """Confirm part of it for procurement (M 3.2): one statement, immediate, no review."""
        from .confirmations import QuotaConfirmation

        return QuotaConfirmation.objects.take(self, amount, by, remark)


CHANGE = """
    UPDATE budgets_quota SET {column} = {column} + change.amount,
        overdrawn = available + CASE '{column}' WHEN 'frozen_amount' THEN -change.amount
                                ELSE change.amount END < 0
    FROM (SELECT %s::numeric(18, 2) AS amount) AS change WHERE id = %s
"""


class AdjustmentKind(models.TextChoices):
    """What finance did; each moves one column of the quota."""

    ISSUE = "issue", "下达"
    ADJUST = "adjust", "调整"
    FREEZE = "freeze", "冻结"

    @property
    def column(self) -> str:
        return {"issue": "issued_amount", "adjust": "adjusted_amount", "freeze": "frozen_amount"}[self.value]


class QuotaAdjustment(models.Model):
    """One change by finance; append-only (a database trigger refuses the rest)."""

    quota = models.ForeignKey(Quota, models.PROTECT, related_name="adjustments", verbose_name="指标")
    kind = models.CharField("事项", max_length=8, choices=AdjustmentKind)
    amount = money("金额")
    external_id = models.CharField("财政流水号", max_length=60, unique=True, null=True, blank=True)
    doc_no = models.CharField("文号", max_length=80, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="操作人")
    at = models.DateTimeField("时间", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "指标调整"
        default_permissions = ("view",)
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="adjustment_is_not_nothing")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"
