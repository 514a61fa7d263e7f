"""Chapters 3.1 to 3.4: budget, confirmation, intent, single source."""

from functools import partial

from django.db.models import Q

from budgets.models import BudgetEntry
from notices.models import SingleSourceNotice

from ..evidence import (
    confirmed,
    decided,
    did,
    publicity,
    published,
    saved,
    submitted,
    took_back,
    visited,
)
from .exercise import Exercise

clerk, unit, division, office = (
    partial(Exercise, (seat,)) for seat in ("clerk", "unit", "division", "office")
)
NOTHING_WAITS = "没有待处理的，先用前一岗的证书提交或通过一份。"
LATER = "要等其他岗位审核通过，先用他们的证书办理。"
DECIDE = "打开审核菜单的“待处理”，看过内容选“通过”或“退回”，写上意见，点“确定”。"

BUDGET = [
    clerk("s3-1-1", "budgetentry-list", visited("budgetentry-new?kind")),
    clerk(
        "s3-1-2", "budgetentry-list",
        saved(BudgetEntry, Q(fund_source__gt="", fund_nature__isnull=False, project_name__gt="")),
    ),
    clerk(
        "s3-1-3", "budgetentry-list",
        saved(BudgetEntry, Q(lines__content__gt="", lines__unit_price__gt=0, lines__quantity__gt=0)),
    ),
    clerk(
        "s3-1-4", "budgetentry-list",
        submitted("budgetentry", Q(document__attachments__category="fund_proof")
                  | Q(document__budgetentry__entry_type="unified")),
    ),
    unit(
        "s3-1-5", "budgetentry-review",
        visited("budgetentry-review") & visited("budgetentry-detail", desks=("unit",)), tip=NOTHING_WAITS,
    ),
    unit("s3-1-6", "budgetentry-review", decided("budgetentry", "unit"), tip=NOTHING_WAITS),
    division(
        "s3-1-6", "budgetentry-review", decided("budgetentry", "division"), tip=NOTHING_WAITS,
        own_title="归口支出处室审核一份预算", own_text=DECIDE,
    ),
    office(
        "s3-1-6", "budgetentry-review", decided("budgetentry", "office"), tip=NOTHING_WAITS,
        own_title="政府采购处审核一份预算", own_text=DECIDE,
    ),
    clerk(
        "s3-1-7", "budgetentry-list",
        visited("budgetentry-detail", desks=("division", "office", "done")), "?tab=review", tip=LATER,
    ),
]  # fmt: skip
CONFIRMING = [
    clerk("s3-2-1", "quota-list", visited("quota-list") & visited("quota-confirm")),
    clerk("s3-2-2", "quota-list", visited("quota-confirm")),
    clerk("s3-2-3", "quota-list", confirmed()),
    clerk("s3-2-4", "quota-list", confirmed() & visited("quota-confirm")),
    clerk(
        "s3-2-4", "quota-list", took_back(), own_title="删除一次确认",
        own_text="再点“指标确认”，对未被使用的一次确认点“删除”，金额退回指标。",
    ),
    clerk("s3-2-5", "confirmed-list", visited("confirmed-list") & visited("quota-detail")),
    clerk("s3-2-6", "confirmed-list", visited("quota-history")),
]  # fmt: skip
INTENT = [
    clerk("s3-3-1", "intent-list", visited("intent-list") & visited("intent-new")),
    clerk("s3-3-2", "intent-list", visited("intent-new?c")),
    clerk(
        "s3-3-3", "intent-list",
        submitted("intent", Q(document__intent__items__demand_summary__gt="",
                              document__intent__contact__gt="")),
    ),
    unit(
        "s3-3-4", "intent-review", visited("intent-review") & visited("intent-move?verb=approve"),
        tip=NOTHING_WAITS,
    ),
    unit("s3-3-5", "intent-review", decided("intent", "unit"), tip=NOTHING_WAITS),
    clerk("s3-3-6", "intent-list", did("intent", "file"), "?tab=done", tip=LATER),
    clerk(
        "s3-3-7", "intent-list", published("intent") & visited("intent-detail", desks=("done",)),
        "?tab=done", tip="打开已发布的意向，页面上有门户地址。",
    ),
]  # fmt: skip
SINGLE = [
    clerk(
        "s3-4-1", "singlesourcenotice-list",
        visited("singlesourcenotice-list") & visited("singlesourcenotice-new"),
    ),
    clerk("s3-4-2", "singlesourcenotice-list", visited("singlesourcenotice-new?c")),
    clerk(
        "s3-4-3", "singlesourcenotice-list",
        saved(SingleSourceNotice, Q(content__gt="", goods_description__gt="", reason__gt="",
                                    supplier_name__gt="", supplier_address__gt="")),
    ),
    clerk(
        "s3-4-4", "singlesourcenotice-list",
        saved(SingleSourceNotice, Q(experts__opinion__gt=""), experts=3, experts__signature=3),
    ),
    clerk("s3-4-5", "singlesourcenotice-list", submitted("singlesourcenotice")),
    office(
        "s3-4-6", "singlesourcenotice-review", decided("singlesourcenotice", "office"), tip=NOTHING_WAITS
    ),
    clerk(
        "s3-4-7", "singlesourcenotice-list", publicity() & visited("singlesourcenotice-list?tab=done"),
        "?tab=done", tip="政府采购处通过后自动发布。",
    ),
    clerk(
        "s3-4-7", "singlesourcenotice-list", publicity("completed"), "?tab=done", own_title="等公示期满",
        own_text="公示 5 个工作日没有异议，就能报计划。练习环境一个工作日是一分钟，约六分钟后期满。",
    ),
    clerk(
        "s3-4-8", "singlesourcenotice-list",
        published("singlesourcenotice") & visited("singlesourcenotice-detail", desks=("done",)),
        "?tab=done", tip="打开已发布的公示，页面上有门户地址。",
    ),
]  # fmt: skip
EXERCISES = BUDGET + CONFIRMING + INTENT + SINGLE
