"""What is no step of the manual, done the way the tests of its stage do it; the walks do the steps."""

from django.utils import timezone

from budgets.carryover.jobs import roll_over
from budgets.models import CarryWindow, Quota
from notices.single.settling import settle
from plans.models import PlanType
from procurement.clock import today
from procurement.practice import clock
from procurement.practice.models import Visit
from procurement.reference.workdays import add_workdays
from tests.budgets import makers as budgets
from tests.budgets.carryover import makers as carryover
from tests.budgets.conversion import test_conversion as converting
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

    def plan(self, kind=PlanType.PROJECT):
        paper = plans.plan(self.w.unit, self.w.clerk, self.w.confirmed, "1000.00", kind)
        return paper.perform("submit", self.w.clerk)

    def book(self):
        return books.filed(
            self.w.unit, self.w.clerk, self.w.reviewer, self.w.confirmed, books.BookKind.DECENTRALIZED
        )

    def change(self):
        return changes.change(self.book().approved_plan, self.w.clerk).perform("submit", self.w.clerk)

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

    def confirm(self):
        return budgets.quota(self.w.unit, "100.00", "LX1").confirm(carryover.D("60.00"), self.w.clerk)

    def delete(self):
        self.confirm().delete_unused(self.w.clerk)

    def publicity(self):
        paper = single.published(self.w.unit, self.w.clerk, self.w.officer, confirmed=self.w.confirmed)
        for _ in range(8):
            settle(paper.pk)
            clock.put_forward(add_workdays(today(), 1))

    def announcement(self):
        announcements.approved(self.w.unit, self.w.clerk, self.w.reviewer)

    def new_year(self):
        people = self.w.reviewer, self.w.divisional, self.w.officer
        paper = self.passed(self.application(), *people)
        clock.put_forward(paper.turns_on)
        assert roll_over() == 1
        Visit.objects.create(user=self.w.clerk, page="quota-list", at=timezone.now())

    def conversion(self):
        old = budgets.quota(self.w.unit, "100.00", "LX3", source_type="pre", provisional=True)
        old.confirm(carryover.D("80.00"), self.w.clerk)
        new = budgets.quota(self.w.unit, "90.00", "LX4")
        paper = converting.paper(self.w.unit, self.w.clerk, Quota.objects.get(pk=old.pk), new).perform(
            "submit", self.w.clerk
        )
        paper.perform("approve", self.w.divisional)


# own title -> what turns it green
DONE = {
    "归口支出处室审核一份预算": lambda acts: acts.passed(acts.entry(), acts.w.reviewer, acts.w.divisional),
    "政府采购处审核一份预算": lambda acts: acts.passed(
        acts.entry(), acts.w.reviewer, acts.w.divisional, acts.w.officer
    ),
    "删除一次确认": Acts.delete,
    "等公示期满": Acts.publicity,
    "提交其他采购计划": lambda acts: acts.plan(PlanType.NON_GOV),
    "退回一份采购计划": lambda acts: acts.plan().perform(
        "send_back", acts.w.reviewer, "请补充需求", to="clerk", reason="demand"
    ),
    "单位审核岗审核采购方式变更": lambda acts: acts.passed(acts.change(), acts.w.reviewer),
    "单位审核岗审核公告": Acts.announcement,
    "设置结转开放时间": Acts.window,
    "归口支出处室审核结转申请": lambda acts: acts.passed(
        acts.application(), acts.w.reviewer, acts.w.divisional
    ),
    "过年，看结转生成的新指标": Acts.new_year,
    "归口支出处室审核预采购转正": Acts.conversion,
}
