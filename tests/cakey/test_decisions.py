"""Decisions signed by certificate key: prepared, signed by the real agent, chained, verified offline."""

import base64
import json
import subprocess
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory
from django.utils import timezone

from accounts.cakey import authority as ca
from accounts.cakey import bindings, cms, decisions, sessions, trust
from accounts.cakey.errors import CAKeyError
from accounts.models import DecisionSignature, TrustedCA, UserCertificate

from .conftest import PIN, PRACTICE, bound

pytestmark = pytest.mark.django_db
PAPER = "budgetentry:17"
FACTS = {
    "version": 3, "action": "approve", "from_state": "unit", "to_state": "division", "opinion": "同意",
    "content_sha256": "a" * 64,
    "display": {"action": "审核通过", "title": "智慧教室设备更新", "no": "YS2026001", "amount": "480,000.00"},
}  # fmt: skip


class Desk:
    """Somebody before a page, with a session opened by certificate and the agent beside."""

    def __init__(self, client, user, row, agent):
        self.request = RequestFactory().post("/")
        self.request.user, self.request.session = user, client.session
        self.request.session[sessions.KEY] = {"sha256": row.sha256}
        self.row, self.agent = row, agent

    def prepare(self, facts=FACTS, subject=PAPER) -> dict:
        return decisions.prepare(self.request, [(subject, facts)], origin=PRACTICE)[0]

    def sign(self, prepared: dict) -> str:
        status, answer = self.agent.post("sign", {**prepared, "pin": PIN})
        assert status == 200, answer
        return answer["signature"]

    def decide(self, facts=FACTS, subject=PAPER) -> DecisionSignature:
        prepared = self.prepare(facts, subject)
        return self.complete(facts, prepared["content"], self.sign(prepared), subject)

    def complete(self, facts, content, signature, subject=PAPER) -> DecisionSignature:
        accepted = decisions.accept(self.request, [(content, signature)])
        return decisions.keep(*accepted.values(), subject, facts)

    def refused(self, facts, content, signature, subject=PAPER) -> str:
        with pytest.raises(CAKeyError) as error, transaction.atomic():
            self.complete(facts, content, signature, subject)
        assert not DecisionSignature.objects.exists()
        return error.value.code


@pytest.fixture
def at_desk(client, world, tokens, trusted, people, page_agent):
    def sit(who="reviewer"):
        client.get("/accounts/login/")
        user = getattr(people, who)
        row = bound(world, getattr(tokens, who), user)
        return Desk(client, user, row, page_agent)

    return sit


def verified(subject: str = "") -> str:
    """The signatures by themselves; what they say of papers is tests/signing's affair."""
    rows = DecisionSignature.objects.select_related("certificate").order_by("pk")
    found = list(decisions.faults(rows.filter(subject=subject) if subject else rows))
    assert not (broken := [fault for _, fault in found if fault]), broken
    return f"已核验 {len(found)} 个业务签名"


