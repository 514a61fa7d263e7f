"""Revocation lists are fetched by a job, from their own address and nowhere else."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.urls import reverse

from accounts.cakey import authority as ca
from accounts.cakey import fetch
from accounts.jobs import refresh_crls
from accounts.models import TrustedCA

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher():
    """A real web server of an authority; `pages` maps a path to (status, body, headers)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, body, headers = self.server.pages.get(self.path, (404, b"", {}))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.pages, server.url = {}, f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def issuing(trusted, publisher):
    row = TrustedCA.objects.get(role="intermediate")
    row.crl_url = publisher.url + "/list.crl"
    row.save()
    return row


def test_a_newer_list_is_taken_in(world, keys, issuing, publisher):
    gone = world.issue(keys.p256)
    crl = ca.make_crl(world.authority.issuing, world.authority.issuing_key, [gone], number=9)
    publisher.pages["/list.crl"] = (200, crl, {})
    assert refresh_crls() == {issuing.sha256: "9"}
    assert issuing.revoked_serials.count() == 1


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ((404, b"", {}), "CRL_FETCH"), ((302, b"", {"Location": "/other.crl"}), "CRL_FETCH"),
        ((200, b"not a list", {}), "CRL_MALFORMED"), ((200, b"x" * 2000, {}), "CRL_TOO_LARGE"),
    ],
)  # fmt: skip
def test_a_failure_keeps_the_old_list(world, issuing, publisher, monkeypatch, page, code):
    monkeypatch.setattr(fetch, "LARGEST", 1000)
    good = ca.make_crl(world.authority.issuing, world.authority.issuing_key, number=9)
    publisher.pages |= {"/list.crl": page, "/other.crl": (200, good, {})}
    assert refresh_crls() == {issuing.sha256: code}
    issuing.revocation_list.refresh_from_db()
    assert issuing.revocation_list.number == 1


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://127.0.0.1:1/x"])
def test_other_addresses_are_not_opened(issuing, url):
    TrustedCA.objects.filter(pk=issuing.pk).update(crl_url=url)
    assert refresh_crls() == {issuing.sha256: "CRL_FETCH"}


def test_an_address_typed_into_the_administration_is_https_unless_it_says_otherwise(trusted, as_user, admin):
    """And the page opens without Django's warning about its coming default (warnings are errors here)."""
    row, office = TrustedCA.objects.get(role="intermediate"), as_user(admin)
    page = reverse("admin:accounts_trustedca_change", args=[row.pk])
    assert office.get(page).status_code == 200
    fields = {"name": row.name, "role": row.role, "policy": row.policy, "enabled": "on"}
    for typed in ("crl.example.cn/list.crl", "http://crl.example.cn/list.crl"):
        assert office.post(page, {**fields, "crl_url": typed}).status_code == 302
        row.refresh_from_db()
        assert row.crl_url == (typed if "//" in typed else f"https://{typed}")
