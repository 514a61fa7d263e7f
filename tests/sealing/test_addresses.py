"""Whose misses are counted behind a proxy: the visitor's, and nobody can pass for another."""

import pytest
from django.test import Client, RequestFactory

from accounts.cakey.entry import Attempt, client_address
from accounts.models import LoginLog
from procurement.sealing import limits
from procurement.sealing.models import VerifyAttempt

URL = "/verify/"
PROXY, VISITOR, OTHER = "172.18.0.5", "203.0.113.9", "198.51.100.7"
CASES = [  # peer, X-Forwarded-For, whose request it is
    (VISITOR, "", VISITOR),
    (VISITOR, OTHER, VISITOR),  # a visitor who comes past the proxy may claim what he likes
    (PROXY, VISITOR, VISITOR),
    (PROXY, f"{OTHER}, {VISITOR}", VISITOR),  # sent by the visitor, the proxy added the end
    (PROXY, f"{VISITOR}, 172.18.0.9", VISITOR),  # two proxies of ours
    (PROXY, f"{OTHER}, {VISITOR}, 172.18.0.9", VISITOR),
    (PROXY, "172.18.0.9", "172.18.0.9"),
    (PROXY, "", PROXY),
    (PROXY, "unknown", PROXY),
    (PROXY, f"{OTHER}, <script>", PROXY),
    (PROXY, "2001:db8::1", "2001:db8::1"),
    ("::ffff:172.18.0.5", VISITOR, VISITOR),
    ("", VISITOR, None),  # a Unix socket nobody called ours
]


def request(peer: str, forwarded: str):
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **headers)


@pytest.mark.parametrize(("peer", "forwarded", "whose"), CASES)
def test_only_our_own_proxies_are_believed(settings, peer, forwarded, whose):
    settings.TRUSTED_PROXIES = ["172.18.0.0/16"]
    assert client_address(request(peer, forwarded)) == whose


def test_without_the_setting_nobody_is_believed_and_a_socket_only_by_name(settings):
    assert settings.TRUSTED_PROXIES == []
    assert client_address(request(PROXY, VISITOR)) == PROXY
    settings.TRUSTED_PROXIES = ["unix"]
    assert client_address(request("", f"{OTHER}, {VISITOR}")) == VISITOR
    assert client_address(request(PROXY, VISITOR)) == PROXY


def miss(forwarded: str) -> int:
    proxied = Client(REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=forwarded)
    return proxied.get(URL, {"number": "X", "code": "Y"}).status_code


def test_behind_the_proxy_each_visitor_has_a_limit_of_his_own(db, settings, monkeypatch):
    settings.TRUSTED_PROXIES = [PROXY]
    monkeypatch.setattr(limits, "MOST", 3)
    answers = [miss(f"192.0.2.{number}, {VISITOR}") for number in range(4)]
    assert answers == [200, 200, 200, 429], "a made-up address in front does not help"
    assert miss(OTHER) == 200
    assert set(VerifyAttempt.objects.values_list("address", flat=True)) == {VISITOR, OTHER}


def test_the_login_counts_the_same_address(client, db, settings):
    settings.TRUSTED_PROXIES = [PROXY]
    asked = request(PROXY, f"{OTHER}, {VISITOR}")
    asked.session = client.session
    Attempt(asked).note("SIGNATURE")
    assert LoginLog.objects.get().address == VISITOR
