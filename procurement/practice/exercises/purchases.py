"""Chapters 3.8 and 3.9: contracts, and the turn of the year."""

from functools import partial

from django.db.models import Q

from budgets.models import CarryOver
from contracts.models import Contract

from ..evidence import carried_over, decided, did, opened_window, published, saved, submitted, visited
from .exercise import Exercise
from .money import DECIDE, LATER, NOTHING_WAITS

clerk, unit, division, office = (
    partial(Exercise, (seat,)) for seat in ("clerk", "unit", "division", "office")
)
CONTRACTS, FILING = "contract-list", "contract-filing"
CHOSEN = visited("contract-new?result", "contract-new?plan")
CONTRACT = [
    clerk("s3-8-1-1", CONTRACTS, visited("contract-list") & visited("contract-new?kind")),
    clerk("s3-8-1-2", CONTRACTS, CHOSEN, tip="要有执行结果：备案任务书后，由执行机构回传，通常几秒。"),
    clerk("s3-8-1-3", CONTRACTS, CHOSEN),
    clerk(
        "s3-8-1-4", CONTRACTS,
        saved(
            Contract, Q(attachments__category="text"), Q(attachments__category="public"),
            Q(suppliers__account__gt=""), Q(inspector__gt="", acceptance_content__gt=""),
            Q(signed_on__isnull=False, starts_on__isnull=False, ends_on__isnull=False),
        ),
    ),
    clerk("s3-8-1-5", CONTRACTS, submitted("contract")),
    unit(
        "s3-8-2-1", "contract-review", visited("contract-review") & visited("contract-move?verb=approve"),
        tip=NOTHING_WAITS,
    ),
    unit("s3-8-2-2", "contract-review", decided("contract", "unit"), tip=NOTHING_WAITS),
    clerk("s3-8-3-1", FILING, visited(FILING) & visited("contract-move?verb=file"), tip=LATER),
    clerk("s3-8-3-2", FILING, did("contract", "file")),
    clerk("s3-8-3-3", FILING, visited("contract-detail", desks=("filing",)) & did("contract", "file")),
    clerk(
        "s3-8-3-4", FILING, published("contract") & visited("contract-detail", desks=("done",)),
        "?tab=filed", tip="打开已备案的合同，页面上有门户地址。",
    ),
]  # fmt: skip
YEAR_END, JUDGE = "carryover-list", "carryover-review"
CARRYOVER = [
    clerk(
        "s3-9-1-1", YEAR_END, visited("carryover-list") & visited("carryover-new"),
        tip="没有开放时，先用政府采购处的证书设置开放时间。",
    ),
    office(
        "s3-9-1-1", "carryover-window", opened_window(), own_title="设置结转开放时间",
        own_text="填开放日期和截止日期（练习时可把今天设为开放日），写明依据后保存。",
    ),
    clerk("s3-9-1-2", YEAR_END, visited("carryover-new?c")),
    clerk(
        "s3-9-1-3", YEAR_END,
        saved(CarryOver, Q(remark__gt=""), Q(lines__amount__gt=0, lines__reason__gt="")),
    ),
    clerk("s3-9-1-4", YEAR_END, submitted("carryover")),
    unit("s3-9-2-1", JUDGE, decided("carryover", "unit"), tip=NOTHING_WAITS),
    division(
        "s3-9-2-1", JUDGE, decided("carryover", "division"), tip=NOTHING_WAITS,
        own_title="归口支出处室审核结转申请", own_text=DECIDE,
    ),
    office("s3-9-2-2", JUDGE, decided("carryover", "office"), tip=NOTHING_WAITS),
    clerk(
        "s3-9-2-2", "quota-list", carried_over() & visited("quota-list"),
        own_title="过年，看结转生成的新指标",
        own_text="结转申请核定以后，在练习清单右侧“快进”到次年 1 月 1 日。约一分钟后结转执行，"
                 "在预算指标管理里切换到新年度，看生成的指标。",
    ),
    clerk("s3-9-3-1", "conversion-list", submitted("conversion")),
    division(
        "s3-9-3-1", "conversion-review", decided("conversion", "division"), tip=NOTHING_WAITS,
        own_title="归口支出处室审核预采购转正", own_text=DECIDE,
    ),
]  # fmt: skip
EXERCISES = CONTRACT + CARRYOVER
