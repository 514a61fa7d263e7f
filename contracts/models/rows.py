"""The rows of a contract: suppliers, lines, money by quota, payment plan (domain.md §15.1)."""

from django.db import models
from django.db.models import Q

from budgets.models import QuotaConfirmation
from plans.models import PlanItem

from ..suppliers.choices import Country, Investment, Size, Special
from . import choices
from .contract import Contract
from .fields import Row, chosen, day, money, switch, text


class ContractSupplier(Row):
    """乙方, and whoever else is paid under the contract."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="suppliers")
    name = models.CharField("供应商名称", max_length=200)
    uscc = models.CharField("统一社会信用代码", max_length=18)
    representative = text("法定代表人", 40)
    address = text("地址", 200)
    phone = text("联系电话", 40)
    region = text("行政区域", 60)
    size = chosen("企业规模", Size)
    special = chosen("企业性质", Special, default=Special.OTHER)
    investment = chosen("外商投资类型", Investment, default=Investment.DOMESTIC)
    country = chosen("投资国别", Country)
    role = chosen("角色", choices.Role, default=choices.Role.SOLE)
    is_payee = models.BooleanField("收款方", default=True)
    amount = money("收款金额（元）", null=True, blank=True)
    account_name = text("账户名称", 200)
    bank = text("开户银行", 100)
    bank_no = text("联行号", 20)
    account = text("银行账号", 40)

    class Meta:
        verbose_name = verbose_name_plural = "供应商"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="payee_amount_above_zero")
        ]

    def __str__(self):
        return self.name


class ContractItem(Row):
    """One line: what of the plan was bought, at which price."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="items")
    plan_item = models.ForeignKey(
        PlanItem, models.PROTECT, related_name="contracted", verbose_name="采购清单项"
    )
    name = models.CharField("标的名称", max_length=200)
    brand = text("品牌", 100)
    model = text("规格型号", 300)
    manufacturer = text("生产厂商", 200)
    manufacturer_size = chosen("厂商规模", Size)
    manufacturer_region = text("厂商所在地", 60)
    measure = models.CharField("单位", max_length=10)
    quantity = models.DecimalField("数量", max_digits=18, decimal_places=4)
    unit_price = models.DecimalField("单价（元）", max_digits=20, decimal_places=6)
    total = money("总价（元）")
    is_import = switch("进口产品")
    origin = text("原产国别", 60)
    difference_reason = text("与计划不同的原因", 300)

    class Meta:
        verbose_name = verbose_name_plural = "合同标的"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price__gte=0, total__gt=0), name="contract_item_above_zero"
            )
        ]

    def __str__(self):
        return self.name


class ContractFunding(Row):
    """Part of the money the plan holds: what filing commits, by confirmed quota."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="fundings")
    confirmation = models.ForeignKey(
        QuotaConfirmation, models.PROTECT, related_name="contract_fundings", verbose_name="采购指标"
    )
    amount = money("合同使用金额（元）")

    class Meta:
        verbose_name = verbose_name_plural = "合同资金"
        default_permissions = ()
        ordering = ["confirmation"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "confirmation"], name="quota_once_per_contract",
                deferrable=models.Deferrable.DEFERRED,  # rows are written in bulk, in any order
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="contract_funding_not_negative"),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.confirmation_id} {self.amount}"


class ContractPayment(Row):
    """One payment that was agreed."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="payments")
    due_on = day("付款日期")
    condition = models.CharField("付款条件", max_length=300)
    ratio = models.DecimalField("比例（％）", max_digits=5, decimal_places=2, null=True, blank=True)
    amount = money("付款金额（元）")

    class Meta:
        verbose_name = verbose_name_plural = "付款计划"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_above_zero")]

    def __str__(self):
        return f"{self.condition} {self.amount}"
