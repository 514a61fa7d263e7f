"""Master data, every row with the time it is in force and the paper it rests on."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from .calendars import CalendarDayQuerySet


class InForce(models.QuerySet):
    """Rows that are valid for a time."""

    def on(self, day: date):
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class EffectiveDated(models.Model):
    """A row in force from a day to a day, with its legal basis."""

    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    verified = models.BooleanField("已核对", default=False)

    class Meta:
        abstract = True


class CatalogueEdition(EffectiveDated):
    """An edition of the 品目分类目录; a category code means nothing without it."""

    code = models.CharField("版本", max_length=8, unique=True)
    name = models.CharField("名称", max_length=100)

    objects = InForce.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "品目目录版本"
        ordering = ["-code"]

    def __str__(self):
        return self.name


class CategoryQuerySet(models.QuerySet):
    """Where categories are looked for."""

    def in_force(self, day: date):
        return self.filter(
            Q(edition__valid_to=None) | Q(edition__valid_to__gte=day), edition__valid_from__lte=day
        )

    def selectable(self):
        """Leaves, and the rows a procurement catalogue names at a higher level (e.g. 网络设备)."""
        return self.filter(Q(is_leaf=True) | Q(central=True) | Q(mall_allowed=True), level__gt=0)

    def matching(self, term: str):
        """By code, name or pinyin initials."""
        return self.filter(
            Q(code__istartswith=term) | Q(name__contains=term) | Q(initials__startswith=term.lower())
        )


class Category(models.Model):
    """A 品目: letter and eight digits, four levels of two."""

    class Type(models.TextChoices):
        GOODS = "A", "货物"
        WORKS = "B", "工程"
        SERVICES = "C", "服务"

    edition = models.ForeignKey(
        CatalogueEdition, models.PROTECT, related_name="categories", verbose_name="版本"
    )
    code = models.CharField("编码", max_length=9)
    name = models.CharField("名称", max_length=60)
    parent_code = models.CharField("上级编码", max_length=9, blank=True)
    level = models.PositiveSmallIntegerField("级次")
    is_leaf = models.BooleanField("末级", default=True)
    initials = models.CharField("拼音首字母", max_length=60, blank=True)
    mall_allowed = models.BooleanField("可商城采购", default=False)
    central = models.BooleanField("集中采购目录内", default=False)
    energy_saving = models.BooleanField("强制节能", default=False)
    environmental = models.BooleanField("优先环保", default=False)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "品目"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="category_once_per_edition")]

    def __str__(self):
        return f"{self.code} {self.name}"

    @property
    def type(self) -> str:
        return self.Type(self.code[0])


class ThresholdQuerySet(InForce):
    """Thresholds and how they are asked for."""

    def value(self, code: str, day: date, procurement_type: str = "") -> Decimal:
        """The amount in force that day; DoesNotExist when none is, since no rule may guess."""
        rows = self.on(day).filter(code=code, procurement_type=procurement_type)
        return rows.latest("valid_from").amount


class Threshold(EffectiveDated):
    """An amount or a share that a rule compares with."""

    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=80)
    region_level = models.CharField("适用级次", max_length=20, default="provincial")
    procurement_type = models.CharField("采购类型", max_length=1, choices=Category.Type, blank=True)
    amount = models.DecimalField("数值", max_digits=18, decimal_places=2)
    is_share = models.BooleanField("百分比", default=False)

    objects = ThresholdQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "限额标准"
        ordering = ["code", "procurement_type", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "region_level", "procurement_type", "valid_from"],
                name="threshold_once_per_day",
            )
        ]

    def __str__(self):
        return self.name


class FundNature(models.Model):
    """资金性质, with the column of the Ministry's statistics it falls into (domain.md 5.2)."""

    code = models.CharField("代码", max_length=8, unique=True)
    name = models.CharField("名称", max_length=40)
    is_fiscal = models.BooleanField("财政性资金")
    stat_bucket = models.PositiveSmallIntegerField("统计归口")
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "资金性质"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(stat_bucket__range=(1, 6)), name="fund_nature_bucket_1_to_6")
        ]

    def __str__(self):
        return self.name


class BudgetClass(models.Model):
    """A 预算科目: functional, or economic of the government or the department."""

    class Kind(models.TextChoices):
        FUNCTION = "function", "支出功能分类"
        GOV = "gov", "政府预算支出经济分类"
        DEPT = "dept", "部门预算支出经济分类"

    kind = models.CharField("分类", max_length=8, choices=Kind)
    code = models.CharField("编码", max_length=7)
    name = models.CharField("名称", max_length=60)
    is_procurement = models.BooleanField("可用于采购", default=True)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "预算科目"
        ordering = ["kind", "code"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="budget_class_once")]

    def __str__(self):
        return f"{self.code} {self.name}"


class CalendarDay(models.Model):
    """One day of a year whose working days were announced by the State Council."""

    date = models.DateField("日期", primary_key=True)
    is_workday = models.BooleanField("工作日")
    name = models.CharField("说明", max_length=40, blank=True)
    source = models.CharField("来源", max_length=100)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["date"]

    def __str__(self):
        return f"{self.date:%Y-%m-%d} {'工作日' if self.is_workday else '休息日'}"


class Sequence(models.Model):
    """The last number given out in a series; written by `numbers.take` only."""

    scope = models.CharField("序列", max_length=20)
    region = models.CharField("区划", max_length=9)
    year = models.PositiveSmallIntegerField("年度")
    last = models.PositiveIntegerField("已用至")

    class Meta:
        verbose_name = verbose_name_plural = "编号序列"
        ordering = [F("year").desc(), "scope"]
        constraints = [models.UniqueConstraint(fields=["scope", "region", "year"], name="sequence_once")]

    def __str__(self):
        return f"{self.scope}{self.year}{self.region}"
