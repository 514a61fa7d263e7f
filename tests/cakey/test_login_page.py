"""The login in a real browser: the agent, the choice of a certificate, the PIN, and what goes wrong."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import LoginLog, User

from .conftest import PIN, RunningAgent, bound, fingerprint

pytestmark = pytest.mark.django_db(transaction=True)


def point_to(settings, port: int) -> None:
    """Let the page ask one agent port, and the content policy allow it."""
    settings.CAKEY_AGENT_PORTS = [port]
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    sources = ["'self'", f"http://127.0.0.1:{port}"]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**directives, "connect-src": sources}}


@pytest.fixture
def site(live_server, settings, world, tokens, trusted, people):
    """The site with two bound certificates; its address."""
    settings.CAKEY_ORIGINS = [live_server.url]
    bound(world, tokens.clerk, people.clerk)
    bound(world, tokens.reviewer, people.reviewer)
    return live_server.url


@pytest.fixture
def start_agent(site, settings, tokens, tmp_path):
    running = []

    def start(*options):
        running.append(RunningAgent(tokens.conf, "--dev", "--origin", site, *options))
        point_to(settings, running[-1].port)
        return running[-1]

    yield start
    for agent in running:
        agent.stop()


def choose(page, certificate) -> None:
    page.locator(f"#certificate-{fingerprint(certificate)[:12]}").check(force=True)


def test_a_clerk_logs_in_with_certificate_and_pin(page, site, start_agent, tokens, axe):
    start_agent("--pin-from-page")
    page.goto(f"{site}/accounts/login/")
    expect(page.locator("[data-agent]")).to_have_text("CA 助手运行正常")
    expect(page.locator("[data-count]")).to_have_text("共 2 张，2 张可用")
    expect(page.locator("[data-key-label]")).to_have_text("2 个 CA-KEY")
    expect(page.locator("[data-key-serial]")).to_be_hidden()
    choose(page, tokens.clerk)
    expect(page.locator("[data-key-label]")).to_have_text("clerk")
    expect(page.locator("[data-key-serial]")).to_be_visible()
    axe(page)
    page.locator("#pin").fill("135790")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator("[data-slot=pin]")).to_contain_text("PIN 错误")
    expect(page.locator("[data-pin-hint]")).to_contain_text("剩余次数不多")
    axe(page)
    expect(page.locator("#pin")).to_have_value("")
    page.locator("#pin").fill(PIN)
    page.locator("#pin").press("Enter")
    page.wait_for_url(f"{site}/")
    assert LoginLog.objects.first().user == User.objects.get(username="clerk")
    page.context.clear_cookies()
    page.goto(f"{site}/accounts/login/")
    expect(page.locator(".cert.on [data-tag]")).to_have_text("上次使用")


def test_after_a_wrong_pin_the_next_may_be_typed_at_once(page, site, start_agent, tokens):
    start_agent("--pin-from-page")
    page.goto(f"{site}/accounts/login/")
    choose(page, tokens.clerk)
    page.route("**/v1/status", lambda route: None)  # how many tries are left, is never answered
    page.locator("#pin").fill("135790")
    page.locator("#pin").press("Enter")
    expect(page.locator("[data-slot=pin]")).to_contain_text("PIN 错误")
    page.locator("#pin").fill(PIN)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(f"{site}/")


def test_in_production_the_pin_is_typed_at_the_agent(page, site, start_agent, tokens, tmp_path):
    (tmp_path / "pin").write_text(PIN)
    start_agent("--test-mode", str(tmp_path / "pin"))
    bodies = []
    page.on("request", lambda request: bodies.append(request.post_data or ""))
    page.goto(f"{site}/accounts/login/")
    choose(page, tokens.reviewer)
    expect(page.locator("[data-pin-page]")).to_be_hidden()
    expect(page.locator("[data-pin-hint]")).to_contain_text("CA 助手窗口")
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(f"{site}/")
    assert PIN not in "".join(bodies)


def test_the_pin_never_reaches_the_site(page, site, start_agent, tokens):
    start_agent("--pin-from-page")
    to_site = []
    page.on("request", lambda r: to_site.append(r.post_data or "") if r.url.startswith(site) else None)
    page.goto(f"{site}/accounts/login/")
    choose(page, tokens.clerk)
    page.locator("#pin").fill(PIN)
    page.locator("#pin").press("Enter")
    page.wait_for_url(f"{site}/")
    assert "signature" in "".join(to_site)
    assert PIN not in "".join(to_site)


def test_without_an_agent_the_page_says_so_and_finds_it_later(page, site, start_agent, settings, axe):
    agent = start_agent("--pin-from-page")
    agent.stop()
    page.goto(f"{site}/accounts/login/")
    expect(page.locator("[data-slot=key]")).to_contain_text("CA 助手没有运行")
    expect(page.locator("[data-slot=key]")).to_contain_text("CA-102")
    axe(page)


def test_an_unbound_certificate_gets_a_code_to_read_out(page, site, start_agent, tokens):
    from accounts.models import CertificateEvent, UserCertificate

    start_agent("--pin-from-page")
    row = UserCertificate.objects.get(user__username="clerk")
    UserCertificate.objects.filter(pk=row.pk).update(status="pending", user=None)
    page.goto(f"{site}/accounts/login/")
    choose(page, tokens.clerk)
    page.locator("#pin").fill(PIN)
    page.locator("#pin").press("Enter")
    expect(page.locator("[data-slot=login]")).to_contain_text(row.reference)
    expect(page.locator("[data-slot=login] [data-reference]")).to_have_text(re.compile("参考号 [0-9A-F]{8}"))
    assert CertificateEvent.objects.filter(certificate=row).exists()


def test_through_the_demo_relay_when_no_agent_is_near(page, site, start_agent, settings, tokens):
    agent = start_agent("--pin-from-page")
    settings.CAKEY_RELAY_URL = agent.url
    point_to(settings, 9)
    page.goto(f"{site}/accounts/login/")
    choose(page, tokens.clerk)
    expect(page.locator("[data-pin-hint]")).to_contain_text("演示")
    page.locator("#pin").fill(PIN)
    page.locator("#pin").press("Enter")
    page.wait_for_url(f"{site}/")


def test_the_help_page_is_accessible(page, site, axe):
    page.goto(f"{site}/accounts/help/driver/")
    expect(page.locator("#CA-302")).to_contain_text("PIN 已锁定")
    axe(page)
