"""The session hangs on the certificate: each way it ends, and that nothing is saved per request."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.cakey import authority as ca
from accounts.cakey import bindings, sessions, trust
from accounts.models import BreakGlass, CertificateSession, LoginLog, TrustedCA, UserCertificate
from tests.sessions import logged_in

from .conftest import PIN, PRACTICE, bound, fingerprint
from .logging_in import post, try_login

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(client, world, keys, trusted, clerk):
    """A client logged in with the clerk's certificate."""
    certificate = world.issue(keys.p256)
    client.row = bound(world, certificate, clerk)
    assert try_login(client, keys.p256, certificate).status_code == 200
    return client


def set_facts(client, **facts):
    session = client.session
    session[sessions.KEY] = {**session[sessions.KEY], **facts}
    session.save()


def reason_of(client) -> str:
    answer = client.get("/?a=1")
    assert answer.status_code == 302
    assert "next=%2F%3Fa%3D1" in answer.headers["Location"]
    assert "_auth_user_id" not in client.session
    return answer.headers["Location"].partition("reason=")[2].partition("&")[0]


def test_a_request_reads_the_rows_once_in_half_a_minute(inside, django_assert_num_queries):
    path = "/accounts/cakey/heartbeat"
    sessions.MEMORY.clear()
    with django_assert_num_queries(4):  # session, user with posts; ours: the certificate, its authorities
        inside.post(path)
    with django_assert_num_queries(2):  # nothing of ours, and no session is saved
        inside.post(path)


def test_an_expired_certificate_ends_the_session(inside):
    set_facts(inside, not_after=timezone.now().timestamp() - 1)
    assert reason_of(inside) == "SESSION_CERT_EXPIRED"


def test_eight_hours_are_enough(inside):
    set_facts(inside, auth_time=timezone.now().timestamp() - 8 * 3600 - 1)
    assert reason_of(inside) == "SESSION_TOO_OLD"


def test_half_an_hour_of_nothing_ends_the_session(inside):
    CertificateSession.objects.update(seen_at=timezone.now() - timedelta(minutes=31))
    sessions.MEMORY.clear()
    assert reason_of(inside) == "SESSION_IDLE"


def test_being_active_keeps_it_alive(inside):
    CertificateSession.objects.update(seen_at=timezone.now() - timedelta(minutes=20))
    sessions.MEMORY.clear()
    inside.get("/")
    assert timezone.now() - CertificateSession.objects.get().seen_at < timedelta(minutes=1)


def test_a_heartbeat_is_no_activity(inside):
    long_ago = timezone.now() - timedelta(minutes=20)
    CertificateSession.objects.update(seen_at=long_ago)
    sessions.MEMORY.clear()
    assert inside.post("/accounts/cakey/heartbeat").status_code == 204
    assert CertificateSession.objects.get().seen_at == long_ago


def test_suspending_the_binding_ends_the_session_at_once(inside, admin):
    bindings.suspend(inside.row, by=admin, detail="离岗")
    assert reason_of(inside) == "SESSION_CERT_UNBOUND"
    assert inside.row.events.last().detail == "离岗"


def test_a_list_that_revokes_it_ends_the_session(inside, world):
    issuing = TrustedCA.objects.get(role="intermediate")
    certificate = trust.x509.load_pem_x509_certificate(inside.row.certificate.encode())
    crl = ca.make_crl(world.authority.issuing, world.authority.issuing_key, [certificate], number=2)
    trust.import_crl(issuing, crl, timezone.now())
    sessions.MEMORY.clear()
    assert reason_of(inside) == "SESSION_CERT_REVOKED"


def test_switching_the_authority_off_ends_the_session(inside):
    TrustedCA.objects.filter(role="anchor").update(enabled=False)
    sessions.MEMORY.clear()
    assert reason_of(inside) == "SESSION_CERT_UNBOUND"


