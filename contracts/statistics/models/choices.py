"""Lists of the Ministry's report (domain.md §20); values are the interface's codes where it has any."""

from django.db import models


class OrgKind(models.TextChoices):
    """组织形式 as the statistics know it; the plan's form has two of the four."""

    CENTRAL = "1", "政府集中采购"
    DEPARTMENT = "2", "部门集中采购"
    DECENTRALIZED = "3", "分散采购"
    OWN = "4", "自行采购"


class ContractBucket(models.IntegerChoices):
    """资金性质 of contract money."""

    GENERAL = 1, "一般公共预算"
    FUNDS = 2, "政府性基金预算"
    OTHER_FISCAL = 3, "其他资金（财政）"
    NON_FISCAL = 4, "非财政性资金"
    OTHER_LEVEL = 5, "非同级财政拨款"
    OTHER_UNIT = 6, "其他单位资金"


class PlanBucket(models.IntegerChoices):
    """资金性质 of plan money: the report has no sixth column, 其他单位资金 stands under 非财政性资金."""

    GENERAL = 1, "一般公共预算"
    FUNDS = 2, "政府性基金预算"
    OTHER_FISCAL = 3, "其他资金（财政）"
    NON_FISCAL = 4, "非财政性资金"
    OTHER_LEVEL = 5, "非同级财政拨款"


PLAN_COLUMN = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 4}


class Vehicle(models.TextChoices):
    CAR = "1", "轿车"
    OFF_ROAD = "2", "越野车"
    BUSINESS = "3", "商务车"
    SMALL_BUS = "4", "小型客车"
    BUS = "5", "中大型客车"
    TRUCK = "6", "载货汽车"
    SPECIAL = "7", "专用车辆"
    OTHER = "9", "其他车辆"
