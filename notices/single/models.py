"""单一来源公示: seven things the law wants known before a purchase without competition (M 3.4)."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.creditcode import validate_credit_code
from accounts.models import Organization
from budgets.models import QuotaConfirmation
from notices.enclosures import release
from notices.models import Publication  # stands above this package's line there
from notices.published import Published
from procurement import clock
from procurement.flow.models import Attachment, Desk, Document
from procurement.reference import numbers

from . import wording
from .queries import NoticeQuerySet
from .requirements import requirements
from .terms import Term, days_left, term

SIGNATURE = "signature"  # category of an expert's signed opinion: internal, it may show personal data
OPEN = "open"  # category of what is published along: opinions without personal data
LEAST_DAYS = 5  # 实施条例第三十八条: 公示期不得少于5个工作日


def publicity_days() -> int:
    """How long a notice stands, in working days."""
    return max(LEAST_DAYS, settings.SINGLE_SOURCE_DAYS)


class SingleSourceNotice(Published, Document):
    """A notice that only one supplier will be asked; objections are possible while it stands."""

    class Ground(models.TextChoices):
        """政府采购法第三十一条."""

        ONLY = "31-1", "只能从唯一供应商处采购（第一项）"
        URGENT = "31-2", "不可预见的紧急情况，不能从其他供应商处采购（第二项）"
        FOLLOW_UP = "31-3", "须向原供应商添购，且不超过原合同金额百分之十（第三项）"

    class Cause(models.TextChoices):
        """实施条例第二十七条: why there is only one."""

        PATENT = "patent", "不可替代的专利"
        KNOW_HOW = "know_how", "不可替代的专有技术"
        SERVICE = "service", "公共服务项目具有特殊要求"

    class Outcome(models.TextChoices):
        """What became of the publicity; a status of its own, beside the desk the paper lies on."""

        NONE = "", "未公示"
        PUBLICIZING = "publicizing", "公示中"
        COMPLETED = "completed", "公示期满无异议"
        OBJECTED = "objected", "有异议"
        REARGUED = "reargued", "已补充论证"
        OVERRULED = "completed_overruled", "异议不成立，公示完成"
        UPHELD = "upheld", "异议成立，公示终止"

    FINAL = (Outcome.COMPLETED, Outcome.OVERRULED, Outcome.UPHELD)

    desks = [Desk.OFFICE]
    line_sets = ["experts"]

    confirmation = models.ForeignKey(
        QuotaConfirmation, models.PROTECT, related_name="single_source_notices", verbose_name="采购指标"
    )
    intent_number = models.CharField("采购意向编号", max_length=40, blank=True)  # known by number only
    project_name = models.CharField("采购项目名称", max_length=150)
    content = models.TextField("采购项目内容", max_length=2000)
    goods_description = models.TextField("拟采购的货物或服务的说明", max_length=3000)
    legal_basis = models.CharField("法定情形", max_length=4, choices=Ground, default=Ground.ONLY)
    reason_code = models.CharField("唯一性原因", max_length=8, choices=Cause, blank=True)
    reason = models.TextField("采用单一来源采购方式的原因及相关说明", max_length=3000)
    original_contract = models.CharField("原合同编号", max_length=80, blank=True)
    original_amount = models.DecimalField(
        "原合同金额（元）", max_digits=18, decimal_places=2, null=True, blank=True
    )
    supplier_name = models.CharField("拟定供应商名称", max_length=150)
    supplier_address = models.CharField("拟定供应商地址", max_length=200)
    supplier_uscc = models.CharField(
        "供应商统一社会信用代码", max_length=18, validators=[validate_credit_code]
    )
    contact = models.CharField("采购人联系人", max_length=40, blank=True)
    phone = models.CharField("采购人电话", max_length=40, blank=True)
    address = models.CharField("采购人地址", max_length=200, blank=True)
    agency = models.CharField("采购代理机构", max_length=150, blank=True)
    agency_contact = models.CharField("代理机构联系人", max_length=40, blank=True)
    agency_phone = models.CharField("代理机构电话", max_length=40, blank=True)
    agency_address = models.CharField("代理机构地址", max_length=200, blank=True)
    finance = models.CharField("财政部门", max_length=150, blank=True)
    finance_contact = models.CharField("财政部门联系人", max_length=40, blank=True)
    finance_phone = models.CharField("财政部门电话", max_length=40, blank=True)
    finance_address = models.CharField("财政部门地址", max_length=200, blank=True)
    publicity_days = models.PositiveSmallIntegerField(
        "公示期限（工作日）", default=publicity_days, editable=False
    )
    publicity_start = models.DateField("公示开始", null=True, editable=False)
    publicity_end = models.DateField("公示期满", null=True, editable=False)
    outcome = models.CharField(
        "公示结果", max_length=20, choices=Outcome, default=Outcome.NONE, blank=True, editable=False
    )
    closed_at = models.DateTimeField("公示办结时间", null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单一来源公示"
        default_permissions = ()
        indexes = [
            models.Index(fields=["outcome", "publicity_end"], name="notices_by_outcome"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(publicity_days__gte=LEAST_DAYS), name="publicity_five_workdays_at_least"
            ),
            models.CheckConstraint(
                condition=Q(publicity_end=None) | Q(publicity_end__gt=F("publicity_start")),
                name="publicity_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["completed", "completed_overruled", "reargued"])
                | Q(publicity_end__isnull=False),
                name="nothing_completed_without_a_term",
            ),
        ]

    @classmethod
    def new_number(cls, unit: Organization, year: int) -> str:
        return f"DY{year}{unit.region}{numbers.take('DY', year, region=unit.region):04d}"

    # --- reading --------------------------------------------------------------------------------------

    @property
    def published_on(self) -> date | None:
        """The day the portal published it, in Shanghai."""
        sent = self.publication and self.publication.sent_at
        return timezone.localdate(sent) if sent else None

    @cached_property
    def term(self) -> Term | None:
        """When objections are possible; None until the portal has it. Counted anew from the calendar."""
        start = self.publicity_start or self.published_on
        return term(start, self.publicity_days, self.publicity_end) if start else None

    @property
    def closed(self) -> bool:
        return self.outcome in self.FINAL

    @property
    def open_to_objections(self) -> bool:
        return bool(self.term) and not self.closed and not self.term.is_over(clock.today())

    @property
    def progress(self) -> str:
        """公示状态 as lists show it; empty before the last review."""
        if self.state != Desk.DONE or self.publication is None:
            return ""
        if self.outcome == self.Outcome.NONE:  # the scheduler has not looked yet
            sent = self.publication.state == Publication.State.SENT
            return self.Outcome.PUBLICIZING.label if sent else self.publication.status
        over = self.publicity_end and clock.today() > self.publicity_end
        if self.outcome == self.Outcome.PUBLICIZING and over:
            return "公示期满，待办结"
        return self.get_outcome_display()

    @property
    def tone(self) -> str:
        """The tag's colour."""
        if self.outcome in (self.Outcome.COMPLETED, self.Outcome.OVERRULED):
            return "g"
        if self.outcome in (self.Outcome.OBJECTED, self.Outcome.REARGUED, self.Outcome.UPHELD):
            return "r" if self.outcome == self.Outcome.UPHELD else "o"
        return "b" if self.published_on else self.publication.tone if self.publication else "n"

    @property
    def span(self) -> str:
        """公示期 as a list shows it, without a question to the calendar."""
        start, end = self.publicity_start or self.published_on, self.publicity_end
        return f"{start:%m-%d} 至 {f'{end:%m-%d}' if end else '待定'}" if start else ""

    @property
    def countdown(self) -> str:
        """What is left of the term, while it runs."""
        if self.closed or not self.publicity_end:
            return ""
        left = days_left(clock.today(), self.publicity_end)
        return f"还剩 {left} 个工作日" if left > 0 else "今日期满" if left == 0 else "已期满"

    # --- the flow -------------------------------------------------------------------------------------

    def required_desks(self) -> list[Desk]:
        """The manual's flow names the office only; the unit's own review can be switched on (3.4)."""
        return [Desk.UNIT, *self.desks] if settings.SINGLE_SOURCE_UNIT_REVIEW else self.desks

    def check_complete(self) -> None:
        problems: dict[str, list[str]] = {}
        for name, wrong, text in requirements(self):
            if wrong:
                problems.setdefault(name, []).append(text)
        if problems:
            raise ValidationError(problems)

    def void_obstacle(self) -> str | None:
        return "已公示的单据不能作废；异议成立时由政府采购处终止公示。"

    def finish(self, log) -> None:
        """It owes itself to the portal at once: nobody presses a button (M 3.4, 特别说明)."""
        self.publicity_days = publicity_days()
        self.save(update_fields=["publicity_days"])
        experts = list(self.experts.order_by("pk"))
        Publication.announce(
            self,
            title=self.title,
            html=wording.article(self, experts),
            data=wording.data(self, experts) | {"attachments": release(self, OPEN)},
        )


class Expert(models.Model):
    """专业人员论证意见: one person's; nothing personal beyond name, employer and title is asked for."""

    notice = models.ForeignKey(SingleSourceNotice, models.CASCADE, related_name="experts")
    name = models.CharField("姓名", max_length=40)
    employer = models.CharField("工作单位", max_length=150)
    title = models.CharField("职称", max_length=60)
    opinion = models.TextField("论证意见", max_length=2000)
    # a file may be taken back from a draft; the row then says that it is missing
    signature = models.ForeignKey(
        Attachment, models.SET_NULL, null=True, related_name="+", verbose_name="签字文件", editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = "专业人员"
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self):
        return f"{self.name}（{self.employer}，{self.title}）"
