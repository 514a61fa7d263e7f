"""The plan that needs a notice waits until its matter is closed; what is closed is never undone under it."""

import threading
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from notices.models import ObjectionAnswer, SingleSourceNotice
from notices.objections.lodging import TooLate
from notices.single.settling import settle
from plans.models import Plan
from procurement.flow.models import Conflict, Desk
from procurement.flow.moves import Refused
from tests.notices.single import makers as notices
from tests.plans import makers as plans

from . import makers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar")]
DUE = Decimal("4000000.00")  # from here on the notice comes first
ONLY = {
    "method": "single_source", "method_reason": "31-1", "supplier_name": "示例波谱技术有限公司",
}  # fmt: skip


@pytest.fixture
def rich(unit, clerk):
    plans.catalogue()
    return plans.confirmation(unit, clerk, "90000000.00", "核磁共振维护")


@pytest.fixture
def matter(unit, clerk, officer, rich):
    """An objected notice whose term is over, the answer under review, and a plan that names it."""
    notice = makers.over(makers.objected(unit, clerk, officer, confirmed=rich, amount=DUE))
    answer = makers.answered(notice, clerk).perform("submit", clerk)
    return notice, answer, plans.plan(unit, clerk, rich, str(DUE), notice=notice, **ONLY)


def refused(paper: Plan, clerk) -> None:
    """A plan cannot be handed in on a notice that is not closed well."""
    with pytest.raises(ValidationError, match="尚未期满，或有异议还没有处理"):
        Plan.objects.get(pk=paper.pk).perform("submit", clerk)
    assert Plan.objects.get(pk=paper.pk).state == Desk.CLERK


@pytest.mark.parametrize(("verb", "released"), [("approve", True), ("uphold", False)])
def test_the_plan_waits_at_every_station_until_the_matter_is_closed(
    unit, clerk, officer, rich, verb, released
):
    notice = notices.published(unit, clerk, officer, confirmed=rich, amount=DUE)
    settle(notice.pk)
    paper = plans.plan(unit, clerk, rich, str(DUE), notice=notice, **ONLY)
    refused(paper, clerk)  # 公示中
    makers.decide(makers.lodged(notice).pk, officer, public_text=makers.RELEASED)
    refused(paper, clerk)  # 有异议
    makers.over(notice)
    refused(paper, clerk)  # 期满, the objection stands
    answer = makers.answered(notices.again(notice), clerk).perform("submit", clerk)
    refused(paper, clerk)  # 已补充论证
    answer.perform("send_back", officer, "请补充", to="clerk")
    refused(paper, clerk)
    answer = ObjectionAnswer.objects.get(pk=answer.pk).perform("submit", clerk)
    answer.perform(verb, officer, "理由充分")
    if released:
        assert Plan.objects.get(pk=paper.pk).perform("submit", clerk).state == Desk.UNIT
    else:
        refused(paper, clerk)


@pytest.mark.parametrize("desk", ["clerk", "unit", "done"])
def test_what_a_living_plan_stands_on_cannot_be_taken_away(matter, clerk, reviewer, officer, desk):
    notice, answer, paper = matter
    answer.perform("approve", officer)
    steps = {"clerk": [], "unit": [("submit", clerk)], "done": [("submit", clerk), ("approve", reviewer)]}
    for verb, person in steps[desk]:
        paper = paper.perform(verb, person)
    assert paper.state == desk
    for person in (clerk, officer):
        with pytest.raises((Refused, Conflict)):
            notices.again(notice).perform("void", person, "理由")
    for verb in ("uphold", "send_back", "withdraw", "void"):
        with pytest.raises((Refused, Conflict)):
            ObjectionAnswer.objects.get(pk=answer.pk).perform(verb, officer, "理由", to="clerk")
    with pytest.raises(Conflict, match="结果不能再变"):
        ObjectionAnswer.objects.get(pk=answer.pk).lead(SingleSourceNotice.Outcome.OBJECTED)
    with pytest.raises(TooLate):
        makers.lodged(notice)
    settle(notice.pk)
    assert notices.again(notice).outcome == "completed_overruled"
    assert notice in SingleSourceNotice.objects.linkable(paper.unit)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["approve", "uphold"])
def test_a_plan_handed_in_while_the_office_decides_never_stands_on_an_upheld_objection(
    matter, clerk, officer, verb
):
    notice, answer, paper = matter
    start, told = threading.Barrier(2), []

    def act(row, word, person):
        start.wait()
        try:
            row.perform(word, person, "理由充分")
        except (ValidationError, Conflict) as problem:
            told.append(str(problem))
        finally:
            connection.close()

    acts = [(Plan.objects.get(pk=paper.pk), "submit", clerk), (answer, verb, officer)]
    threads = [threading.Thread(target=act, args=one) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome = notices.again(notice).outcome
    assert outcome == ("completed_overruled" if verb == "approve" else "upheld")
    handed_in = Plan.objects.get(pk=paper.pk).state == Desk.UNIT
    assert handed_in or "尚未期满，或有异议还没有处理" in " ".join(told)
    assert not (handed_in and outcome == "upheld")
