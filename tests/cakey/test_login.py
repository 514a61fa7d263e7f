"""Logging in over HTTP: the challenge, the token, the refusals, and what is written down."""

import json
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.cakey import challenge, entry
from accounts.cakey.errors import CAKeyError
from accounts.login.states import BY_CAUSE, STATES
from accounts.models import CertificateEvent, CertificateSession, LoginChallenge, LoginLog

from .conftest import PRACTICE
from .logging_in import last, nonce_for, post, try_login

pytestmark = pytest.mark.django_db


def test_a_bound_certificate_logs_in_and_goes_where_it_was_going(client, keys, card, clerk):
    before = client.get("/accounts/login/").client.session.session_key
    answer = try_login(client, keys.p256, card, next="/plans/12/")
    assert answer.json() == {"redirect": "/plans/12/"}
    assert client.session["_auth_user_id"] == str(clerk.pk)
    assert client.session.session_key != before
    assert (last().code, last().user, last().address) == ("OK", clerk, "127.0.0.1")
    assert client.get("/").status_code == 200
    assert client.get("/accounts/login/").status_code == 302


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"]
)
def test_it_never_redirects_to_a_stranger(client, keys, card, wanted):
    assert try_login(client, keys.p256, card, next=wanted).json() == {"redirect": "/"}


def test_the_login_page_names_ports_and_every_state(client):
    page = client.get("/accounts/login/").content.decode()
    assert 'data-ports="24815,24816,24817,24818,24819"' in page
    assert all(f'data-state="{state.code}"' in page for state in STATES)
    assert "data-relay" not in page


def test_every_cause_leads_to_one_state():
    causes = [cause for state in STATES for cause in state.causes]
    assert len(causes) == len(set(causes))
    assert len({state.code for state in STATES}) == len(STATES)


def test_a_challenge_is_256_bits_and_never_the_same(client):
    nonces = {nonce_for(client) for _ in range(20)}
    assert len(nonces) == 20
    assert all(len(nonce) == 44 for nonce in nonces)
    assert LoginChallenge.objects.count() == challenge.LIVE_PER_SESSION


def test_a_consumed_nonce_is_gone(client, keys, card):
    nonce = nonce_for(client)
    assert try_login(client, keys.p256, card, nonce=nonce).status_code == 200
    client.post("/accounts/logout/")
    answer = try_login(client, keys.p256, card, nonce=nonce)
    assert (answer.status_code, answer.json()["state"]) == (409, "CA-406")
    assert LoginLog.objects.filter(code="CHALLENGE_MISSING").count() == 1


def test_a_wrong_try_burns_the_nonce(client, keys, card):
    nonce = nonce_for(client)
    assert try_login(client, keys.other, card, nonce=nonce).status_code == 401
    assert last().code == "SIG_INVALID"
    assert try_login(client, keys.p256, card, nonce=nonce).status_code == 409


def test_a_nonce_of_another_browser_is_refused(client, keys, card):
    theirs = nonce_for(Client())
    client.get("/accounts/login/")
    assert try_login(client, keys.p256, card, nonce=theirs).status_code == 409
    assert last().code == "CHALLENGE_SESSION_MISMATCH"


def test_an_old_nonce_is_refused(client, keys, card):
    nonce = nonce_for(client)
    LoginChallenge.objects.update(expires_at=timezone.now())
    assert try_login(client, keys.p256, card, nonce=nonce).json()["state"] == "CA-406"
    assert last().code == "CHALLENGE_EXPIRED"


def test_a_nonce_for_another_purpose_is_refused(client, keys, card):
    client.get("/accounts/login/")
    nonce = challenge.give(client.session.session_key, origin=PRACTICE, purpose="decision")
    assert try_login(client, keys.p256, card, nonce=nonce).status_code == 409
    assert last().code == "CHALLENGE_PURPOSE"


def test_a_token_for_another_origin_is_refused(client, keys, card):
    assert try_login(client, keys.p256, card, origin="https://phishing.example").json()["state"] == "CA-400"
    assert last().code == "SIG_INVALID"


