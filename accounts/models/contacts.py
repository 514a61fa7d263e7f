"""Whom to call 联系电话 (manual 4)."""

from django.db import models

from .organizations import Organization, OrgKind


class ContactGroup(models.Model):
    """One line of the phone list: policy questions by finance division, or technical support."""

    class Kind(models.TextChoices):
        POLICY = "policy", "政策咨询"
        TECHNICAL = "technical", "技术咨询"

    kind = models.CharField("类别", max_length=10, choices=Kind)
    name = models.CharField("名称", max_length=60, unique=True)
    divisions = models.ManyToManyField(
        Organization, blank=True, limit_choices_to={"kind": OrgKind.DIVISION}, verbose_name="处室"
    )
    phones = models.CharField("电话", max_length=120, help_text="多个号码用空格隔开")
    qq = models.CharField("QQ", max_length=20, blank=True)
    hours = models.CharField("服务时间", max_length=60, default="工作日 8:30–17:30")
    note = models.CharField("说明", max_length=120, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "联系电话"
        ordering = ["position", "name"]

    def __str__(self):
        return self.name

    @property
    def phone_list(self) -> list[str]:
        return self.phones.split()
