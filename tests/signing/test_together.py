"""批量通过 with signatures: one page, one PIN, one signature for each paper."""

import pytest

from accounts.models import DecisionSignature
from budgets.models import BudgetEntry
from budgets.stages import BudgetEntryStage
from procurement.flow.models import Move
from procurement.flow.proofs import faults
from tests.papers import entry

from .test_pages import words

pytestmark = pytest.mark.django_db
BATCH = "/budgets/entries/review/batch/"


@pytest.fixture
def fifty(unit, clerk, settings, monkeypatch):
    monkeypatch.setattr(BudgetEntryStage, "batchable", lambda paper: None)
    made = [entry(unit, clerk, "100.00", f"第 {number} 份").perform("submit", clerk) for number in range(50)]
    settings.DECISION_SIGNATURES = True
    return made


def ticks(papers) -> list[str]:
    return [f"{paper.pk}-{paper.version}" for paper in papers]


def test_fifty_are_passed_with_one_pin_and_each_has_its_signature(at_desk, fifty):
    desk = at_desk("reviewer")
    answer = desk.client.post(BATCH, {"pick": ticks(fifty), "opinion": "低风险，同意。"})
    shown = words(answer)
    assert "将要签名的 50 件" in shown
    assert "5,000.00" in shown
    assert not DecisionSignature.objects.exists()
    done = desk.client.get(desk.sign(answer).headers["Location"])
    assert "通过 50 件" in words(done)
    moves = Move.objects.filter(verb="approve")
    assert (moves.count(), moves.exclude(signature=None).values("signature").distinct().count()) == (50, 50)
    found = faults(BudgetEntry.objects.get(pk=fifty[0].pk), since=0)
    assert [why for _, why in found] == ["UNSIGNED"]  # its submit, made before
    for paper in fifty:
        assert list(faults(BudgetEntry.objects.get(pk=paper.pk), moves.earliest("pk").pk)) == []


def test_one_that_changed_falls_out_of_the_batch_alone(at_desk, fifty):
    desk, three = at_desk("reviewer"), fifty[:3]
    form = desk.asked(desk.client.post(BATCH, {"pick": ticks(three)}))
    signatures = desk.signatures(form)
    at_desk("clerk").decide(three[1], "withdraw")
    done = desk.client.get(desk.send(form, signatures).headers["Location"])
    assert "通过 2 件" in words(done)
    assert Move.objects.filter(verb="approve").count() == 2


def test_what_cannot_be_passed_is_told_before_the_pin(at_desk, fifty):
    desk, three = at_desk("reviewer"), fifty[:3]
    for left in (2, 1):
        at_desk("clerk").decide(three[left], "withdraw")
        answer = desk.client.post(BATCH, {"pick": ticks(three)})
        assert f"以下 {3 - left} 件不能通过" in words(answer)
        assert len(desk.asked(answer).values("sign-content")) == left


def test_a_bad_signature_stops_the_whole_batch(at_desk, fifty):
    desk, three = at_desk("reviewer"), fifty[:3]
    form = desk.asked(desk.client.post(BATCH, {"pick": ticks(three), "opinion": "同意。"}))
    signatures = desk.signatures(form)
    again = desk.send(form, [*signatures[:2], signatures[0]])
    assert "CA-400" in words(again)
    assert not Move.objects.filter(verb="approve").exists()
    assert desk.sign(again).status_code == 302
    assert Move.objects.filter(verb="approve", opinion="同意。").count() == 3


def test_going_back_from_a_batch_keeps_ticks_and_opinion(at_desk, fifty):
    desk = at_desk("reviewer")
    form = desk.asked(desk.client.post(BATCH, {"pick": ticks(fifty[:2]), "opinion": "写到一半"}))
    again = desk.send(form, [], **{"sign-back": "1"})
    assert "将通过 2 件" in words(again)
    assert "写到一半" in words(again)