def test_a_certificate_of_somebody_else_ends_the_session(inside, reviewer):
    UserCertificate.objects.update(user=reviewer)
    sessions.MEMORY.clear()
    assert reason_of(inside) == "SESSION_CERT_UNBOUND"


def test_a_session_without_a_certificate_is_ended(clerk):
    client = Client()
    client.force_login(clerk, backend=sessions.BACKEND)
    assert reason_of(client) == "SESSION_WITHOUT_CERTIFICATE"


def test_background_requests_are_told_where_to_go(inside, admin):
    bindings.suspend(inside.row, by=admin)
    answer = inside.post("/accounts/cakey/heartbeat")
    assert answer.status_code == 401
    assert answer.json()["redirect"].startswith("/accounts/login/?reason=SESSION_CERT_UNBOUND")
    assert inside.post("/accounts/cakey/heartbeat").status_code == 401


def test_htmx_gets_its_redirect_header(inside, admin):
    bindings.suspend(inside.row, by=admin)
    answer = inside.get("/", HTTP_HX_REQUEST="true")
    assert (answer.status_code, answer.headers["HX-Redirect"][:16]) == (401, "/accounts/login/")


def test_pages_of_a_session_are_not_stored(inside):
    assert inside.get("/").headers["Cache-Control"] == "no-store"


def test_logging_out_ends_the_row_and_says_so(inside):
    answer = inside.post("/accounts/logout/", {"reason": "TOKEN_REMOVED"}, follow=True)
    assert "CA-KEY 已拔出" in answer.content.decode()
    assert CertificateSession.objects.get().ended_because == "TOKEN_REMOVED"
    assert inside.get("/accounts/logout/").status_code == 405


# The emergency door


def made(django_run, username) -> str:
    return django_run("breakglass", username).split("一次性口令 ")[1].split()[0]


@pytest.fixture
def django_run(capsys):
    def run(*arguments):
        from django.core.management import call_command

        call_command(*arguments)
        return capsys.readouterr().out

    return run


def test_break_glass_works_once_for_an_administrator(django_run, admin, caplog):
    password = made(django_run, admin.username)
    client = Client()
    assert client.post("/accounts/breakglass/", {"password": password}).status_code == 302
    assert client.get("/").status_code == 200
    assert client.session[sessions.KEY]["method"] == "breakglass"
    assert client.session.get_expiry_age() <= 1800
    assert "已用过" in Client().post("/accounts/breakglass/", {"password": password}).content.decode()
    assert [row.code for row in LoginLog.objects.order_by("pk")] == ["BREAKGLASS_OK", "BREAKGLASS_REFUSED"]
    assert sum(record.levelname == "CRITICAL" for record in caplog.records) == 2
    assert password not in caplog.text
    set_facts(client, not_after=timezone.now().timestamp() - 1)
    assert reason_of(client) == "SESSION_CERT_EXPIRED"


def test_break_glass_expires_and_is_for_administrators_only(django_run, admin, clerk):
    from django.core.management import CommandError

    password = made(django_run, admin.username)
    BreakGlass.objects.update(expires_at=timezone.now())
    client = Client()
    assert client.post("/accounts/breakglass/", {"password": password}).status_code == 200
    assert "_auth_user_id" not in client.session
    for username in (clerk.username, "nobody"):
        with pytest.raises(CommandError):
            django_run("breakglass", username)


def test_there_is_no_password_door(clerk):
    from django.contrib.auth import authenticate

    clerk.set_password("secret-secret")
    clerk.save()
    assert authenticate(username=clerk.username, password="secret-secret") is None
    assert not Client().login(username=clerk.username, password="secret-secret")


# The demo's relay


def test_the_relay_is_not_there_unless_configured(client, settings):
    assert post(client, "relay/status", {}).status_code == 404
    settings.CAKEY_RELAY_URL = "http://127.0.0.1:1"
    assert post(client, "relay/cancel", {}).status_code == 404
    assert post(client, "relay/status", {}).json() == {"code": "AGENT_ABSENT"}
    settings.MODE = "production"
    assert post(client, "relay/status", {}).status_code == 404


