"""采购结果: what came of a book, per package or mall order (domain.md §12)."""

from decimal import Decimal

from django.db import models
from django.db.models import Q, Sum

from accounts.models import User
from plans.models import Method, PlanItem

from .book import TaskBook
from .events import ExecutorEvent


class Source(models.TextChoices):
    TRADING = "trading", "项目交易系统"
    HUICAI = "huicai", "徽采商城"
    WANCAI = "wancai", "皖采商城"
    AGENCY = "agency", "代理机构"
    MANUAL = "manual", "人工录入"


class Standing(models.TextChoices):
    EFFECTIVE = "effective", "有效"
    SUPERSEDED = "superseded", "已被更正"
    DISPUTED = "disputed", "待核实"
    DISMISSED = "dismissed", "不予采纳"


class Size(models.TextChoices):
    LARGE = "large", "大型企业"
    MEDIUM = "medium", "中型企业"
    SMALL = "small", "小型企业"
    MICRO = "micro", "微型企业"


def money(label: str, **options) -> models.DecimalField:
    return models.DecimalField(label, max_digits=18, decimal_places=2, **options)


def text(label: str, length: int) -> models.CharField:
    return models.CharField(label, max_length=length, blank=True)


class ResultQuerySet(models.QuerySet):
    """Reads of results."""

    def effective(self) -> "ResultQuerySet":
        return self.filter(standing=Standing.EFFECTIVE)

    def quantities(self, books) -> dict[int, Decimal]:
        """book -> quantity its successful results have bought (已完成数量); one query."""
        done = self.effective().filter(book__in=books, failed=False)
        return dict(done.values_list("book").annotate(Sum("lines__quantity", default=Decimal(0))))


class ExecutionResult(models.Model):
    """One result of one round of one package, or one mall order."""

    book = models.ForeignKey(TaskBook, models.PROTECT, related_name="results", verbose_name="任务书")
    event = models.OneToOneField(
        ExecutorEvent, models.PROTECT, related_name="outcome", verbose_name="来源事件"
    )
    source = models.CharField("来源", max_length=8, choices=Source)
    result_no = models.CharField("订单号/结果编号", max_length=80)  # the executor's own
    revision = models.PositiveSmallIntegerField("更正次数", default=1)
    standing = models.CharField("效力", max_length=10, choices=Standing)
    project_no = text("项目编号", 80)
    package_no = text("包号", 40)
    round = models.PositiveSmallIntegerField("第几次采购", default=1)
    method = models.CharField("采购方式", max_length=30, choices=Method, blank=True)
    notice_date = models.DateField("公告日期", null=True)
    open_date = models.DateField("开标时间", null=True)
    result_date = models.DateField("中标（成交）日期")
    award_notice_date = models.DateField("通知书发出日期", null=True)
    amount = money("中标（成交）金额（元）", default=0)
    bidders = models.PositiveSmallIntegerField("参与供应商数量", null=True)
    failed = models.BooleanField("采购失败", default=False)
    failure_reason = text("失败原因", 500)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="核实人")
    settled_at = models.DateTimeField("核实时间", null=True)
    settled_note = text("核实意见", 300)

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "采购结果"
        default_permissions = ()
        ordering = ["result_date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "source", "result_no"], condition=Q(standing="effective"),
                name="one_effective_result_each",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="result_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(failed=False, amount__gt=0) | Q(failed=True, amount=0, failure_reason__gt=""),
                name="awarded_or_failed_with_reason",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.book_id} {self.result_no}"

    @property
    def tone(self) -> str:
        return {"effective": "g", "disputed": "r"}.get(self.standing, "n")

    @property
    def winners(self) -> list["ResultSupplier"]:
        return [supplier for supplier in self.suppliers.all() if supplier.is_winner]


class ResultSupplier(models.Model):
    """A supplier who took part; the winner with what a contract needs to know about him."""

    result = models.ForeignKey(ExecutionResult, models.CASCADE, related_name="suppliers")
    name = models.CharField("供应商", max_length=200)
    uscc = text("统一社会信用代码", 18)
    size = models.CharField("企业规模", max_length=6, choices=Size, blank=True)
    features = text("企业特征", 200)
    region = text("所在地区", 60)
    address = text("地址", 200)
    bank = text("开户银行", 100)
    account = text("银行账号", 40)
    offer = money("报价（元）", null=True)
    is_winner = models.BooleanField("中标（成交）", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "供应商"
        default_permissions = ()
        ordering = ["-is_winner", "pk"]

    def __str__(self):
        return self.name


class ResultLine(models.Model):
    """What was bought: one row of the result."""

    result = models.ForeignKey(ExecutionResult, models.CASCADE, related_name="lines")
    plan_item = models.ForeignKey(
        PlanItem, models.PROTECT, null=True, related_name="bought", verbose_name="采购清单项"
    )
    name = models.CharField("名称", max_length=200)
    brand = text("品牌", 100)
    model = text("型号", 100)
    spec = text("规格", 500)
    quantity = models.DecimalField("数量", max_digits=18, decimal_places=4)
    unit_price = models.DecimalField("单价（元）", max_digits=20, decimal_places=6)
    total = money("总价（元）")
    manufacturer = text("生产厂商", 200)
    origin = text("原产国别", 60)

    class Meta:
        verbose_name = verbose_name_plural = "标的明细"
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price__gte=0, total__gte=0), name="result_line_above_zero"
            )
        ]

    def __str__(self):
        return self.name
