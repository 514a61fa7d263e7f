"""受理, 补充论证, 答复: who may, when, and that the answer is published exactly once."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.test import Client

from notices.models import Objection, ObjectionAnswer, Publication, SingleSourceNotice
from notices.objections.answers import argue_by
from notices.objections.forms import AnswerForm
from notices.objections.moderation import decide
from notices.publicity import publicity
from notices.single.jobs import settle_all
from notices.single.settling import settle
from procurement.flow.models import Desk
from procurement.flow.moves import Conflict, Refused
from procurement.sandbox.sanitise import clean
from tests.notices.single import makers as notices
from tests.notices.single.conftest import moment
from tests.world import YEAR, fresh

from . import makers

pytestmark = pytest.mark.django_db
Outcome = SingleSourceNotice.Outcome


def stands(paper) -> None:
    """Nothing can be planned on it."""
    assert not SingleSourceNotice.objects.linkable(paper.unit)
    assert publicity([paper.case]) == {paper.case: False}


SAID = {
    "argument": "已组织三名外单位专家补充论证，逐条核实。",
    "conclusion": "overruled",
    "reply": "经论证，异议不成立。",
}


def taken_up(office, paper) -> Objection:
    """Nobody has looked at it when the term is over; then the office accepts it."""
    made = makers.lodged(paper)
    assert settle(paper.pk).outcome == Outcome.PUBLICIZING
    paper = makers.over(paper)
    assert paper.outcome == Outcome.PUBLICIZING
    assert paper.progress == "公示期满，待办结"
    stands(paper)
    verdict = {"verdict": "accept", "public_text": makers.RELEASED, "note": ""}
    assert office.post(f"/notices/objections/{made.pk}/", verdict).status_code == 302
    assert settle(paper.pk).outcome == Outcome.OBJECTED
    stands(paper)
    return made


def answered(client, office, paper) -> ObjectionAnswer:
    """The unit's argument, which the office passes once."""
    assert paper.title in client.get("/notices/answers/new/").text
    form = client.get(f"/notices/answers/new/?notice={paper.pk}")
    assert makers.RELEASED in form.text
    answer = client.post(f"/notices/answers/new/?notice={paper.pk}", SAID | {"action": "submit"})
    assert answer.status_code == 302
    made = ObjectionAnswer.objects.get()
    assert (made.state, made.case) == (Desk.OFFICE, paper.case)
    assert settle(paper.pk).outcome == Outcome.REARGUED
    stands(paper)
    move = {"verb": "approve", "version": made.version, "opinion": "同意"}
    told = [office.post(f"/notices/answers/{made.pk}/moves/", move).status_code for _ in range(2)]
    assert told == [302, 409]
    return made


def test_an_objection_stands_until_the_answer_and_the_answer_goes_out_once(
    as_user, calendar, unit, clerk, officer
):
    paper, office = notices.published(unit, clerk, officer), as_user(officer)
    objection = taken_up(office, paper)
    made = answered(as_user(clerk), office, paper)
    paper = SingleSourceNotice.objects.linkable(unit).get()
    assert paper.outcome == Outcome.OVERRULED
    assert publicity([paper.case]) == {paper.case: True}
    body = Publication.objects.get(document=made).body
    assert clean(body["html"]) == body["html"]
    assert (makers.RELEASED in body["html"], "异议不成立" in body["html"]) == (True, True)
    for hidden in ("示例仪器有限公司", "13800000000", makers.REASON, SAID["argument"]):
        assert hidden not in str(body)
    assert Objection.objects.get().state == Objection.State.CLOSED
    public = Client()
    assert SAID["reply"] in public.get(f"/notices/public/{paper.number}/").text
    assert SAID["reply"] in public.get(f"/notices/receipts/{objection.code}/").text
    assert settle_all() == 0


def submitted(unit, clerk, officer, conclusion="overruled") -> tuple[SingleSourceNotice, ObjectionAnswer]:
    paper = makers.over(makers.objected(unit, clerk, officer))
    return paper, makers.answered(paper, clerk, conclusion).perform("submit", clerk)


