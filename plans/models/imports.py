"""进口设备采购报批: why a product must be imported, and who argued it (manual 3.5.6, domain.md §11)."""

from django.db import models

from . import choices
from .lines import PlanItem
from .plan import Plan


class ImportApproval(models.Model):
    """The import block of one item."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="imports")
    item = models.OneToOneField(
        PlanItem, models.CASCADE, related_name="import_approval", verbose_name="所属采购内容"
    )
    country = models.CharField("原产国别", max_length=60)
    purpose = models.CharField("用途", max_length=300)
    import_class = models.CharField("进口类别", max_length=12, choices=choices.ImportClass)
    import_case = models.CharField("适用情形", max_length=16, choices=choices.ImportCase)
    policy = models.CharField("鼓励目录名称及文号", max_length=200, blank=True)
    reason = models.TextField("需求理由", max_length=2000)

    class Meta:
        verbose_name = verbose_name_plural = "进口产品"
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self):
        return f"{self.item} {self.country}"


class ImportExpert(models.Model):
    """A member of the panel that argued the imports of a plan: five or more, odd, a lawyer among them."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="experts")
    name = models.CharField("姓名", max_length=40)
    employer = models.CharField("工作单位", max_length=100)
    title = models.CharField("职称", max_length=60)
    is_lawyer = models.BooleanField("法律专家", default=False)
    opinion = models.TextField("论证意见", max_length=2000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "论证专家"
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self):
        return self.name
