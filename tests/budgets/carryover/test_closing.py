"""关账: drafts of a year that is over are voided through the one door, once, by two people's word."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Appointment, Post
from budgets.carryover import closing
from budgets.carryover.jobs import close_years, roll_over
from budgets.models import CarryOver, YearClose
from procurement.flow.log import first_break
from procurement.flow.models import Conflict, Desk, Document, Move
from tests.papers import entry
from tests.world import YEAR, fresh, person

from .makers import JANUARY, application, at, money

pytestmark = pytest.mark.django_db
PAGE = f"/budgets/carryovers/year/?year={YEAR}"


def page(response, status: int = 200) -> str:
    text = response.content.decode()
    assert response.status_code == status, text[:3000]
    return text


@pytest.fixture
def papers(unit, clerk, reviewer) -> dict:
    """One of each sort in the old year, one draft in the new."""
    made = {name: entry(unit, clerk, title=name) for name in ("draft", "withdrawn", "returned", "review")}
    for name in ("withdrawn", "returned", "review"):
        made[name] = made[name].perform("submit", clerk)
    made["withdrawn"].perform("withdraw", clerk)
    made["returned"].perform("send_back", reviewer, "请补充材料", to=Desk.CLERK, reason="materials")
    made["new"] = entry(unit, clerk, title="new")
    type(made["new"]).objects.filter(pk=made["new"].pk).update(fiscal_year=YEAR + 1)
    return made


@pytest.fixture
def january():
    with at(JANUARY) as clock:
        yield clock


def states() -> dict[str, str]:
    return dict(Document.objects.values_list("title", "state"))


AFTER = {"draft": "void", "withdrawn": "void", "returned": "clerk", "review": "unit", "new": "clerk"}


def closed(officer, admin) -> YearClose:
    closing.ask(YEAR, officer)
    closing.confirm(YEAR, admin)
    return YearClose.objects.get()


def test_drafts_are_voided_once_and_keep_their_record(january, papers, officer, admin):
    closed(officer, admin)
    assert [close_years(), close_years()] == [2, 0]
    assert states() == AFTER
    row = YearClose.objects.get()
    assert (row.voided, row.finished_at) == (2, JANUARY)
    gone = Document.objects.get(title="draft")
    move = gone.moves.get()
    assert (move.by, move.target, gone.submitted_at) == (officer, "void", None)
    assert first_break(gone) is None


def test_nobody_has_the_button(january, papers, officer, clerk):
    draft = papers["draft"]
    assert "lapse" not in draft.open_verbs(fresh(officer)) + draft.open_verbs(fresh(clerk))


def test_wherever_it_dies_the_next_run_goes_on(january, papers, officer, admin):
    closed(officer, admin)
    deaths = 0
    while YearClose.objects.filter(finished_at=None).exists():
        seen = []

        def die(execute, *given, seen=seen, last=1 + deaths):
            seen.append(given)
            if len(seen) == last:
                raise DatabaseError
            return execute(*given)

        try:
            with connection.execute_wrapper(die):
                close_years()
        except DatabaseError:
            deaths += 1
    assert deaths > 10
    assert states() == AFTER
    assert Move.objects.filter(verb="lapse").count() == 2


def test_another_run_is_no_harm(january, papers, officer, admin):
    """The list was read, then another run voids one of its papers."""
    row, others = closed(officer, admin), [papers["draft"]]

    def other_run(execute, sql, *given):
        answer = execute(sql, *given)
        while others and "flow_document" in sql:
            others.pop().perform("lapse", officer)
        return answer

    with connection.execute_wrapper(other_run):
        assert closing.close(row) == 1
    with pytest.raises(Conflict):
        papers["draft"].perform("lapse", officer)
    assert states() == AFTER


def test_two_people_close_a_year_over_the_pages(january, as_user, papers, officer, admin, clerk, unit):
    office, administrator = as_user(officer), as_user(admin)
    page(as_user(clerk).get(PAGE), 403)
    text = page(office.get(PAGE))
    for shown in ("安徽示例大学", "预算录入", "申请关账（将作废草稿 2 件）"):
        assert shown in text
    assert "由系统管理员办理" in page(office.post(PAGE, {"action": "confirm"}), 403)
    assert "请先由政府采购处申请" in page(administrator.post(PAGE, {"action": "confirm"}), 409)
    assert "等待系统管理员确认" in page(office.post(PAGE, {"action": "ask"}, follow=True))
    assert "由政府采购处办理" in page(administrator.post(PAGE, {"action": "ask"}), 403)
    assert f'{PAGE}">查看清单并确认' in page(administrator.get("/admin/budgets/yearclose/"))
    assert "确认关账（将作废草稿 2 件）" in page(administrator.get(PAGE))
    assert "正在作废" in page(administrator.post(PAGE, {"action": "confirm"}, follow=True))
    close_years()
    assert "已关账" in page(office.get(PAGE))
    assert office.get(PAGE.replace("year/", "year/export/")).content.startswith(b"PK")
    page(office.get("/budgets/carryovers/year/?year=1"), 404)


def test_a_year_is_not_closed_before_its_time(as_user, officer, unit, clerk, people):
    with at(JANUARY, days=-4) as clock:  # 31 December
        clock.move_to(f"{YEAR}-12-31T15:59:59+00:00")
        assert f"{YEAR + 1} 年 1 月 1 日起才能关账" in page(as_user(officer).post(PAGE), 409)
        money(unit, clerk)
        paper = application(unit, clerk).perform("submit", clerk)
        clock.shift(timedelta(seconds=1))
        assert "还有 1 份结转申请没有办结" in page(as_user(officer).post(PAGE), 409)
        for person in (people.reviewer, people.divisional, people.officer):
            paper = paper.perform("approve", person)
        assert "还有 1 份" in page(as_user(officer).post(PAGE), 409)
    with at(JANUARY):
        assert roll_over() == 1
        assert as_user(officer).post(PAGE).status_code == 302
    assert CarryOver.objects.get().executed_at


def test_who_asked_has_left_before_the_drafts_are_gone(january, as_user, places, papers, officer, admin):
    """They lapse in his name, so nothing goes on; the office asks again, and it goes on from there."""
    row = closed(officer, admin)
    officer.appointments.all().delete()
    assert (close_years(), states()["draft"]) == (0, "clerk")
    other = person("li", "李接任", Post.APPROVER, places.office)
    assert "已不在政府采购处岗，关账停在这里" in page(as_user(admin).get(PAGE))
    office = as_user(other)
    assert "申请关账（将作废草稿 2 件）" in page(office.get(PAGE))
    assert "草稿继续作废" in page(office.post(PAGE, {"action": "ask"}, follow=True))
    assert close_years() == 2
    assert states() == AFTER
    row.refresh_from_db()
    assert (row.asked_by, row.confirmed_by, row.voided) == (other, admin, 2)


def test_nobody_takes_over_what_he_confirmed(january, places, officer, admin):
    closed(officer, admin)
    officer.appointments.all().delete()
    Appointment.objects.appoint(admin, Post.APPROVER, places.office)
    with pytest.raises(ValidationError, match="不能是同一人"):
        closing.ask(YEAR, fresh(admin))


def test_a_year_is_asked_for_once_and_closed_once(january, as_user, papers, officer, admin):
    office = as_user(officer)
    office.post(PAGE, {"action": "ask"})
    assert f"刘敏已申请 {YEAR} 年度关账，不用再申请" in page(office.post(PAGE, {"action": "ask"}), 409)
    administrator = as_user(admin)
    for _ in range(2):
        page(administrator.post(PAGE, {"action": "confirm"}, follow=True))
    first = YearClose.objects.get()
    assert [close_years(), close_years()] == [2, 0]
    january.shift(timedelta(days=40))
    page(as_user(admin).post(PAGE, {"action": "confirm"}, follow=True))
    assert "不用再申请" in page(as_user(officer).post(PAGE, {"action": "ask"}), 409)
    row = YearClose.objects.get()
    assert (row.confirmed_at, row.voided, row.finished_at) == (first.confirmed_at, 2, JANUARY)


def test_the_list_costs_the_same_whatever_the_rows(january, as_user, officer, unit, clerk):
    client, seen = as_user(officer), []
    for number in range(2):
        money(unit, clerk, f"ZB{number}")
        entry(unit, clerk)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as counted:
            page(client.get(PAGE))
        seen.append(len(counted))
    assert seen[0] == seen[1] <= 10