@pytest.mark.parametrize(("conclusion", "verb"), [("upheld", "approve"), ("overruled", "uphold")])
def test_a_justified_objection_ends_the_notice(calendar, unit, clerk, officer, conclusion, verb):
    paper, answer = submitted(unit, clerk, officer, conclusion)
    answer = answer.perform(verb, officer, "制造商确有其他授权方，异议成立。")
    paper = notices.again(paper)
    assert (paper.outcome, answer.decision) == (Outcome.UPHELD, "upheld")
    stands(paper)
    html = answer.deliveries.get().body["html"]
    assert "异议成立，本项目终止" in html
    assert ("制造商确有其他授权方" in html) == (verb == "uphold")
    assert clean(html) == html
    text = Client().get(f"/notices/public/{paper.number}/").text
    assert "已因异议成立而终止" in text
    with pytest.raises(Conflict):
        answer.perform("approve", officer)
    assert answer.deliveries.count() == 1


def test_the_answer_waits_for_the_end_of_the_term_and_for_every_objection(calendar, unit, clerk, officer):
    paper = makers.objected(unit, clerk, officer)
    answer = makers.answered(paper, clerk)
    with pytest.raises(ValidationError, match="公示期未满"):
        answer.perform("submit", clerk)
    late = makers.lodged(paper, source="c" * 64)
    makers.over(paper)
    with pytest.raises(ValidationError, match="还有 1 件异议待政府采购处受理"):
        answer.perform("submit", clerk)
    decide(late.pk, officer, note="与本公示无关，属广告信息。")
    assert answer.perform("submit", clerk).state == Desk.OFFICE


def test_refused_objections_let_the_notice_be_completed(calendar, unit, clerk, officer):
    paper = notices.published(unit, clerk, officer)
    made = makers.lodged(paper)
    decide(made.pk, officer, note="广告信息，与本公示无关。")
    assert notices.again(paper).outcome == Outcome.PUBLICIZING
    assert "广告信息" in Client().get(f"/notices/receipts/{made.code}/").text
    assert makers.over(paper).outcome == Outcome.COMPLETED
    assert SingleSourceNotice.objects.linkable(unit).exists()


def test_a_returned_answer_leaves_the_objection_standing(calendar, unit, clerk, officer):
    paper, answer = submitted(unit, clerk, officer)
    assert notices.again(paper).outcome == Outcome.REARGUED
    answer = answer.perform("send_back", officer, "请补充专家签字", to=Desk.CLERK, reason="materials")
    assert notices.again(paper).outcome == Outcome.OBJECTED
    with pytest.raises(Refused, match="不能作废"):
        answer.perform("void", clerk, "不想答复了")
    answer = answer.perform("submit", clerk).perform("withdraw", clerk)
    assert notices.again(paper).outcome == Outcome.OBJECTED
    stands(paper)


def test_there_is_one_answer_to_a_notice(as_user, calendar, unit, clerk, officer):
    paper = makers.over(makers.objected(unit, clerk, officer))
    said = {"argument": "已组织专家论证", "conclusion": "upheld", "reply": "异议成立。"}
    forms = [
        AnswerForm(said, instance=ObjectionAnswer.begin(unit, clerk, year=YEAR, notice=paper, title="答复"))
        for _ in range(2)
    ]
    assert [form.is_valid() for form in forms] == [True, True]  # both before either is saved
    forms[0].save()
    with pytest.raises(ValidationError, match="已经有一份异议答复"):
        forms[1].save()
    client = as_user(clerk)
    assert client.get(f"/notices/answers/new/?notice={paper.pk}").status_code == 409
    with pytest.raises(Exception, match="notice"), transaction.atomic():
        makers.answered(paper, clerk)


def test_only_the_office_decides_and_once(
    as_user, calendar, unit, clerk, officer, reviewer, viewer, stranger
):
    made = makers.lodged(notices.published(unit, clerk, officer))
    address = f"/notices/objections/{made.pk}/"
    verdict = {"verdict": "accept", "public_text": makers.RELEASED}
    for person in (clerk, reviewer, viewer):
        assert as_user(person).get(address).status_code == 200
        assert as_user(person).post(address, verdict).status_code == 403
    assert as_user(stranger).post(address, verdict).status_code == 404
    assert "示例仪器有限公司" in as_user(fresh(clerk)).get(address).text
    assert "示例仪器有限公司" not in as_user(fresh(viewer)).get(address).text
    office = as_user(officer)
    assert "请写明公开的异议内容" in office.post(address, verdict | {"public_text": " "}).text
    assert "请写明理由" in office.post(address, {"verdict": "refuse", "note": "无"}).text
    assert "请从列表中选择受理意见" in office.post(address, {"verdict": "x"}).text
    assert office.post(address, verdict).status_code == 302
    assert office.post(address, {"verdict": "refuse", "note": "后悔了，不受理"}).status_code == 409
    assert Objection.objects.get().public_text == makers.RELEASED


