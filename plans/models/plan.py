"""采购计划: what a unit will buy, with which money, how (manual 3.5)."""

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from accounts.models import Organization, OrgKind
from budgets.models import Ledger, QuotaConfirmation, QuotaSource
from intents.models import IntentItem
from notices.models import SingleSourceNotice
from plans import assistant, checks, grown
from procurement import clock
from procurement.flow.models import Desk, Document
from procurement.flow.moves import move
from procurement.reference import numbers
from procurement.reference.models import Category

from . import choices


def chosen(label: str, options, **fields) -> models.CharField:
    return models.CharField(label, max_length=30, choices=options, blank=True, **fields)


def switch(label: str) -> models.BooleanField:
    return models.BooleanField(label, default=False)


def fund_kind(quota) -> choices.FundKind:
    """资金小类 of a quota: where it came from, then whether it is fiscal money (domain.md §9.4)."""
    special = {
        QuotaSource.PRE: choices.FundKind.PRE,
        QuotaSource.UNIFIED: choices.FundKind.UNIFIED,
        QuotaSource.OTHER: choices.FundKind.OTHER,
    }
    if quota.source_type in special:
        return special[quota.source_type]
    if not quota.fund_nature.is_fiscal:
        return choices.FundKind.OTHER
    carried = quota.source_type == QuotaSource.CARRYOVER
    return choices.FundKind.CARRYOVER if carried else choices.FundKind.CURRENT


