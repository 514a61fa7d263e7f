"""Demo only: a browser on another computer logs in with a demo certificate and PIN, through the relay."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from accounts.cakey import authority as ca
from accounts.models import LoginLog
from procurement.launch import demo, parts
from procurement.launch.places import Place
from tests.cakey.conftest import PIN, RunningAgent, bound, fingerprint
from tests.cakey.test_login_page import point_to
from tests.patience import give_time
from tests.waiting import until

from .other_computer import other_computer

pytestmark = pytest.mark.django_db(transaction=True)
SETTINGS = ("CAKEY_ORIGINS", "ALLOWED_HOSTS")


@pytest.fixture
def server(transactional_db):
    """On every address of this machine, as DEMO_HOST=0.0.0.0 asks."""
    running = LiveServer(parts.EVERYWHERE)
    yield running.thread
    running.stop()


@pytest.fixture
def site(server, settings, world, trusted, key_holders, people, tmp_path):
    """The site with the very settings `DEMO_HOST=0.0.0.0 ./run demo` gives it, and the demo's agent."""
    spots = parts.Spots(
        bound=parts.EVERYWHERE,
        hosts=demo.hosts(parts.EVERYWHERE),
        web=server.port,
        portal=0,
        executors=0,
        agent=0,
    )
    env = demo.environment(Place(tmp_path / "place").prepare(), spots)
    for name in SETTINGS:
        setattr(settings, name, env[name].split(","))
    words = parts.agent(None, spots, env)
    log = tmp_path / "agent.log"
    with log.open("wb") as stderr:
        agent = RunningAgent(key_holders.conf, *words[words.index("--pin-from-page") :], stderr=stderr)
    settings.CAKEY_RELAY_URL = agent.url
    bound(world, key_holders.certificates["clerk"], people.clerk)
    yield SimpleNamespace(port=server.port, agent=agent, log=log)
    agent.stop()


@pytest.fixture
def browser_at(browser_type, browser_type_launch_args, browser_context_args, complaints):
    """`browser_at(executable)` gives a page there; what a foreign name and plain http bring is forgiven."""
    complaints.forgive("Cross-Origin-Opener-Policy header has been ignored")
    complaints.forgive(r"127\.0\.0\.1:\d+/v1/status")
    complaints.forgive(r"request to another host: http://(10\.213\.|127\.0\.0\.2)")
    running = []

    def start(executable: str):
        running.append(browser_type.launch(**browser_type_launch_args | {"executable_path": executable}))
        context = running[-1].new_context(**browser_context_args)
        give_time(context)
        complaints.watch(context)
        return context.new_page()

    yield start
    for browser in running:
        browser.close()


@pytest.fixture
def chromium(browser_type_launch_args) -> str:
    return browser_type_launch_args["executable_path"]


def log_in(page, address: str, certificate) -> None:
    """A wrong PIN first, for the relay carries refusals too; then the right one leads home."""
    page.goto(f"{address}/accounts/login/")
    expect(page.locator("[data-agent]")).to_have_text("CA 助手运行正常")
    page.locator(f"#certificate-{fingerprint(certificate)[:12]}").check(force=True)
    expect(page.locator("[data-pin-hint]")).to_contain_text("演示机的 CA 助手")
    page.locator("#pin").fill("135790")
    page.locator("#pin").press("Enter")
    expect(page.locator("[data-slot=pin]")).to_contain_text("PIN 错误")
    page.locator("#pin").fill(PIN)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(f"{address}/")
    expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()


def test_a_browser_on_another_computer_logs_in(site, browser_at, chromium, key_holders, tmp_path, axe):
    with other_computer(tmp_path, chromium, site.port) as other:
        page = browser_at(other.browser)
        log_in(page, f"http://{other.host}:{site.port}", key_holders.certificates["clerk"])
        axe(page)
        # plain http from elsewhere: no crypto.subtle, no secure cookies, no way to a near agent
        assert page.evaluate("isSecureContext") is not other.apart
        last = LoginLog.objects.get(code="OK")
        assert last.user.username == "clerk"
        assert (last.address == "127.0.0.1") is not other.apart
        page.context.browser.close()


def test_an_agent_that_refuses_this_address_is_no_obstacle(site, settings, browser_at, chromium, key_holders):
    """The demo's own agent, asked by a page it does not know by that name."""
    point_to(settings, site.agent.port)
    address = f"http://127.0.0.2:{site.port}"
    log_in(browser_at(chromium), address, key_holders.certificates["clerk"])
    refused = f'{address} "GET /v1/status HTTP/1.1" 403'
    assert until(lambda: refused in site.log.read_text())


def test_an_agent_without_a_key_is_no_obstacle(site, settings, browser_at, chromium, key_holders, tmp_path):
    address = f"http://127.0.0.2:{site.port}"
    (tmp_path / "empty").mkdir()
    near = RunningAgent(ca.create_conf(tmp_path / "empty"), "--dev", "--practice-origin", address)
    try:
        assert near.request("GET", "/v1/status", Origin=address)[2]["tokens"] == []
        point_to(settings, near.port)
        log_in(browser_at(chromium), address, key_holders.certificates["clerk"])
    finally:
        near.stop()
