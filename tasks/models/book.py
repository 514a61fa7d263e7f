"""采购任务书: the order to the executor, drawn up and filed by the unit itself (manual 3.6)."""

from django.db import models
from django.db.models import Q

from accounts.models import Organization
from plans.models import Plan
from procurement.flow.models import Desk, Document

from .choices import BookKind, Channel, Execution


class TaskBook(Document):
    """One filed task book; a plan has one that is in force at most."""

    desks = [Desk.FILING]
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

    class Meta:
        verbose_name = verbose_name_plural = "采购任务书"
        default_permissions = ()
        indexes = [models.Index(fields=["kind_of_book", "execution"], name="books_by_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["approved_plan"], condition=Q(revoked_at=None), name="one_book_in_force_per_plan"
            ),
        ]
