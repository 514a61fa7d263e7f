"""The steps of the manual as exercises, chapter by chapter; each is checked against what is really there."""
# ruff: noqa: E501 (a table)

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import Appointment, OrgKind, Post
from plans.models import PlanType

from .facts import Facts

Check = Callable[[Facts], bool]
CHAPTERS = {
    "2": "系统登录", "3.1": "预算登记", "3.2": "采购预算指标确认", "3.3": "采购意向公开", "3.4": "单一来源公示",
    "3.5": "采购计划管理", "3.6": "采购任务书备案", "3.7": "信息公告发布", "3.8": "采购合同管理",
    "3.9": "年终采购资金结转申请",
}  # fmt: skip


@dataclass(frozen=True)
class Exercise:
    """One thing to do, by whom, where, and how it shows that it was done."""

    chapter: str
    seat: str  # clerk, unit, division or office
    title: str
    do: str
    url: str  # name of the page to start from
    check: Check
    query: str = ""


def did(kind: str, verb: str, desk: str = "") -> Check:
    return lambda facts: facts.did(kind, verb, desk)


def planned(*types: str) -> Check:
    return lambda facts: facts.planned(*types)


def review(chapter: str, seat: str, label: str, kind: str, url: str) -> Exercise:
    """通过 at one desk: the same words for every kind of paper."""
    title = f"审核通过一份{label}"
    do = "打开审核菜单的“待处理”，点“审核”，选“通过”，写审核意见后点“确定”。没有待处理的，先用前一岗的证书提交一份。"
    return Exercise(chapter, seat, title, do, url, did(kind, "approve", seat))


CLERK = [
    Exercise("2", "clerk", "用 CA-KEY 登录", "点右上角姓名退出，回到登录页，选自己的证书，输入 PIN 登录。",
             "home", lambda facts: facts.logged_in),
    Exercise("3.1", "clerk", "录入并提交一份预算", "点“新增”选类型，填预算信息和采购内容，保存后点“提交”。",
             "budgetentry-list", did("budgetentry", "submit")),
    Exercise("3.2", "clerk", "确认一条指标", "点“指标确认”，选一条指标，填本次确认金额，点“确定”。",
             "quota-list", lambda facts: facts.confirmed),
    Exercise("3.2", "clerk", "删除一次确认", "打开指标的“确认金额”，对未被使用的一次确认点“删除”，金额退回指标。",
             "quota-list", lambda facts: facts.deleted),
    Exercise("3.3", "clerk", "录入并提交采购意向", "点“新增”选指标，填意向内容，保存后提交给审核岗。",
             "intent-list", did("intent", "submit")),
    Exercise("3.3", "clerk", "发布采购意向", "审核通过后在“已办结”里点“发布”，等门户收到（通常几秒）。",
             "intent-list", lambda facts: "intent" in facts.published, "?tab=done"),
    Exercise("3.4", "clerk", "提交单一来源公示", "点“新增”选指标，填公示内容和三名专家的论证意见，提交给采购处。",
             "singlesourcenotice-list", did("singlesourcenotice", "submit")),
    Exercise("3.4", "clerk", "等公示期满", "采购处通过后公示 5 个工作日。练习环境一个工作日是一分钟，约六分钟后期满。",
             "singlesourcenotice-list", lambda facts: facts.publicity_over, "?tab=done"),
    Exercise("3.5", "clerk", "提交项目采购计划", "点“新增”选“项目采购计划”，填采购清单、资金构成、采购组织信息后提交。",
             "plan-list", planned(PlanType.PROJECT)),
    Exercise("3.5", "clerk", "提交商城采购计划", "点“新增”选“商城采购计划”，选商城和采购方式后提交。",
             "plan-list", planned(PlanType.MALL)),
    Exercise("3.5", "clerk", "提交其他采购计划", "点“新增”选“非政府采购”或“历史合同补录”，填写后提交。",
             "plan-list", planned(PlanType.NON_GOV, PlanType.HISTORY)),
    Exercise("3.5", "clerk", "申报进口设备采购", "在采购清单里打开一项的“进口”开关，填进口论证内容后提交计划。",
             "plan-list", lambda facts: any(imported for _, imported in facts.plans)),
    Exercise("3.5", "clerk", "申请变更采购方式", "对已备案任务书的计划点“新增”，选变更主因和新的采购方式后提交。",
             "methodchange-list", did("methodchange", "submit")),
    Exercise("3.6", "clerk", "备案采购任务书", "按计划的类型打开商城、集采、分散等任务书菜单，在“待备案”里选审核通过的计划，核对后点“备案”。",
             "taskbook-mall", did("taskbook", "file")),
    Exercise("3.7", "clerk", "发布一份公告", "选公告格式，核对自动带出的内容，审核通过后点“发布”。",
             "announcement-list", did("announcement", "file")),
    Exercise("3.8", "clerk", "录入并提交采购合同", "点“新增”选采购结果或计划，填合同内容和统计信息后提交。",
             "contract-list", did("contract", "submit")),
    Exercise("3.8", "clerk", "备案采购合同", "审核通过后在“采购合同备案”里点“备案”，核对备案表后确认。",
             "contract-filing", did("contract", "file")),
    Exercise("3.9", "clerk", "提交年终结转申请", "开放时间内点“新增”，勾选要结转的资金，填原因和预计完成时间后提交。",
             "carryover-list", did("carryover", "submit")),
]  # fmt: skip
UNIT = [
    review("3.1", "unit", "预算录入", "budgetentry", "budgetentry-review"),
    review("3.3", "unit", "采购意向", "intent", "intent-review"),
    review("3.5", "unit", "采购计划", "plan", "plan-review"),
    Exercise("3.5", "unit", "退回一份采购计划", "打开待处理的计划，选“退回”，选退回到哪一岗，写明原因后确定。",
             "plan-review", did("plan", "send_back", "unit")),
    review("3.8", "unit", "采购合同", "contract", "contract-review"),
    review("3.9", "unit", "年终结转申请", "carryover", "carryover-review"),
]  # fmt: skip
DIVISION = [
    review("3.1", "division", "预算录入", "budgetentry", "budgetentry-review"),
    review("3.9", "division", "年终结转申请", "carryover", "carryover-review"),
]
OFFICE = [
    review("3.1", "office", "预算录入", "budgetentry", "budgetentry-review"),
    review("3.4", "office", "单一来源公示", "singlesourcenotice", "singlesourcenotice-review"),
    review("3.5", "office", "采购方式变更", "methodchange", "methodchange-review"),
    Exercise("3.9", "office", "设置结转开放时间", "填开放日期和截止日期（练习时可把今天设为开放日），写明依据后保存。",
             "carryover-window", lambda facts: facts.opened_window),
    review("3.9", "office", "年终结转申请", "carryover", "carryover-review"),
]  # fmt: skip
SEATS = {"clerk": CLERK, "unit": UNIT, "division": DIVISION, "office": OFFICE}


def seat_of(current: Appointment | None) -> str:
    """Which list this post practises; readers have none."""
    if current is None:
        return ""
    if current.post == Post.REVIEWER:
        return "division" if current.content_object.kind == OrgKind.DIVISION else "unit"
    return {Post.CLERK: "clerk", Post.APPROVER: "office"}.get(current.post, "")
