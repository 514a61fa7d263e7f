"""What budget entries and quotas say alike about money: its nature, project and subjects."""

from decimal import Decimal

from django.db import models

from procurement.reference.models import BudgetClass, FundNature


def money(label: str, **options) -> models.DecimalField:
    """An amount in yuan; money is never a float."""
    return models.DecimalField(label, max_digits=18, decimal_places=2, **{"default": Decimal(0), **options})


def subject(kind: BudgetClass.Kind) -> models.ForeignKey:
    """A budget class of one kind."""
    return models.ForeignKey(
        BudgetClass,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=kind.label,
        limit_choices_to={"kind": kind.value, "is_active": True},
    )


class Money(models.Model):
    """Nature, project and subjects of an amount (domain.md 5, 6)."""

    fund_nature = models.ForeignKey(FundNature, models.PROTECT, related_name="+", verbose_name="资金性质")
    project_name = models.CharField("预算项目名称", max_length=200)
    project_code = models.CharField("预算项目编码", max_length=40, blank=True)
    function_subject = subject(BudgetClass.Kind.FUNCTION)
    gov_econ = subject(BudgetClass.Kind.GOV)
    dept_econ = subject(BudgetClass.Kind.DEPT)

    class Meta:
        abstract = True
