"""签名确认 over HTTP: without a signature nothing moves, with one the move and its signature are one."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.cakey import authority as ca
from accounts.cakey import trust
from accounts.models import DecisionSignature, LoginChallenge, TrustedCA, UserCertificate
from budgets.models import BudgetEntry
from procurement.flow.models import Attachment, Desk, Move
from procurement.flow.proofs import faults
from procurement.overview.demo.world import PROOF
from tests.budgets.test_entries import errors, filled, written
from tests.papers import entry
from tests.remembered import load_reference

pytestmark = pytest.mark.django_db
STALE = "单据在您签名期间有变化，没有办理。"
BACK = {"to": "clerk", "reason": "demand", "opinion": "技术要求过于笼统，请补充。"}


@pytest.fixture
def submitted(unit, clerk, settings):
    paper = entry(unit, clerk).perform("submit", clerk)
    settings.DECISION_SIGNATURES = True
    return paper


def words(answer) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", answer.content.decode()))


def nothing_happened(paper, moves: int = 1) -> bool:
    fresh = type(paper).objects.get(pk=paper.pk)
    counts = paper.moves.count(), DecisionSignature.objects.count()
    return counts == (moves, 0) and (fresh.state, fresh.version) == (paper.state, paper.version)


def test_an_approval_is_asked_for_then_signed_and_made_at_once(at_desk, submitted):
    desk = at_desk("reviewer")
    answer = desk.move(submitted, "approve", opinion="材料齐全，同意。")
    assert answer.status_code == 200
    assert nothing_happened(submitted)
    shown = words(answer)
    for said in ("签名确认", "通过", submitted.title, submitted.number, "4,800,000.00", "材料齐全，同意。",
                 "肆佰捌拾万元整", submitted.content_sha256[-8:], "王审核", "归口支出处室"):  # fmt: skip
        assert said in shown, said
    assert desk.sign(answer).headers["Location"] == f"/budgets/entries/{submitted.pk}/"
    move = submitted.moves.last()
    signed = json.loads(move.signature.content)
    assert (move.verb, move.signature.certificate.user, move.key) == (
        "approve", desk.user, move.signature.certificate.sha256,
    )  # fmt: skip
    assert signed["subject"] == f"budgetentry:{submitted.pk}"
    assert {name: signed[name] for name in ("action", "from", "to", "opinion", "head", "version")} == {
        "action": "approve", "from": "unit", "to": "division", "opinion": "材料齐全，同意。",
        "head": submitted.head, "version": submitted.version,
    }  # fmt: skip
    assert signed["content_sha256"] == submitted.content_sha256
    assert list(faults(type(submitted).objects.get(pk=submitted.pk), move.pk)) == []


def test_the_trail_and_the_print_name_the_signer(at_desk, submitted):
    desk = at_desk("reviewer")
    desk.decide(submitted, "approve", opinion="同意")
    page = desk.client.get(f"/budgets/entries/{submitted.pk}/")
    assert "已签名 · 王审核" in words(page)
    assert desk.client.get(f"/budgets/entries/{submitted.pk}/print/").content.startswith(b"%PDF")


def test_reading_a_signed_trail_asks_no_more_than_an_unsigned_one(at_desk, submitted):
    desk, address = at_desk("reviewer"), f"/budgets/entries/{submitted.pk}/"
    at_desk("divisional")
    desk.client.get(address)
    with CaptureQueriesContext(connection) as before:
        desk.client.get(address)
    desk.decide(submitted, "approve")
    with CaptureQueriesContext(connection) as after:
        assert "已签名" in words(desk.client.get(address))
    assert len(after) <= len(before)


def test_what_is_refused_is_refused_before_anybody_signs(at_desk, submitted):
    desk = at_desk("reviewer")
    stranger = at_desk("divisional").move(submitted, "approve")
    assert (stranger.status_code, "sign-content" in stranger.content.decode()) == (403, False)
    late = desk.client.post(
        f"/budgets/entries/{submitted.pk}/moves/", {"verb": "approve", "version": submitted.version + 1}
    )
    assert late.status_code == 409
    short = desk.move(submitted, "send_back", to="clerk", reason="demand", opinion="不")
    assert "至少 5 个字" in words(short)
    assert "签名确认" not in words(short)


def test_going_back_shows_the_form_with_what_was_typed(at_desk, submitted):
    desk = at_desk("reviewer")
    form = desk.asked(desk.move(submitted, "send_back", **BACK))
    again = desk.send(form, [], **{"sign-back": "1"})
    assert again.status_code == 200
    assert BACK["opinion"] in words(again)
    assert "sign-content" not in again.content.decode()
    assert "错误：" not in words(again)
    assert nothing_happened(submitted)


def test_every_verb_goes_this_way(at_desk, submitted):
    """提交, 退回, 撤回, 通过, 作废: signed from the first to the last."""
    clerk, reviewer, paper = at_desk("clerk"), at_desk("reviewer"), submitted
    paper = reviewer.decide(paper, "send_back", **BACK)
    paper = clerk.decide(paper, "submit")
    paper = clerk.decide(paper, "withdraw")
    paper = clerk.decide(paper, "void", opinion="项目并入明年预算。")
    assert paper.state == Desk.VOID
    signed = Move.objects.filter(document=paper).exclude(signature=None)
    assert [move.verb for move in signed] == ["send_back", "submit", "withdraw", "void"]
    back = json.loads(signed[0].signature.content)
    assert (back["to"], back["reason"], back["display"]["action"]) == (
        "clerk", "demand", "退回至经办岗（需求描述不清）",
    )  # fmt: skip
    assert list(faults(paper, signed[0].pk)) == []


def changed_opinion(paper):
    return {"opinion": "不同意见"}


def changed_reason(paper):
    return {"reason": "amount"}


def a_new_file(paper):
    upload = SimpleUploadedFile("补充.pdf", PROOF, content_type="application/pdf")
    Attachment.receive(paper, upload, "fund_proof", paper.clerk)
    return {}


@pytest.mark.parametrize(
    ("who", "verb", "data", "change"),
    [("reviewer", "approve", {"opinion": "同意"}, changed_opinion),
     ("reviewer", "send_back", BACK, changed_reason), ("clerk", "submit", {}, a_new_file)],
)  # fmt: skip
def test_what_changed_since_it_was_shown_is_not_decided(at_desk, signing, unit, clerk, settings, who, verb,
                                                        data, change):  # fmt: skip
    settings.DECISION_SIGNATURES = False
    paper = entry(unit, clerk)
    paper = paper if verb == "submit" else paper.perform("submit", clerk)
    settings.DECISION_SIGNATURES = True
    desk = at_desk(who)
    form = desk.asked(desk.move(paper, verb, **data))
    signatures = desk.signatures(form)
    answer = desk.send(form, signatures, **change(paper))
    assert STALE in words(answer)
    assert nothing_happened(paper, 0 if verb == "submit" else 1)


def test_somebody_faster_is_the_usual_conflict(at_desk, submitted, unit, reviewer):
    desk = at_desk("reviewer")
    form = desk.asked(desk.move(submitted, "approve"))
    at_desk("clerk").decide(submitted, "withdraw")
    assert desk.send(form, desk.signatures(form)).status_code == 409
    assert [move.verb for move in submitted.moves.all()] == ["submit", "withdraw"]


def wrong_value(desk, form):
    return {"sign-value": ["AAAA"]}


def no_base64(desk, form):
    return {"sign-value": ["?"]}


def no_content(desk, form):
    return {"sign-content": "[]"}


def replayed(desk, form):
    LoginChallenge.objects.all().delete()
    return {}


def expired(desk, form):
    LoginChallenge.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    return {}


def revoked(desk, form):
    issuing = TrustedCA.objects.get(role="intermediate")
    world = desk.world.authority
    crl = ca.make_crl(world.issuing, world.issuing_key, [desk.certificate], number=2)
    trust.import_crl(issuing, crl, timezone.now())
    return {}


def suspended(desk, form):
    """By another process: this one may remember the session for half a minute."""
    UserCertificate.objects.filter(user=desk.user).update(status="suspended")
    return {}


def list_out_of_date(desk, form):
    TrustedCA.objects.get(role="intermediate").revocation_list.delete()
    return {}


FAULTS = [
    (wrong_value, "CA-400"), (no_base64, "CA-400"), (no_content, "CA-400"), (replayed, "CA-406"),
    (expired, "CA-406"), (revoked, "CA-203"), (suspended, "CA-401"), (list_out_of_date, "CA-403"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "state"), FAULTS, ids=[one.__name__ for one, _ in FAULTS])
def test_a_signature_that_does_not_count_asks_again_and_loses_nothing(
    at_desk, submitted, world, spoil, state
):
    desk = at_desk("reviewer")
    desk.world = world
    form = desk.asked(desk.move(submitted, "send_back", **BACK))
    signatures = desk.signatures(form)
    answer = desk.send(form, signatures, **spoil(desk, form))
    assert answer.status_code == 200
    assert state in words(answer)
    assert re.search(r"参考号 [0-9A-F]{8}", words(answer))
    assert f'name="opinion" value="{BACK["opinion"]}"' in html.unescape(answer.content.decode())
    assert nothing_happened(submitted)


def test_after_a_fault_the_next_signature_counts(at_desk, submitted):
    desk = at_desk("reviewer")
    again = desk.send(desk.asked(desk.move(submitted, "approve")), ["AAAA"])
    assert desk.sign(again).status_code == 302
    assert submitted.moves.last().signature is not None


def test_somebody_elses_signature_or_paper_does_not_count(at_desk, submitted, unit, clerk, settings):
    reviewer = at_desk("reviewer")
    settings.DECISION_SIGNATURES = False
    other = entry(unit, clerk, title="另一份").perform("submit", clerk)
    settings.DECISION_SIGNATURES = True
    form, foreign = (reviewer.asked(reviewer.move(paper, "approve")) for paper in (submitted, other))
    crossed = {"sign-content": foreign.values("sign-content")}
    answer = reviewer.send(form, reviewer.signatures(foreign), **crossed)
    assert STALE in words(answer)
    assert nothing_happened(submitted)


def test_a_session_without_a_certificate_decides_nothing(as_user, reviewer, submitted):
    """An emergency session, or one whose certificate is bound no more."""
    client = as_user(reviewer)
    session = client.session
    session["cakey"] = {"method": "breakglass", "auth_time": timezone.now().timestamp(),
                        "not_after": timezone.now().timestamp() + 900}  # fmt: skip
    session.save()
    data = {"verb": "approve", "version": submitted.version}
    answer = client.post(f"/budgets/entries/{submitted.pk}/moves/", data)
    assert "CA-401" in words(answer)
    assert "sign-content" not in answer.content.decode()
    assert nothing_happened(submitted)


# --- from the form -----------------------------------------------------------------------------------------


def test_a_form_is_saved_with_its_files_before_anybody_signs(at_desk, signing, unit):
    load_reference()
    desk = at_desk("clerk")
    answer = written(desk.client, filled(unit), action="submit", files=True)
    assert "签名确认" in words(answer)
    saved = BudgetEntry.objects.get()
    assert (saved.state, saved.moves.count(), saved.attachments.get().name) == ("clerk", 0, "证明.pdf")
    edit = f"/budgets/entries/{saved.pk}/edit/"
    assert f'href="{edit}">返回修改' in answer.content.decode()
    assert "事业收入设备购置" in desk.client.get(edit).content.decode()
    assert desk.sign(answer).headers["Location"] == f"/budgets/entries/{saved.pk}/"
    assert saved.moves.get().signature.certificate.user == desk.user
    assert BudgetEntry.objects.get().attachments.count() == 1


def test_a_form_that_may_not_be_submitted_says_why_and_keeps_nothing(at_desk, signing, unit):
    load_reference()
    text = errors(written(at_desk("clerk").client, filled(unit), action="submit"))
    assert "请上传资金证明" in text
    assert "签名确认" not in text


# --- what it costs -----------------------------------------------------------------------------------------

INSIDE = 2  # the end of the paper's chain, the signature's row
OUTSIDE = 11  # before the lock: nonce, binding, authorities, revocation, evidence


def statements(act) -> tuple[int, int]:
    """(inside the transaction of the move, all) SQL statements of one request."""
    with CaptureQueriesContext(connection) as caught:
        assert act().status_code == 302
    texts = [one["sql"] for one in caught]
    locked = next(
        number for number, text in enumerate(texts) if "FOR UPDATE" in text and "flow_document" in text
    )
    return len(texts[locked:]), len(texts)


def test_a_signature_costs_two_statements_inside_the_lock(at_desk, unit, clerk, settings):
    settings.DECISION_SIGNATURES = False
    desk = at_desk("reviewer")
    papers = [entry(unit, clerk, title=f"{number}").perform("submit", clerk) for number in range(3)]
    desk.move(papers[0], "approve")  # warm
    plain = statements(lambda: desk.move(papers[1], "approve"))
    settings.DECISION_SIGNATURES = True
    form = desk.asked(desk.move(papers[2], "approve"))
    signatures = desk.signatures(form)
    signed = statements(lambda: desk.send(form, signatures))
    assert signed[0] - plain[0] == INSIDE
    assert signed[1] - plain[1] <= INSIDE + OUTSIDE