def test_a_browser_elsewhere_logs_in_through_the_relay(
    client, world, tokens, page_agent, trusted, clerk, settings
):
    settings.CAKEY_RELAY_URL = page_agent.url
    bound(world, tokens.clerk, clerk)
    assert post(client, "relay/status", {}).json()["pin"] == "page"
    rows = post(client, "relay/certificates", {"purpose": "auth"}).json()["certificates"]
    assert fingerprint(tokens.clerk) in [row["id"] for row in rows]
    nonce = post(client, "challenge", {"purpose": "login"}).json()["nonce"]
    question = {"challengeNonce": nonce, "certificateId": fingerprint(tokens.clerk), "pin": "000000"}
    assert post(client, "relay/authenticate", question).json() == {"code": "AGENT_PIN_INCORRECT"}
    token = post(client, "relay/authenticate", {**question, "pin": PIN}).json()
    answer = post(client, "login", {"token": json.dumps(token), "nonce": nonce})
    assert answer.json() == {"redirect": "/"}


# The administrator, and the checks


def test_an_administrator_approves_a_request(world, keys, trusted, admin, clerk):
    try_login(Client(), keys.p256, world.issue(keys.p256, "新同事"))
    row = UserCertificate.objects.get(common_name="新同事")
    client = logged_in(admin)
    page = f"/admin/accounts/usercertificate/{row.pk}/change/"
    assert client.get(page).status_code == 200
    chosen = {"user": clerk.pk, "events-TOTAL_FORMS": 0, "events-INITIAL_FORMS": 0}
    assert client.post(page, chosen).status_code == 302
    act(client, "approve", row)
    row.refresh_from_db()
    assert (row.status, row.user, row.bound_by) == ("active", clerk, admin)
    client.post(page, {**chosen, "user": admin.pk})
    row.refresh_from_db()
    assert row.user == clerk
    for action, status in (
        ("suspend", "suspended"),
        ("resume", "active"),
        ("revoke", "revoked"),
        ("resume", "revoked"),
    ):
        act(client, action, row)
        row.refresh_from_db()
        assert row.status == status
    assert [event.by for event in row.events.all()] == [None, admin, admin, admin, admin]


def act(client, action, row):
    data = {"action": action, "_selected_action": [row.pk]}
    assert client.post("/admin/accounts/usercertificate/", data).status_code == 302


@pytest.mark.parametrize("name", ["trustedca", "revocationlist", "loginlog", "breakglass", "usercertificate"])
def test_the_administrators_lists_open(trusted, admin, name):
    assert logged_in(admin).get(f"/admin/accounts/{name}/").status_code == 200


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []), ({"CAKEY_ORIGINS": []}, ["E001"]), ({"CAKEY_ORIGINS": ["https://a.example/"]}, ["E002"]),
        ({"CAKEY_ORIGINS": ["cg.example"]}, ["E002"]), ({"MODE": "production"}, ["E003"]),
        ({"MODE": "production", "CAKEY_ORIGINS": ["https://a.cn"], "CAKEY_RELAY_URL": PRACTICE}, ["E004"]),
        ({"CAKEY_RELAY_URL": "http://elsewhere.example"}, ["E005"]), ({"CAKEY_AGENT_PORTS": [80]}, ["E006"]),
        ({"MIDDLEWARE": []}, ["E007"]),
        ({"AUTHENTICATION_BACKENDS": ["django.contrib.auth.backends.ModelBackend"]}, ["E008"]),
    ],
)  # fmt: skip
def test_unsafe_settings_stop_the_server(settings, change, codes):
    from accounts.cakey.checks import check_cakey

    for name, value in change.items():
        setattr(settings, name, value)
    assert [error.id for error in check_cakey()] == [f"cakey.{code}" for code in codes]
