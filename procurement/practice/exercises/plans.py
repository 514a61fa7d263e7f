"""Chapter 3.5: a plan of each type, its review, a change of method, an import."""

from functools import partial

from django.db.models import Q

from plans.models import Plan, PlanType
from tasks.models import MethodChange

from ..evidence import Evidence, decided, did, saved, submitted, submitted_again, visited
from .exercise import Exercise
from .money import DECIDE, NOTHING_WAITS

clerk, unit, office = (partial(Exercise, (seat,)) for seat in ("clerk", "unit", "office"))
LIST, REVIEW = "plan-list", "plan-review"
ITEMS = Q(items__content__gt="", items__quantity__gt=0, items__total_price__gt=0)
FUNDINGS = Q(fundings__description__gt="", fundings__amount__gt=0)


def plan(kind: PlanType, *has: Q, **least: int) -> Evidence:
    return saved(Plan, Q(plan_type=kind.value), *has, **least)


def handed_in(*kinds: PlanType) -> Evidence:
    return submitted("plan", Q(document__plan__plan_type__in=[kind.value for kind in kinds]))


OPENED = visited("plan-new?kind=project&c", "plan-new?kind=project&intent", "plan-new?kind=project&notice")
ADVISED = visited("plan-edit", "plan-assistant")

PROJECT = [
    clerk("s3-5-1-1", LIST, visited("plan-list") & visited("plan-new?kind=project")),
    clerk("s3-5-1-2", LIST, OPENED),
    clerk("s3-5-1-3", LIST, OPENED),
    clerk("s3-5-1-4", LIST, visited("categories") | plan(PlanType.PROJECT, Q(items__category__isnull=False))),
    clerk("s3-5-1-5", LIST, plan(PlanType.PROJECT, ITEMS)),
    clerk("s3-5-1-6", LIST, plan(PlanType.PROJECT, Q(fundings__fund_kind="current"))),
    clerk("s3-5-1-7", LIST, plan(PlanType.PROJECT, FUNDINGS)),
    clerk(
        "s3-5-1-8", LIST, plan(PlanType.PROJECT, Q(org_form__gt="", method__gt="", entrust_mode__gt=""))
    ),
    clerk("s3-5-1-9", LIST, plan(PlanType.PROJECT) & ADVISED),
    clerk("s3-5-1-10", LIST, handed_in(PlanType.PROJECT)),
]  # fmt: skip
OTHERS = [
    clerk("s3-5-2-1", LIST, visited("plan-new?kind=mall")),
    clerk("s3-5-2-2", LIST, plan(PlanType.MALL, ITEMS, FUNDINGS)),
    clerk("s3-5-2-3", LIST, plan(PlanType.MALL, Q(mall_platform__gt="", mall_mode__gt=""))),
    clerk("s3-5-2-4", LIST, handed_in(PlanType.MALL)),
    clerk("s3-5-3-1", LIST, visited("plan-new?kind=other_non_gov", "plan-new?kind=other_history")),
    clerk(
        "s3-5-3-2", LIST,
        plan(PlanType.NON_GOV, ITEMS, FUNDINGS)
        | plan(
            PlanType.HISTORY, ITEMS, FUNDINGS, Q(attachments__category="contract"),
            Q(contract_no__gt="", contract_name__gt="", contract_amount__gt=0, supplier_name__gt="",
              signed_on__isnull=False),
        ),
    ),
    clerk(
        "s3-5-3-2", LIST, handed_in(PlanType.NON_GOV, PlanType.HISTORY), own_title="提交其他采购计划",
        own_text="填完点“保存”，再点“提交审核”。",
    ),
]  # fmt: skip
JUDGED = [
    unit("s3-5-4-1", REVIEW, visited("plan-review") & visited("plan-move?verb=approve"), tip=NOTHING_WAITS),
    unit("s3-5-4-2", REVIEW, decided("plan", "unit"), tip=NOTHING_WAITS),
    unit(
        "s3-5-4-2", REVIEW, did("plan", "send_back", desk="unit"), own_title="退回一份采购计划",
        own_text="选“退回”，选退回到哪一岗，选原因，写清要改什么后点“确定”。",
    ),
    unit("s3-5-4-3", REVIEW, visited("plan-detail", desks=("unit",)), tip=NOTHING_WAITS),
    unit(
        "s3-5-4-4", REVIEW, visited("plan-detail", desks=("unit",)) & did("plan", "approve", desk="unit"),
        tip="这一次选“通过”。",
    ),
    clerk("s3-5-4-5", LIST, submitted_again("plan"), "?tab=returned", tip="先用审核岗的证书退回一份。"),
]  # fmt: skip
CHANGES = [
    clerk("s3-5-5-1", LIST, visited("methodchange-new"), tip="要有已备案的项目采购计划，先做 3.6。"),
    clerk("s3-5-5-2", LIST, visited("methodchange-new?plan")),
    clerk(
        "s3-5-5-3", LIST, saved(MethodChange, Q(new_method__gt="", main_cause__gt="", explanation__gt=""))
    ),
    clerk("s3-5-5-4", LIST, submitted("methodchange", Q(document__attachments__isnull=False))),
    unit(
        "s3-5-5-4", "methodchange-review", decided("methodchange", "unit"), tip=NOTHING_WAITS,
        own_title="单位审核岗审核采购方式变更", own_text=DECIDE,
    ),
    office("s3-5-5-5", "methodchange-review", decided("methodchange", "office"), tip=NOTHING_WAITS),
]  # fmt: skip
IMPORTED = Q(items__is_import=True, items__import_approval__country__gt="",
             items__import_approval__purpose__gt="", items__import_approval__reason__gt="")  # fmt: skip
ALONG = Q(document__attachments__category="import_application")
IMPORTS = [
    clerk("s3-5-6-1", LIST, plan(PlanType.PROJECT, IMPORTED)),
    clerk("s3-5-6-2", LIST, plan(PlanType.PROJECT, Q(experts__is_lawyer=True), experts=5)),
    clerk(
        "s3-5-6-3", LIST,
        submitted("plan", ALONG) & submitted("plan", Q(document__attachments__category="import_opinion")),
    ),
    office("s3-5-6-4", REVIEW, decided("plan", "office"), tip=NOTHING_WAITS),
]  # fmt: skip
EXERCISES = PROJECT + OTHERS + JUDGED + CHANGES + IMPORTS