def test_the_origin_comes_from_settings_never_from_a_header(client, settings):
    settings.CAKEY_ORIGINS = ["https://one.example", "https://two.example"]
    for claimed, expected in (("https://two.example", 1), ("https://evil.example", 0), ("null", 0)):
        answer = post(
            client, "challenge", {"purpose": "login"}, HTTP_ORIGIN=claimed, HTTP_HOST="evil.example"
        )
        assert answer.json()["origin"] == settings.CAKEY_ORIGINS[expected]


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"purpose": 1}', '{"purpose": "decision"}', "x" * 20_000, "[" * 9000, '"\ud800"']
)
def test_bad_bodies_are_refused_not_crashed(client, body):
    data = body.encode("utf-8", "surrogatepass")
    for path in ("challenge", "login"):
        answer = client.post(f"/accounts/cakey/{path}", data, content_type="application/json")
        assert (answer.status_code, answer.json()["state"]) == (400, "CA-400")


def test_nul_and_surrogates_in_the_nonce_are_no_error(client):
    for nonce in ("\0" * 44, "\ud800", "x" * 9000):
        assert post(client, "login", {"token": "x" * 200, "nonce": nonce}).status_code == 409


def test_forms_and_foreign_pages_cannot_log_somebody_in(keys, card):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/accounts/login/")
    assert post(client, "challenge", {"purpose": "login"}).status_code == 403
    assert Client().post("/accounts/cakey/challenge", {"purpose": "login"}).status_code == 400


# What is written, and how often


def test_after_ten_failures_a_browser_must_wait(client, keys, card, monkeypatch):
    monkeypatch.setattr(entry, "FAILURES_PER_SESSION", 3)
    for _ in range(3):
        assert try_login(client, keys.other, card).status_code == 401
    answer = try_login(client, keys.p256, card)
    assert (answer.status_code, answer.json()["state"]) == (429, "CA-405")
    assert try_login(Client(), keys.p256, card).status_code == 200


def test_an_address_has_its_limits_too(client, keys, card, monkeypatch):
    monkeypatch.setattr(entry, "FAILURES_PER_ADDRESS", 2)
    for _ in range(2):
        try_login(Client(), keys.other, card)
    assert try_login(client, keys.p256, card).status_code == 429
    monkeypatch.setattr(challenge, "LIVE_PER_ADDRESS", 0)
    assert post(client, "challenge", {"purpose": "login"}).status_code == 429


def test_the_page_gets_a_reference_and_the_log_the_code(client, keys, card):
    answer = try_login(client, keys.other, card).json()
    assert answer["reference"] == last().reference
    assert "SIG_INVALID" not in json.dumps(answer)


@pytest.mark.parametrize("model", [LoginLog, CertificateEvent])
def test_the_log_cannot_be_changed(client, keys, card, model):
    try_login(client, keys.p256, card)
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)
    with pytest.raises(TypeError, match="append-only"):
        model.objects.all().delete()


def test_every_server_code_of_the_design_has_its_own_state():
    for cause in ("CERT_EXPIRED", "CERT_REVOKED", "CERT_NOT_BOUND", "REVOCATION_UNAVAILABLE", "RATE_LIMITED"):
        assert BY_CAUSE[cause].code != "CA-400"


@pytest.mark.django_db(transaction=True)
def test_of_two_parallel_uses_of_a_nonce_one_wins():
    nonce = challenge.give("a-session", origin=PRACTICE)
    outcomes, start = [], threading.Barrier(8)

    def use():
        start.wait()
        try:
            outcomes.append(challenge.consume(nonce, "a-session"))
        except CAKeyError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == sorted([PRACTICE] + ["CHALLENGE_MISSING"] * 7)


def test_a_second_login_ends_the_first(client, keys, card):
    other = Client()
    assert try_login(other, keys.p256, card).status_code == 200
    assert try_login(client, keys.p256, card).status_code == 200
    assert CertificateSession.objects.filter(ended_at__isnull=True).count() == 1
    assert "SESSION_ENDED" in other.get("/").headers["Location"]
    assert client.get("/").status_code == 200
