"""采购意向公开: one notice of what a unit means to buy, and its rows (M 3.3)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from accounts.models import Organization
from budgets.models import QuotaConfirmation
from notices.models import Publication
from notices.published import Published
from procurement import clock
from procurement.flow.models import Desk, Document
from procurement.reference import numbers
from procurement.reference.models import Category

from . import wording
from .queries import IntentQuerySet, ItemQuerySet


class Notice(models.TextChoices):
    """A change or a cancellation is a new paper about a published one."""

    OPEN = "open", "意向公开"
    CHANGE = "change", "意向变更"
    CANCEL = "cancel", "意向撤销"


class Intent(Published, Document):
    """A notice of one or more intended purchases; it reserves no money."""

    desks = [Desk.UNIT, Desk.FILING]
    verbs = {"file": "发布"}
    line_sets = ["items"]

    notice = models.CharField("公告类别", max_length=8, choices=Notice, default=Notice.OPEN)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="successors", verbose_name="原公告"
    )
    basis = models.TextField("公开依据", blank=True)
    change_reason = models.TextField("变更或撤销原因", max_length=500, blank=True)
    contact = models.CharField("联系人", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)

    objects = IntentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "采购意向"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(notice="open", supersedes=None)
                | (~Q(notice="open") & Q(supersedes__isnull=False)),
                name="only_a_change_refers_to_a_notice",
            )
        ]

    @classmethod
    def new_number(cls, unit: Organization, year: int) -> str:
        return f"YX{year}{unit.budget_code}{numbers.take('YX' + unit.budget_code, year):04d}"

    # --- reading --------------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> list["IntentItem"]:
        """The saved rows, each with what a hint needs to know about it; one query."""
        return list(self.items.weighed()) if self.pk else []

    @cached_property
    def offered(self) -> dict[int, QuotaConfirmation]:
        """Confirmations a row may name: the unit's, of the year; one query a page."""
        rows = QuotaConfirmation.objects.active().filter(
            Q(quota__fiscal_year=self.fiscal_year) | Q(quota__origin__fiscal_year=self.fiscal_year),
            quota__unit=self.unit_id,  # … or carried on from it
        )
        return {row.pk: row for row in rows.select_related("quota").order_by("quota__quota_no", "seq")}

    @property
    def publication_status(self) -> str:
        """发布状态; empty before the last review."""
        if self.state == Desk.FILING:
            return "待发布"
        if self.state != Desk.DONE or self.publication is None:
            return ""
        if after := getattr(self, "followed_by", ""):
            return "已撤销" if after == Notice.CANCEL else "已变更"
        return {"待发布": "发布中"}.get(self.publication.status, self.publication.status)

    @property
    def span(self) -> str:
        """Expected months as a list shows them: 2026-11 至 2026-12."""
        rows = self.summary or {}
        months = dict.fromkeys(text[:7] for text in (rows.get("first"), rows.get("last")) if text)
        return " 至 ".join(months)

    # --- a change or a cancellation -------------------------------------------------------------------

    @cached_property
    def successor(self) -> "Intent | None":
        """The paper that changes or cancels this one, whatever desk it lies on."""
        return self.successors.exclude(state=Desk.VOID).order_by("pk").first()

    def supersede_obstacle(self, by: "Intent | None" = None) -> str | None:
        """Why it may not be changed or cancelled (by that paper) now."""
        if self.notice == Notice.CANCEL:
            return "撤销公告不能再变更或撤销，需要采购时请重新公开意向。"
        if self.publication is None or self.publication.state != Publication.State.SENT:
            return "原公告尚未在门户发布成功，不能办理变更或撤销。"
        other = self.successor
        if other is None or (by and other.pk == by.pk):
            return None
        return f"已有{other.get_notice_display()}公告 {other.number}（{other.status}），不能重复办理。"

    def may_supersede(self) -> None:
        """Under a lock of the older notice, so that it gets one successor only."""
        if self.supersedes_id:
            older = Intent.objects.locked(self.supersedes_id)
            if obstacle := older.supersede_obstacle(self):
                raise ValidationError(obstacle)

    # --- the flow -------------------------------------------------------------------------------------

    def check_complete(self) -> None:
        problems: dict[str, list[str]] = {}
        for name, wrong, text in self.requirements():
            if wrong:
                problems.setdefault(name, []).append(text)
        if problems:
            raise ValidationError(problems)
        self.may_supersede()

    def requirements(self):
        """(field, is it wrong, what to do) of every rule that stops a submission."""
        cancel = self.notice == Notice.CANCEL
        lost = self.items.exclude(
            confirmation__status=QuotaConfirmation.Status.ACTIVE, confirmation__quota__unit=self.unit_id
        )
        yield "__all__", not cancel and not self.items.exists(), "请至少填写一个采购项目。"
        yield "__all__", lost.exists(), "有采购项目对应的采购指标已被删除，请重新选择指标。"
        yield "contact", not self.contact, "请填写联系人。"
        yield "phone", not self.phone, "请填写联系电话。"
        reason = self.notice == Notice.OPEN or len(self.change_reason) >= 5
        yield "change_reason", not reason, "请写明变更或撤销的原因，至少 5 个字。"

    def void_obstacle(self) -> str | None:
        if self.state == Desk.FILING:
            return None
        return "已发布的公告不能作废；内容有变请办理变更公告，不再采购请办理撤销公告。"

    def finish(self, log) -> None:
        """发布 owes the notice to the portal, once, in the transaction of the click."""
        self.may_supersede()
        items = list(self.items.order_by("pk"))
        older = self.supersedes and self.supersedes.publication
        Publication.announce(
            self,
            title=self.title,
            html=wording.article(self, items, clock.today()),
            data=wording.data(self, items),
            supersedes=older.key if older else None,
        )