class Plan(Document):
    """A procurement plan of one of four types; submitting it reserves its money."""

    desks = [Desk.UNIT, Desk.OFFICE]
    line_sets = ["imports", "items", "fundings", "packages", "experts"]
    recording = ("submit", "inherit")

    plan_type = models.CharField("计划类型", max_length=20, choices=choices.PlanType)
    procurement_type = models.CharField("采购分类", max_length=1, choices=Category.Type, blank=True)
    handler_name = models.CharField("项目联系人", max_length=40, blank=True)
    handler_phone = models.CharField("联系人电话", max_length=40, blank=True)
    responsible_name = models.CharField("项目负责人", max_length=40, blank=True)
    responsible_phone = models.CharField("负责人电话", max_length=40, blank=True)
    expected_start = models.DateField("预计采购开始日期", null=True, blank=True)
    expected_finish = models.DateField("预计采购完成日期", null=True, blank=True)
    intent_item = models.ForeignKey(
        IntentItem, models.PROTECT, null=True, blank=True, related_name="plans", verbose_name="采购意向"
    )
    intent_exemption = chosen("不公开意向的情形", choices.IntentExemption)
    intent_reason = models.CharField("不公开意向的理由", max_length=300, blank=True)
    demand_summary = models.TextField("采购需求概述", max_length=2000, blank=True)
    gov_service = switch("政府购买服务")
    gov_service_code = models.CharField("指导性目录编码", max_length=20, blank=True)
    is_ppp = switch("PPP 项目")
    is_it_system = switch("政务信息系统")
    is_research_equipment = switch("高校科研设备")
    is_joint = switch("联合采购")
    is_trusted_it = switch("适用 2023 年需求标准（信创）")
    multi_year = switch("一签多年")
    years = models.PositiveSmallIntegerField("合同年限", null=True, blank=True)

    org_form = chosen("组织形式", choices.OrgForm)
    method = chosen("采购方式", choices.Method)
    method_reason = chosen("采用非公开招标方式的理由", choices.MethodReason)
    method_text = models.CharField("理由说明", max_length=500, blank=True)
    notice = models.ForeignKey(
        SingleSourceNotice, models.PROTECT, null=True, blank=True, related_name="plans",
        verbose_name="单一来源公示",
    )  # fmt: skip
    entrust_mode = chosen("委托方式", choices.Entrust)
    agency = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代理机构",
        limit_choices_to={"kind__in": [OrgKind.AGENCY, OrgKind.CENTRAL_AGENCY], "is_active": True},
    )  # fmt: skip
    implement = chosen("实施形式", choices.Implement, default=choices.Implement.GENERAL)
    mall_platform = chosen("商城", choices.MallPlatform)
    mall_mode = chosen("商城采购方式", choices.MallMode)
    over_reason = models.CharField("超标采购理由", max_length=500, blank=True)

    sme_reserved = models.BooleanField("专门面向中小企业采购", null=True, blank=True)
    sme_mode = chosen("预留方式", choices.SmeMode)
    sme_scope = chosen("预留对象", choices.SmeScope)
    sme_amount = models.DecimalField("预留金额（元）", max_digits=18, decimal_places=2, null=True, blank=True)
    no_sme_reason = models.CharField("不预留的理由", max_length=500, blank=True)

    contract_no = models.CharField("原合同编号", max_length=80, blank=True)
    contract_name = models.CharField("合同名称", max_length=200, blank=True)
    supplier_name = models.CharField("供应商", max_length=200, blank=True)
    signed_on = models.DateField("签订日期", null=True, blank=True)
    contract_amount = models.DecimalField(
        "合同金额（元）", max_digits=18, decimal_places=2, null=True, blank=True
    )
    paid_amount = models.DecimalField(
        "已支付金额（元）", max_digits=18, decimal_places=2, null=True, blank=True
    )

    kept = models.JSONField("维持原信息的理由", default=dict, blank=True)  # rule code -> why it is kept
    findings = models.JSONField("辅助填报结果", default=list, blank=True, editable=False)  # as submitted
    office_reasons = models.JSONField("报政府采购处审核的原因", default=list, blank=True, editable=False)

    objects = grown.PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "采购计划"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(years__isnull=True) | Q(years__range=(2, 3)), name="plan_years_two_or_three"
            ),
            models.CheckConstraint(
                condition=~Q(intent_item__isnull=False, intent_exemption__gt=""),
                name="plan_intent_or_exemption",
            ),
        ]

    @classmethod
    def new_number(cls, unit: Organization, year: int) -> str:
        return f"JH{year}{unit.region}{numbers.take('JH', year, region=unit.region):06d}"

    # --- reading --------------------------------------------------------------------------------------

    @cached_property
    def offered(self) -> dict[int, QuotaConfirmation]:
        """Confirmations its money may come from: own unit, own year, kinds of its type; one query a page."""
        rows = QuotaConfirmation.objects.active().filter(
            Q(quota__fiscal_year=self.fiscal_year) | Q(quota__origin__fiscal_year=self.fiscal_year),
            quota__unit=self.unit_id,  # … or carried on from it
        )
        found = {}
        for row in rows.select_related("quota__fund_nature").order_by("quota__quota_no", "seq"):
            row.kind = fund_kind(row.quota)
            if row.kind in choices.FUND_MATRIX[self.plan_type]:
                found[row.pk] = row
        return found

    # --- travel -----------------------------------------------------------------------------------------

    def required_desks(self) -> list[Desk]:
        """All plans pass the unit; three reasons bring them before the office (manual 3.5.4, 3.5.6)."""
        return [Desk.UNIT, Desk.OFFICE] if self.office_reasons else [Desk.UNIT]

    def expected_desks(self) -> list[Desk]:
        """A draft foretells its way by the rules of the submission."""
        reasons = assistant.foreseen(self, clock.today())
        return [Desk.UNIT, Desk.OFFICE] if reasons else [Desk.UNIT]

    @property
    def flags(self) -> list:
        """Red flags of the last submission, as the reviewer's list marks them."""
        return assistant.flags_of(self)

    def check_complete(self) -> None:
        """The hard rules; what they found and why the office must see it stays with the submission."""
        checks.submission(self)

    def void_obstacle(self) -> str | None:
        """An approved plan may be given up while nothing has grown out of it."""
        return grown.obstacle(self)

    def submitted(self, log) -> None:
        """The money is reserved with the submission; a shortage undoes all of it."""
        wanted = dict(self.fundings.values_list("confirmation", "amount"))
        Ledger(self, log.by, move=log).reserve(wanted)

    def reopened(self, log) -> None:
        """Back on the clerk's desk or void: what is reserved is free again."""
        Ledger(self, log.by, move=log).release()

    # --- another version takes its place (manual 3.5.5) -------------------------------------------------

    @move("变更替代", source=Desk.DONE, target=Desk.VOID, seat=Desk.OFFICE, caused=True)
    def supersede(self):
        """A new version holds its money by now."""

    @move("变更生成", source=Desk.CLERK, target=Desk.DONE, seat=Desk.OFFICE, caused=True)
    def inherit(self):
        """The office has approved this version with the change of method: nobody reviews it again."""

    @property
    def status(self) -> str:
        if self.state == Desk.VOID and self.last_verb == "supersede":
            return "已变更"
        return super().status
