"""After the closing: nothing new in the old year, its free money with finance; lists follow the switch."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.carryover import closing, surrender
from budgets.carryover.jobs import close_years, roll_over
from budgets.models import BudgetEntry, CarryOver, Ledger, Quota, QuotaConfirmation, YearClose
from budgets.verification import problems
from procurement.flow.menu import sections
from procurement.flow.models import Conflict, Document
from tests.budgets import makers
from tests.papers import entry
from tests.world import YEAR, fresh

from .makers import DECEMBER, JANUARY, D, application, approved, at, money

pytestmark = pytest.mark.django_db
CLOSED = f"{YEAR} 年度已关账，不能再新增或提交"


@pytest.fixture
def january():
    with at(JANUARY) as clock:
        yield clock


def close(officer, admin) -> YearClose:
    closing.ask(YEAR, officer)
    closing.confirm(YEAR, admin)
    return YearClose.objects.get()


# --- nothing new in the old year --------------------------------------------------------------------------


def test_a_draft_of_a_closed_year_is_refused_in_words_that_say_what_to_do(
    january, unit, clerk, officer, admin
):
    draft = entry(unit, clerk)
    close(officer, admin)  # the job has not come to it yet
    with pytest.raises(ValidationError, match=f"切换到 {YEAR + 1} 年度后重新录入"):
        draft.perform("submit", clerk)
    close_years()
    with pytest.raises(Conflict, match="不能提交"):
        draft.perform("submit", clerk)


def test_what_was_handed_in_in_time_may_be_handed_in_again(january, unit, clerk, reviewer, officer, admin):
    paper = entry(unit, clerk).perform("submit", clerk)
    close(officer, admin)
    close_years()
    paper.perform("send_back", reviewer, "请补充材料", to="clerk", reason="materials")
    assert BudgetEntry.objects.get().perform("submit", clerk).state == "unit"


@pytest.mark.parametrize(
    "name", ["budgetentry-new", "intent-new", "plan-new", "singlesourcenotice-new", "conversion-new"]
)
def test_nothing_is_begun_in_a_closed_year(january, as_user, clerk, officer, admin, name):
    close(officer, admin)
    client = as_user(clerk)
    client.post("/accounts/year/", {"year": YEAR})
    answer = client.get(reverse(name))
    assert answer.status_code == 409
    assert CLOSED in answer.content.decode()
    assert "<h1>这个年度已经关账</h1>" in answer.content.decode()
    client.post("/accounts/year/", {"year": YEAR + 1})
    assert client.get(reverse(name)).status_code == 200


def test_a_form_begun_before_the_closing_keeps_its_text(january, as_user, clerk, officer, admin):
    client, page = as_user(clerk), reverse("conversion-new")
    client.post("/accounts/year/", {"year": YEAR})
    shown = client.get(page).content.decode()
    assert f'name="form_year" value="{YEAR}"' in shown
    close(officer, admin)
    typed = {"form_year": YEAR, "version": "1", "remark": "写了一半的说明", "action": "save"}
    assert "写了一半的说明" in client.post(page, typed).content.decode()
    assert not Document.objects.exists()


def test_a_form_opened_before_midnight_stays_in_its_year(as_user, clerk, unit, rf):
    from procurement.flow.context import fiscal_year

    with at(JANUARY, days=-4) as clock:
        clock.move_to(f"{YEAR}-12-31T15:59:59+00:00")
        before = as_user(clerk)
        assert f'value="{YEAR}"' in before.get(reverse("conversion-new")).content.decode()
        clock.shift(2)
        request = rf.post("/", {"form_year": str(YEAR)})
        request.session = {}
        assert fiscal_year(request) == YEAR
        request = rf.post("/", {"form_year": str(YEAR - 7)})
        request.session = {}
        assert fiscal_year(request) == YEAR + 1


def test_a_move_lies_wholly_in_one_day(unit, clerk, monkeypatch):
    """Checked at 23:59:59 and recorded at 0:00:00 it would be a January paper checked in December."""
    draft = entry(unit, clerk)
    with at(DECEMBER) as clock:
        clock.move_to(f"{YEAR}-12-31T15:59:59+00:00")
        checked = BudgetEntry.check_complete

        def slow(self):
            checked(self)
            clock.shift(1)

        monkeypatch.setattr(BudgetEntry, "check_complete", slow)
        with pytest.raises(Conflict, match="过了零点"):
            draft.perform("submit", clerk)
        draft = BudgetEntry.objects.get()
        assert (draft.state, draft.moves.count()) == ("clerk", 0)
        assert draft.perform("submit", clerk).state == "unit"


# --- drafts that go on ------------------------------------------------------------------------------------


def test_drafts_that_follow_a_running_plan_go_on(january, unit, clerk, officer, admin):
    kept, gone = makers.paper(unit, clerk, "HT-1"), entry(unit, clerk)
    Document.objects.filter(pk=kept.pk).update(kind="contract")
    assert next(row["kept"] for row in closing.unfinished(YEAR) if row["kind"] == "contract") == 1
    close(officer, admin)
    close_years()
    states = dict(Document.objects.values_list("pk", "state"))
    assert (states[kept.pk], states[gone.pk]) == ("clerk", "void")
    assert set(closing.staying()) == {
        "announcement", "contract", "methodchange", "objectionanswer", "taskbook",
    }  # fmt: skip


def test_a_plan_draft_that_lapsed_can_be_copied_in_the_new_year(unit, clerk, officer, admin, rf):
    from plans import copying
    from tests.plans import makers as plans

    draft = plans.plan(unit, clerk, plans.confirmation(unit, clerk), "1000.00")
    gone = plans.plan(unit, clerk, plans.confirmation(unit, clerk, name="作废"), "1000.00")
    gone.perform("submit", clerk).perform("withdraw", clerk)
    type(gone).objects.get(pk=gone.pk).perform("void", clerk, "不再需要")
    with at(JANUARY):
        close(officer, admin)
        close_years()
        request = rf.get("/")
        request.user, request.session = fresh(clerk), {}
        request.user.current = next(iter(request.user.posts))
        assert Document.objects.get(pk=draft.pk).state == "void"
        assert list(copying.earlier(request).values_list("pk", flat=True)) == [draft.pk]


# --- money nobody applied for -----------------------------------------------------------------------------


def test_money_nobody_applied_for_returns_to_finance(january, unit, clerk, officer, admin):
    row = money(unit, clerk)  # 100 confirmed of 120: 40 committed, 35 reserved, 25 free
    assert surrender.unclaimed(YEAR) == D("45.00")
    close(officer, admin)
    close_years()
    row.refresh_from_db()
    quota = Quota.objects.get()
    assert (row.amount, row.reserved_amount, row.committed_amount, row.available) == (75, 35, 40, 0)
    assert (quota.frozen_amount, quota.confirmed_amount, quota.available) == (45, 75, 0)
    assert quota.adjustments.get(kind="freeze").reason == f"{YEAR} 年度关账，未申请结转，交回财政"
    assert (row.entries.get(kind="surrender").amount, YearClose.objects.get().returned) == (-25, 45)
    assert list(problems()) == []
    close_years()
    assert YearClose.objects.get().returned == 45
    with pytest.raises(ValidationError, match="已交回财政"):
        quota.confirm(D("1.00"), clerk)


def test_what_a_plan_lets_go_of_later_returns_too(january, unit, clerk, officer, admin):
    row = money(unit, clerk)
    close(officer, admin)
    close_years()
    Ledger(Document.objects.get(number="JH-ZB1"), clerk).release()  # 结项, in the new year
    close_years()
    row.refresh_from_db()
    assert (row.amount, row.available, YearClose.objects.get().returned) == (40, 0, 80)
    assert list(problems()) == []


def test_a_confirmation_wholly_given_back_keeps_what_it_was(january, unit, clerk, officer, admin):
    row = makers.quota(unit, "10.00").confirm(D("10.00"), clerk)
    close(officer, admin)
    close_years()
    row.refresh_from_db()
    assert (row.status, row.amount, row.deleted_by) == ("deleted", 10, officer)
    assert list(problems()) == []


def test_money_of_an_application_that_was_returned_waits_for_it(people, unit, clerk, officer, admin):
    money(unit, clerk)
    with at(DECEMBER):
        paper = application(unit, clerk).perform("submit", clerk)
        paper.perform("send_back", people.reviewer, "请补充材料", to="clerk", reason="materials")
    with at(JANUARY):
        close(officer, admin)
        close_years()
        assert YearClose.objects.get().returned == 20  # what was never confirmed
        paper = CarryOver.objects.get().perform("submit", clerk)
        for person in (people.reviewer, people.divisional, people.officer):
            paper = paper.perform("approve", person)
        assert roll_over() == 1
        assert Quota.objects.get(fiscal_year=YEAR + 1).issued_amount == 100
    assert list(problems()) == []


def test_what_was_carried_and_what_is_no_money_yet_stays(people, unit, clerk, officer, admin):
    money(unit, clerk)
    approved(application(unit, clerk), people)
    pre = makers.quota(unit, "50.00", "YCG", provisional=True)
    pre.confirm(D("30.00"), clerk)
    with at(JANUARY):
        roll_over()
        close(officer, admin)
        close_years()
    fresh = Quota.objects.get(fiscal_year=YEAR + 1)
    assert (fresh.frozen_amount, fresh.confirmations.get().available) == (0, 25)
    pre.refresh_from_db()
    assert (pre.frozen_amount, YearClose.objects.get().returned) == (0, 20)


def test_wherever_it_dies_every_yuan_returns_once(january, unit, clerk, officer, admin):
    for number in range(3):
        money(unit, clerk, f"ZB{number}")
    row, deaths = close(officer, admin), 0
    while True:
        seen = []

        def die(execute, *given, seen=seen, last=2 + 3 * deaths):
            seen.append(given)
            if len(seen) == last:
                raise DatabaseError
            return execute(*given)

        try:
            with connection.execute_wrapper(die):
                surrender.take_back(row)
            break
        except DatabaseError:
            deaths += 1
    row.refresh_from_db()
    assert deaths > 5
    assert row.returned == 135
    assert sum(Quota.objects.values_list("frozen_amount", flat=True)) == 135
    assert QuotaConfirmation.objects.filter(available__gt=0).count() == 0
    assert list(problems()) == []


# --- the switch in the top bar ----------------------------------------------------------------------------

# pages that are no lists of one year, and what they are of
YEARLESS = {
    "供应商登记": "a register",
    "异议受理": "whatever waits for an answer",
    "发布工作台": "whatever is on its way out",
    "合同统计报表": "a year of its own, chosen on the page",
    "信息公告发布": "the door to the portal",
    "指标导入": "every import",
    "未能归属的回报": "whatever nobody was found for",
    "结转开放时间": "every window",
}


def lists_of(person) -> dict[str, str]:
    """Menu label -> address, of everything this person's menu offers."""
    post = next(iter(person.posts)).post
    return {entry.label: reverse(entry.url_name) for _, _, entries in sections(post) for entry in entries}


@pytest.mark.parametrize("who", ["clerk", "reviewer", "divisional", "officer", "auditor"])
def test_every_list_follows_the_switch(as_user, people, who):
    """A year nobody works in is asked for by every list, and this year by none."""
    person = getattr(people, who)
    client, wrong = as_user(person), {}
    client.post("/accounts/year/", {"year": YEAR - 1})
    for label, address in lists_of(person).items():
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        assert answer.status_code == 200, label
        years = {int(year) for one in asked for year in re.findall(r'"fiscal_year" = (\d{4})', one["sql"])}
        if years != {YEAR - 1} and label not in YEARLESS:
            wrong[label] = years
    assert wrong == {}