class IntentItem(models.Model):
    """One intended purchase."""

    class SetAside(models.TextChoices):
        """预留份额 for small and medium enterprises."""

        WHOLE = "whole", "整体预留"
        PART = "part", "部分预留"
        NONE = "none", "不预留"

    intent = models.ForeignKey(Intent, models.CASCADE, related_name="items")
    confirmation = models.ForeignKey(
        QuotaConfirmation, models.PROTECT, related_name="intent_items", verbose_name="采购指标"
    )
    project_name = models.CharField("采购项目名称", max_length=200)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name="采购品目")
    demand_summary = models.TextField("采购需求概况", max_length=2000)
    amount = models.DecimalField("预算金额（元）", max_digits=18, decimal_places=2)
    expected_month = models.DateField("预计采购时间")  # its first day
    sme_reserved = models.CharField("面向中小企业预留", max_length=5, choices=SetAside)
    sme_share = models.DecimalField("预留比例（％）", max_digits=5, decimal_places=2, null=True, blank=True)
    remark = models.TextField("备注", max_length=500, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "采购项目"
        default_permissions = ()
        ordering = ["pk"]
        indexes = [models.Index(fields=["project_name"], name="intent_items_by_name")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="intent_item_above_zero"),
            models.CheckConstraint(condition=Q(expected_month__day=1), name="expected_month_is_a_month"),
            models.CheckConstraint(
                condition=Q(sme_reserved="part", sme_share__gt=0, sme_share__lte=100)
                | (~Q(sme_reserved="part") & Q(sme_share=None)),
                name="a_share_where_part_is_set_aside",
            ),
        ]

    def __str__(self):
        return self.project_name

    def validate_constraints(self, exclude=None) -> None:
        """Left to the INSERT: the form says it all in words, asking first costs three queries a row."""

    @property
    def published_remark(self) -> str:
        """备注 as published: the set-aside statement, then the unit's own words."""
        return "；".join(part for part in (wording.set_aside(self), self.remark.strip()) if part)
