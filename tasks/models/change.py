"""采购方式变更: another method for a plan whose book is filed (manual 3.5.5)."""

from django.db import models
from django.db.models import Q

from plans.models import Method, Plan
from procurement.flow.models import Desk, Document

from .book import TaskBook
from .choices import Cause


class MethodChange(Document):
    """The request for another method; approved it replaces the plan by a new version."""

    desks = [Desk.UNIT, Desk.OFFICE]

    original_plan = models.ForeignKey(
        Plan, models.PROTECT, related_name="method_changes", verbose_name="原采购计划"
    )
    original_method = models.CharField("原采购方式", max_length=30, choices=Method)
    new_method = models.CharField("拟变更采购方式", max_length=30, choices=Method)
    main_cause = models.CharField("变更主因", max_length=20, choices=Cause)
    explanation = models.TextField("情况说明", max_length=2000)
    supplier = models.CharField("拟定供应商", max_length=200, blank=True)
    notice_no = models.CharField("单一来源公示编号", max_length=40, blank=True)
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
