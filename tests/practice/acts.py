"""Every exercise done the way the tests of its stage do it: what comes before, and the act itself."""

from django.utils import timezone

from accounts.models import LoginLog
from budgets.models import CarryWindow
from notices.single.settling import settle
from plans.models import PlanItem, PlanType
from procurement.clock import today
from procurement.practice import clock
from procurement.reference.workdays import add_workdays
from tests.budgets import makers as budgets
from tests.budgets.carryover import makers as carryover
from tests.contracts import makers as contracts
from tests.intents import makers as intents
from tests.notices.announcements import makers as announcements
from tests.notices.single import makers as single
from tests.papers import entry
from tests.plans import makers as plans
from tests.tasks import change_makers as changes
from tests.tasks import makers as books
from tests.world import YEAR


class Acts:
    """One method an exercise; `w` has the people, the unit and a confirmed quota."""

    def __init__(self, w):
        self.w = w

    def passed(self, paper, *people):
        for person in people:
            paper = paper.perform("approve", person)
        return paper

    # --- the papers -----------------------------------------------------------------------------------

    def entry(self):
        return entry(self.w.unit, self.w.clerk).perform("submit", self.w.clerk)

    def intent(self):
        item = intents.item(self.w.confirmed)
        return intents.intent(self.w.unit, self.w.clerk, item).perform("submit", self.w.clerk)

    def notice(self):
        paper = single.notice(self.w.unit, self.w.clerk, confirmed=self.w.confirmed)
        return paper.perform("submit", self.w.clerk)

    def plan(self, kind=PlanType.PROJECT):
        paper = plans.plan(self.w.unit, self.w.clerk, self.w.confirmed, "1000.00", kind)
        return paper.perform("submit", self.w.clerk)

    def book(self):
        return books.filed(
            self.w.unit, self.w.clerk, self.w.reviewer, self.w.confirmed, books.BookKind.DECENTRALIZED
        )

    def change(self):
        return changes.change(self.book().approved_plan, self.w.clerk).perform("submit", self.w.clerk)

    def contract(self):
        book = contracts.book(self.w.unit, self.w.clerk, self.w.reviewer, self.w.confirmed)
        contracts.result(book, self.w.clerk)
        return contracts.draft(book, self.w.clerk).perform("submit", self.w.clerk)

    def window(self):
        return CarryWindow.objects.create(
            fiscal_year=YEAR, opens_on=f"{YEAR}-01-01", closes_on=f"{YEAR + 1}-01-20", set_by=self.w.officer,
            set_at=timezone.now(), reason="练习",
        )  # fmt: skip

    def application(self):
        self.window()
        carryover.money(self.w.unit, self.w.clerk, "LX2")
        return carryover.application(self.w.unit, self.w.clerk).perform("submit", self.w.clerk)

    # --- single acts ----------------------------------------------------------------------------------

    def login(self):
        LoginLog.objects.create(user=self.w.clerk, code="OK", reference="AB12CD34", browser="b")

    def confirm(self):
        return budgets.quota(self.w.unit, "100.00", "LX1").confirm(carryover.D("60.00"), self.w.clerk)

    def delete(self):
        self.confirm().delete_unused(self.w.clerk)

    def published(self):
        intents.published(self.w.unit, self.w.clerk, self.w.reviewer, intents.item(self.w.confirmed))

    def publicity(self):
        paper = single.published(self.w.unit, self.w.clerk, self.w.officer, confirmed=self.w.confirmed)
        for _ in range(8):
            settle(paper.pk)
            clock.put_forward(add_workdays(today(), 1))

    def announcement(self):
        announcements.approved(self.w.unit, self.w.clerk, self.w.reviewer).perform("file", self.w.clerk)

    def file_contract(self):
        book = contracts.book(self.w.unit, self.w.clerk, self.w.reviewer, self.w.confirmed)
        contracts.result(book, self.w.clerk)
        contracts.filed(book, self.w.clerk, self.w.reviewer)


def W(name: str):
    return lambda acts: getattr(acts, name)()


# (seat, title) -> what turns it green
DONE = {
    ("clerk", "用 CA-KEY 登录"): W("login"),
    ("clerk", "录入并提交一份预算"): W("entry"),
    ("clerk", "确认一条指标"): W("confirm"),
    ("clerk", "删除一次确认"): W("delete"),
    ("clerk", "录入并提交采购意向"): W("intent"),
    ("clerk", "发布采购意向"): W("published"),
    ("clerk", "提交单一来源公示"): W("notice"),
    ("clerk", "等公示期满"): W("publicity"),
    ("clerk", "提交项目采购计划"): W("plan"),
    ("clerk", "提交商城采购计划"): lambda acts: acts.plan(PlanType.MALL),
    ("clerk", "提交其他采购计划"): lambda acts: acts.plan(PlanType.NON_GOV),
    ("clerk", "申报进口设备采购"): lambda acts: PlanItem.objects.filter(plan=acts.plan()).update(
        is_import=True
    ),
    ("clerk", "申请变更采购方式"): W("change"),
    ("clerk", "备案采购任务书"): W("book"),
    ("clerk", "发布一份公告"): W("announcement"),
    ("clerk", "录入并提交采购合同"): W("contract"),
    ("clerk", "备案采购合同"): W("file_contract"),
    ("clerk", "提交年终结转申请"): W("application"),
    ("unit", "审核通过一份预算录入"): lambda acts: acts.passed(acts.entry(), acts.w.reviewer),
    ("unit", "审核通过一份采购意向"): lambda acts: acts.passed(acts.intent(), acts.w.reviewer),
    ("unit", "审核通过一份采购计划"): lambda acts: acts.passed(acts.plan(), acts.w.reviewer),
    ("unit", "退回一份采购计划"): lambda acts: acts.plan().perform(
        "send_back", acts.w.reviewer, "请补充需求", to="clerk", reason="demand"
    ),
    ("unit", "审核通过一份采购合同"): lambda acts: acts.passed(acts.contract(), acts.w.reviewer),
    ("unit", "审核通过一份年终结转申请"): lambda acts: acts.passed(acts.application(), acts.w.reviewer),
    ("division", "审核通过一份预算录入"): lambda acts: acts.passed(
        acts.entry(), acts.w.reviewer, acts.w.divisional
    ),
    ("division", "审核通过一份年终结转申请"): lambda acts: acts.passed(
        acts.application(), acts.w.reviewer, acts.w.divisional
    ),
    ("office", "审核通过一份预算录入"): lambda acts: acts.passed(
        acts.entry(), acts.w.reviewer, acts.w.divisional, acts.w.officer
    ),
    ("office", "审核通过一份单一来源公示"): lambda acts: acts.passed(acts.notice(), acts.w.officer),
    ("office", "审核通过一份采购方式变更"): lambda acts: acts.passed(
        acts.change(), acts.w.reviewer, acts.w.officer
    ),
    ("office", "设置结转开放时间"): W("window"),
    ("office", "审核通过一份年终结转申请"): lambda acts: acts.passed(
        acts.application(), acts.w.reviewer, acts.w.divisional, acts.w.officer
    ),
}