@pytest.mark.parametrize("who", ["clerk", "reviewer"])
def test_a_decision_is_signed_kept_and_verified_by_openssl_too(at_desk, world, tmp_path, who):
    row = at_desk(who).decide()
    assert (row.subject, row.version, row.action, row.previous) == (PAPER, 3, "approve", "")
    assert json.loads(row.content)["opinion"] == "同意"
    assert {one["number"] for one in row.evidence} == {"1"}
    assert "已核验 1 个业务签名" in verified()
    (tmp_path / "sig.p7s").write_bytes(bytes(row.cms))
    (tmp_path / "content.json").write_bytes(row.content.encode())
    (tmp_path / "root.pem").write_bytes(ca.pem(world.authority.root))
    command = "openssl cms -verify -binary -inform DER -in sig.p7s -content content.json -CAfile root.pem"
    words = [*command.split(), "-purpose", "any", "-cades", "-out", "out"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_each_signature_names_the_one_before(at_desk):
    desk = at_desk()
    first, second, other = desk.decide(), desk.decide(), desk.decide(subject="intent:1")
    assert (second.previous, other.previous) == (first.sha256, "")
    assert "已核验 3 个" in verified()
    assert "已核验 2 个" in verified(PAPER)


@pytest.mark.parametrize("change", [{"version": 4}, {"opinion": "不同意"}, {"content_sha256": "b" * 64}])
def test_a_paper_changed_in_between_is_stale(at_desk, change):
    desk = at_desk()
    prepared = desk.prepare()
    signature = desk.sign(prepared)
    assert desk.refused({**FACTS, **change}, prepared["content"], signature) == "DECISION_STALE"


def test_a_signature_serves_one_paper_once(at_desk):
    desk = at_desk()
    prepared = desk.prepare()
    signature = desk.sign(prepared)
    assert desk.refused(FACTS, prepared["content"], signature, subject="intent:1") == "DECISION_STALE"
    desk.complete(FACTS, prepared["content"], signature)
    with pytest.raises(CAKeyError, match="CHALLENGE_MISSING"):
        desk.complete(FACTS, prepared["content"], signature)


def test_somebody_elses_key_cannot_sign_for_me(at_desk, world, tokens):
    desk = at_desk()
    content = desk.prepare()["content"]
    forged = {
        "content": content, "certificateId": trust.fingerprint(tokens.clerk),
        "signedAttributes": base64.b64encode(cms.attributes(content, tokens.clerk)).decode(),
    }  # fmt: skip
    assert desk.refused(FACTS, content, desk.sign(forged)) in ("SIG_LENGTH", "SIG_INVALID")


@pytest.mark.parametrize(
    ("content", "code"),
    [("", "DECISION_MALFORMED"), ("[]", "DECISION_MALFORMED"), ('{"nonce":1}', "DECISION_MALFORMED"),
     ("[" * 9000, "DECISION_MALFORMED"), ('{"nonce":"x","at":"y","prev":""}', "CHALLENGE_MISSING")],
)  # fmt: skip
def test_nonsense_has_its_code(at_desk, content, code):
    assert at_desk().refused(FACTS, content, "x") == code


@pytest.mark.parametrize("signature", ["?", "", "AAAA"])
def test_a_signature_that_is_none_is_refused(at_desk, signature):
    desk = at_desk()
    assert desk.refused(FACTS, desk.prepare()["content"], signature).startswith("SIG_")


def test_a_login_nonce_is_no_decision_nonce(at_desk):
    desk = at_desk()
    nonce = decisions.challenge.give(desk.request.session.session_key, origin=PRACTICE)
    content = cms.canonical({**json.loads(desk.prepare()["content"]), "nonce": nonce})
    assert desk.refused(FACTS, content, "x") == "CHALLENGE_PURPOSE"


def test_a_backdated_decision_is_refused(at_desk):
    desk = at_desk()
    early = (timezone.now() - timedelta(minutes=6)).strftime("%Y-%m-%dT%H:%M:%SZ")
    content = cms.canonical({**json.loads(desk.prepare()["content"]), "at": early})
    assert desk.refused(FACTS, content, "x") == "CHALLENGE_EXPIRED"


def test_a_suspended_certificate_signs_nothing(at_desk, admin):
    desk = at_desk()
    prepared = desk.prepare()
    bindings.suspend(UserCertificate.objects.get(pk=desk.row.pk), by=admin)
    assert desk.refused(FACTS, prepared["content"], "x") == "CERT_NOT_BOUND"


def test_a_revoked_certificate_signs_nothing(at_desk, world, tokens):
    desk = at_desk()
    prepared = desk.prepare()
    signature = desk.sign(prepared)
    issuing = TrustedCA.objects.get(role="intermediate")
    keys = (world.authority.issuing, world.authority.issuing_key)
    trust.import_crl(issuing, ca.make_crl(*keys, [tokens.reviewer], number=2), timezone.now())
    assert desk.refused(FACTS, prepared["content"], signature) == "CERT_REVOKED"


def test_the_rows_cannot_be_changed(at_desk):
    at_desk().decide()
    table = "accounts_decisionsignature"
    for statement in (f"UPDATE {table} SET action = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)


def tamper(statement: str, *values) -> None:
    """An insider with the database's own rights."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_decisionsignature DISABLE TRIGGER written_once")
        cursor.execute(statement, values)
        cursor.execute("ALTER TABLE accounts_decisionsignature ENABLE TRIGGER written_once")


@pytest.mark.parametrize(
    ("change", "fault"),
    [("content = replace(content, '同意', '反对')", "SIG_INVALID"), ("action = 'send_back'", "ROW_DIFFERS"),
     ("version = 9", "ROW_DIFFERS"), ("subject = 'intent:1'", "ROW_DIFFERS"),
     ("content = ''", "DECISION_MALFORMED"), ("sha256 = repeat('0', 64)", "ROW_DIFFERS"),
     ("cms = 'x'::bytea", "CMS_MALFORMED"), ("cms = cms || 'x'::bytea", "CMS_MALFORMED"),
     ("cms = overlay(cms placing 'x'::bytea from length(cms))", "SIG_INVALID|CMS_MALFORMED")],
)  # fmt: skip
def test_what_an_insider_changes_comes_to_light(at_desk, change, fault):
    desk = at_desk()
    desk.decide()
    tamper(f"UPDATE accounts_decisionsignature SET {change}")
    with pytest.raises(AssertionError, match=fault):
        verified()


def test_a_removed_decision_breaks_the_chain(at_desk):
    desk = at_desk()
    first, _ = desk.decide(), desk.decide()
    tamper("DELETE FROM accounts_decisionsignature WHERE id = %s", first.pk)
    with pytest.raises(AssertionError, match="CHAIN_BROKEN"):
        verified()
