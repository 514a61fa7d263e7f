"""Over to the portal with a ticket: signed by the token, honoured once, refused with a page otherwise."""

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import quote, urlsplit

import pytest
from django.utils import timezone

from accounts.models import Post
from notices import jobs
from notices.announcements.jobs import sign_tickets
from notices.announcements.tickets import GOOD, PortalTicket, base64url
from procurement.sandbox.signatures import TrustStore
from procurement.sandbox.tickets import BadTicket, read
from tests.sandbox.running import Sender

pytestmark = pytest.mark.django_db
ENTER = "/notices/announcements/portal/enter/"


@pytest.fixture
def ticket(portal, clerk):
    """Asked for by the clerk and signed by the worker."""
    held = PortalTicket.ask(next(iter(clerk.posts)))
    assert sign_tickets() == 1
    return PortalTicket.objects.get(pk=held.pk)


def path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def enter(portal, token: str):
    return portal.get(f"/publish/enter?ticket={quote(token)}")


def changed(token: str, place: int, **values) -> str:
    """The token with other claims or another header, under the old signature."""
    parts = token.split(".")
    held = json.loads(base64.urlsafe_b64decode(parts[place] + "=="))
    parts[place] = base64url(json.dumps(held | values, ensure_ascii=False).encode())
    return ".".join(parts)


def signed_by(sender: Sender, token: str, **claims) -> str:
    """A well-formed ticket by another key."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    head, body, _ = changed(changed(token, 0, kid=sender.keyid), 1, **claims).split(".")
    halves = utils.decode_dss_signature(sender.key.sign(f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256())))
    return f"{head}.{body}.{base64url(b''.join(one.to_bytes(32, 'big') for one in halves))}"


def test_the_button_leads_in_once(as_user, portal, clerk, unit):
    client = as_user(clerk)
    assert "首页右上角【信息公告发布登录】" in client.get("/notices/announcements/portal/").text
    page = client.post(ENTER).headers["Location"]
    assert "正在签发登录凭证" in client.get(page).text
    sign_tickets()
    text = client.get(page).text
    url = text.split('content="0; url=')[1].split('"')[0].replace("&amp;", "&")
    assert url.startswith(portal.url)
    inside = portal.get(path(url))
    assert (inside.status, inside.headers["location"]) == (303, "/publish/")
    cookie = inside.headers["set-cookie"]
    assert "HttpOnly" in cookie
    desk = portal.get("/publish/", Cookie=cookie.split(";")[0]).text
    for words in ("信息公开管理系统", clerk.name, unit.name, unit.uscc, "经办岗"):
        assert words in desk
    assert "已经使用过" in client.get(page).text
    assert not PortalTicket.objects.exclude(token="").exists()


def test_a_replayed_ticket_is_refused_with_a_page(portal, ticket):
    assert enter(portal, ticket.token).status == 303
    again = enter(portal, ticket.token)
    assert again.status == 403
    assert "凭证已经使用过" in again.text


def test_without_a_ticket_the_portal_shows_its_own_door(portal):
    assert "信息公告发布登录" in portal.get("/publish/").text
    assert "信息公告发布登录" in portal.get("/publish/", Cookie="pt_sid=x; =;").text
    assert 'href="/publish/"' in portal.get("/").text  # top right of every page


FORGED = {
    "claims changed": lambda token, _: changed(token, 1, unit="别的单位"),
    "no algorithm": lambda token, _: changed(token, 0, alg="none"),
    "another type": lambda token, _: changed(token, 0, typ="JWT"),
    "unknown key": lambda token, other: signed_by(other, token),
    "signature cut": lambda token, _: token[:-3],
    "no signature": lambda token, _: token.rsplit(".", 1)[0] + ".",
    "two parts": lambda token, _: token.rsplit(".", 1)[0],
    "rubbish": lambda *_: "a.b.c",
    "not JSON": lambda *_: "WzFd.WzFd.WzFd",
    "empty": lambda *_: "",
    "endless": lambda token, _: token + "A" * 5000,
    "Chinese": lambda *_: "凭.证.一",
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_ticket_is_refused_with_a_page(portal, ticket, how):
    answer = enter(portal, FORGED[how](ticket.token, Sender()))
    assert answer.status == 403
    assert "不能进入信息公开管理系统" in answer.text
    assert "set-cookie" not in answer.headers
    assert enter(portal, ticket.token).status == 303  # the real one is still good


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"aud": "http://elsewhere/publish/"}, "不是发给本网的"),
        ({"exp": int(time.time()) + 3600}, "有效时间不合规定"),
        ({"exp": "soon"}, "有效时间不合规定"),
        ({"jti": ""}, "内容不全"),
        ({"unit": ["x"]}, "内容不全"),
    ],
)
def test_even_a_trusted_key_cannot_sign_anything_it_likes(portal, hsm, ticket, claims, why):
    trusted = Sender()
    trusted.trusted_by(hsm.trust)
    answer = enter(portal, signed_by(trusted, ticket.token, **claims))
    assert answer.status == 403
    assert why in answer.text


def test_a_ticket_is_good_for_a_minute(portal, hsm, ticket):
    trust, audience, now = TrustStore(str(hsm.trust)), f"{portal.url}/publish/", time.time()
    assert read(ticket.token, audience, trust, now + GOOD - 3)["sub"] == ticket.user.username
    for moment in (now + GOOD + 1, now - 60):
        with pytest.raises(BadTicket, match="已过期"):
            read(ticket.token, audience, trust, moment)


def test_of_many_at_once_one_gets_in(portal, ticket):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: enter(portal, ticket.token).status, range(8)))
    assert sorted(answers) == [303] + [403] * 7


def test_looking_at_the_head_does_not_use_it_up(portal, ticket):
    assert portal.request("HEAD", f"/publish/enter?ticket={quote(ticket.token)}").status == 405
    assert enter(portal, ticket.token).status == 303


def test_a_ticket_is_its_owners_alone(as_user, ticket, second_clerk, clerk, reviewer):
    address = f"/notices/announcements/portal/tickets/{ticket.pk}/"
    assert as_user(second_clerk).get(address).status_code == 404
    assert as_user(reviewer).post(ENTER).status_code == 403
    assert as_user(reviewer).get("/notices/announcements/portal/").status_code == 403
    assert as_user(clerk).head(address).status_code == 405
    assert as_user(clerk).get(ENTER).status_code == 405
    assert "ticket=" in as_user(clerk).get(address).text


def test_the_page_says_when_nobody_signs_and_when_time_is_over(as_user, ticket, clerk):
    address, rows = f"/notices/announcements/portal/tickets/{ticket.pk}/", PortalTicket.objects.all()
    past = timezone.now() - timedelta(minutes=2)
    rows.update(expires_at=past)
    assert "凭证已过期" in as_user(clerk).get(address).text
    rows.update(token="", expires_at=None, asked_at=past)
    assert "签名服务暂时不可用" in as_user(clerk).get(address).text
    assert sign_tickets() == 0  # nobody waits for it any more
    rows.update(asked_at=timezone.now())
    sign_tickets()
    sign_tickets()
    assert rows.get().standing == "ready"
    jobs.SIGNER.close()


def test_the_office_goes_over_too(as_user, portal, officer):
    assert as_user(officer).post(ENTER).status_code == 302
    assert PortalTicket.objects.get().post == Post.APPROVER
