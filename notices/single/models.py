"""单一来源公示: seven things the law wants known before a purchase without competition (M 3.4)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from accounts.creditcode import validate_credit_code
from accounts.models import Organization
from budgets.models import QuotaConfirmation
from procurement.flow.models import Attachment, Desk, Document
from procurement.reference import numbers

from .queries import NoticeQuerySet

SIGNATURE = "signature"  # category of an expert's signed opinion: internal, it may show personal data
LEAST_DAYS = 5  # 实施条例第三十八条: 公示期不得少于5个工作日


def publicity_days() -> int:
    """How long a notice stands, in working days."""
    return max(LEAST_DAYS, settings.SINGLE_SOURCE_DAYS)


class SingleSourceNotice(Document):
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

    def required_desks(self) -> list[Desk]:
        """The manual's flow names the office only; the unit's own review can be switched on (3.4)."""
        return [Desk.UNIT, *self.desks] if settings.SINGLE_SOURCE_UNIT_REVIEW else self.desks

    def check_complete(self) -> None:
        problems: dict[str, list[str]] = {}
        for name, wrong, text in self.requirements():
            if wrong:
                problems.setdefault(name, []).append(text)
        if problems:
            raise ValidationError(problems)

    def requirements(self):
        """(field, is it wrong, what to do) of every rule that stops a submission."""
        yield "goods_description", len(self.goods_description.strip()) < 30, "说明至少 30 个字。"


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
