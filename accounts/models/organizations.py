"""Organisations: units, departments, finance divisions, the procurement office, agencies, malls."""

from django.db import models

from accounts.creditcode import validate_credit_code


class OrgKind(models.TextChoices):
    PURCHASER = "purchaser", "采购单位"
    DEPARTMENT = "department", "主管部门"
    DIVISION = "finance_division", "归口支出处室"
    OFFICE = "procurement_office", "政府采购处"
    CENTRAL_AGENCY = "central_agency", "集中采购机构"
    AGENCY = "agency", "采购代理机构"
    MALL = "mall_operator", "电子商城"


class Post(models.TextChoices):
    """What a person may do at an organisation; each is a guardian permission on it."""

    CLERK = "clerk", "经办岗"
    REVIEWER = "reviewer", "审核岗"
    APPROVER = "approver", "采购处岗"
    VIEWER = "viewer", "主管部门岗"
    AUDITOR = "auditor", "审计岗"


class OrganizationQuerySet(models.QuerySet):
    """Questions about organisations."""

    def office(self) -> "Organization":
        """The provincial procurement office, at whose desk plans and notices are approved."""
        return self.get(kind=OrgKind.OFFICE, is_active=True)


class Organization(models.Model):
    """A node of the tree department → unit; `division` is the finance division in charge of its money."""

    kind = models.CharField("类别", max_length=20, choices=OrgKind)
    name = models.CharField("名称", max_length=200, unique=True)
    short_name = models.CharField("简称", max_length=40, blank=True)
    budget_code = models.CharField("预算编码", max_length=9, blank=True, db_index=True)
    uscc = models.CharField(
        "统一社会信用代码",
        max_length=18,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_credit_code],
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    division = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="units", verbose_name="归口财政内部机构"
    )
    region = models.CharField("财政区划", max_length=6, default="340001")
    location = models.CharField(
        "所在地", max_length=20, default="合肥市", help_text="不在合肥的单位可用属地采购"
    )
    is_research = models.BooleanField("高校/科研院所", default=False)
    address = models.CharField("地址", max_length=200, blank=True)
    contact = models.CharField("联系人", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    self_review_allowed = models.BooleanField(
        "允许自审", default=False, help_text="仅限一人单位；每次自审都写入流程记录"
    )
    is_active = models.BooleanField("启用", default=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["budget_code", "name"]
        permissions = [(post.value, post.label) for post in Post]

    def __str__(self):
        return self.name

    @property
    def label(self) -> str:
        return self.short_name or self.name