def test_who_waits_for_whom_is_counted_in_menu_and_home(as_user, calendar, unit, clerk, officer):
    paper = notices.published(unit, clerk, officer)
    made = makers.lodged(paper)
    badge = '<span class="n"><span class="visually-hidden">待办 </span>1<'
    assert f"异议受理{badge}" in as_user(officer).get("/notices/objections/").text
    assert "异议受理" in as_user(fresh(officer)).get("/").text
    decide(made.pk, officer, public_text=makers.RELEASED)
    assert f"异议补充论证{badge}" in as_user(fresh(clerk)).get("/notices/objections/").text
    assert "异议补充论证" in as_user(fresh(clerk)).get("/").text
    assert paper.project_name in as_user(clerk).get("/notices/objections/").text


def test_the_argument_is_due_five_working_days_after_the_term(calendar, unit, clerk, officer, time_machine):
    paper = notices.published(unit, clerk, officer, at=moment("2026-09-30 10:00"))
    time_machine.move_to(moment("2026-10-09 10:00"), tick=False)
    assert f"{argue_by(settle(paper.pk))}" == "2026-10-20"


@pytest.mark.django_db(transaction=True)
def test_an_objection_in_the_last_moment_and_the_scheduler_never_both_win(calendar, unit, clerk, officer):
    """Whoever has the lock first: lodged and standing, or completed and refused."""
    paper = notices.published(unit, clerk, officer)
    makers.over(paper)
    SingleSourceNotice.objects.filter(pk=paper.pk).update(
        outcome=Outcome.PUBLICIZING, closed_at=None, publicity_start=None, publicity_end=None
    )
    gate, heard = threading.Barrier(2), []

    def run(work):
        gate.wait()
        try:
            work()
        except Exception as refused:
            heard.append(type(refused).__name__)
        finally:
            connections.close_all()

    work = [lambda: makers.lodged(paper), settle_all]
    threads = [threading.Thread(target=run, args=[one]) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert heard == ["TooLate"]
    assert notices.again(paper).outcome == Outcome.COMPLETED
    assert not Objection.objects.exists()


def test_what_the_pages_cost_and_whom_they_refuse(
    as_user, calendar, unit, clerk, officer, reviewer, stranger
):
    from tests.notices.single.test_pages import queries

    paper, answer = submitted(unit, clerk, officer)
    objection = Objection.objects.get()
    for number in range(22):
        objection.pk, objection.code, objection.digest = None, f"{number:020}", f"{number:064}"
        objection.save(force_insert=True)
    office, client = as_user(officer), as_user(clerk)
    for tab in ("received", "accepted", "all"):
        assert queries(office, f"/notices/objections/?tab={tab}") <= 6
    assert queries(client, "/notices/answers/") <= 6
    assert queries(office, "/notices/answers/review/") <= 6
    assert queries(client, "/notices/answers/new/") <= 6
    assert queries(office, f"/notices/answers/{answer.pk}/") <= 9
    assert queries(office, f"/notices/objections/{Objection.objects.first().pk}/") <= 6
    move = {"verb": "approve", "version": answer.version, "opinion": "同意"}
    assert queries(office, f"/notices/answers/{answer.pk}/moves/", "post", **move) <= 14
    for page in ("", "edit/", "print/", "moves/"):
        assert as_user(stranger).get(f"/notices/answers/{answer.pk}/{page}").status_code == 404
    assert as_user(reviewer).get("/notices/answers/").status_code == 403
    assert as_user(reviewer).get("/notices/answers/review/").status_code == 403
    assert client.get("/notices/answers/new/?notice=x").status_code == 404
    assert client.get(f"/notices/answers/{answer.pk}/print/").content.startswith(b"%PDF-")
    assert paper.pk
