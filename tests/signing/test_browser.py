"""签名确认 in a real browser, with the real agent and the token's PIN: dialog, card, relay, keyboard."""

import pytest
from playwright.sync_api import expect

from accounts.cakey import authority as ca
from accounts.models import DecisionSignature
from budgets.stages import BudgetEntryStage
from procurement.flow.models import Move
from procurement.flow.proofs import faults
from tests.cakey.test_login_page import point_to
from tests.papers import entry
from tests.remembered import load_reference

from .conftest import PIN, RunningAgent, bound, fingerprint, fits

pytestmark = pytest.mark.django_db(transaction=True)
HINT, SLOT, GO = "[data-pin-hint]", "[data-slot]", "[data-sign-go]"


@pytest.fixture
def site(live_server, settings, world, trusted, ring, people):
    settings.CAKEY_ORIGINS = [live_server.url]
    load_reference()
    for who in ("clerk", "reviewer"):
        bound(world, ring.certificates[who], getattr(people, who))
    return live_server.url


@pytest.fixture
def start_agent(site, settings, ring):
    running = []

    def start(*options, port=True):
        running.append(RunningAgent(ring.conf, "--dev", "--origin", site, *options))
        if port:
            point_to(settings, running[-1].port)
        return running[-1]

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def paper(site, unit, clerk, settings):
    made = entry(unit, clerk)
    settings.DECISION_SIGNATURES = True
    return made


@pytest.fixture
def logged_in(new_context, site, ring):
    """`logged_in("clerk")`: a page of that person, logged in by certificate and PIN."""

    def enter(who: str):
        page = new_context().new_page()
        page.goto(f"{site}/accounts/login/")
        page.locator(f"#certificate-{fingerprint(ring.certificates[who])[:12]}").check(force=True)
        page.locator("#pin").fill(PIN)
        page.locator("#pin").press("Enter")
        page.wait_for_url(f"{site}/")
        return page

    return enter


def wrong_then_right(page) -> None:
    """The state of the login's table is shown, nothing is lost, the next PIN counts."""
    expect(page.locator(GO)).to_be_enabled()
    expect(page.locator("#pin")).to_be_focused()
    page.keyboard.type("135790")
    page.keyboard.press("Enter")
    expect(page.locator(SLOT)).to_contain_text("PIN 错误")
    expect(page.locator(HINT)).to_contain_text("剩余次数不多")
    expect(page.locator("#pin")).to_have_value("")
    expect(page.locator(GO)).to_be_enabled()
    page.locator("#pin").fill(PIN)
    page.locator("#pin").press("Enter")


def asked(page, site: str, paper) -> None:
    """提交 on the page of the move; what comes is 签名确认."""
    page.goto(f"{site}/budgets/entries/{paper.pk}/moves/?verb=submit")
    page.get_by_role("button", name="确定提交").click()
    expect(page.get_by_role("heading", name="签名确认")).to_be_visible()


def proved(paper, count: int) -> None:
    fresh = type(paper).objects.get(pk=paper.pk)
    assert DecisionSignature.objects.count() == count
    assert list(faults(fresh, fresh.moves.earliest("pk").pk)) == []


def test_a_clerk_submits_and_a_reviewer_approves_with_pin(site, start_agent, paper, logged_in, axe):
    """From the page of the move and from the card of the detail page; a wrong PIN first."""
    start_agent("--pin-from-page")
    page = logged_in("clerk")
    to_site = []
    page.on("request", lambda r: to_site.append(r.post_data or "") if r.url.startswith(site) else None)
    asked(page, site, paper)
    assert paper.moves.count() == 0
    wrong_then_right(page)
    expect(page.get_by_text("已提交，下一步由")).to_be_visible()
    assert "135790" not in "".join(to_site)
    assert PIN not in "".join(to_site)
    proved(paper, 1)

    page = logged_in("reviewer")
    page.goto(f"{site}/budgets/entries/{paper.pk}/")
    page.locator("textarea[name=opinion]").fill("材料齐全，同意。")
    page.get_by_role("button", name="确定通过").click()
    expect(page.locator(".sg-what")).to_contain_text("材料齐全，同意。")
    expect(page.locator(HINT)).to_contain_text("PIN 只在 CA-KEY 内校验")
    axe(page)
    assert fits(page)
    wrong_then_right(page)
    expect(page.locator(".tl")).to_contain_text("已签名 · 王审核")
    axe(page)
    proved(paper, 2)


def test_from_the_lists_dialog_by_keyboard_alone(site, start_agent, paper, logged_in, settings, clerk):
    start_agent("--pin-from-page")
    settings.DECISION_SIGNATURES = False
    paper.perform("submit", clerk)
    settings.DECISION_SIGNATURES = True
    page = logged_in("reviewer")
    page.goto(f"{site}/budgets/entries/review/")
    page.keyboard.press("j")
    page.keyboard.press("a")
    dialog = page.locator("dialog[open]")
    expect(dialog.locator("input[name=verb]").first).to_be_focused()
    page.keyboard.press("ArrowRight")  # 退回
    dialog.locator("select[name=reason]").focus()
    page.keyboard.press("ArrowDown")
    dialog.locator("textarea[name=opinion]").focus()
    page.keyboard.type("金额与指标不符。")
    page.keyboard.press("Tab")
    for _ in range(12):
        if page.evaluate("document.activeElement.type") == "submit":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".sg-act")).to_contain_text("退回至经办岗（材料不齐）")
    wrong_then_right(page)
    expect(page.get_by_text("单据回到经办岗")).to_be_visible()
    assert paper.moves.last().signature.action == "send_back"


def test_on_a_phone_everything_fits_and_the_content_comes_first(site, start_agent, paper, logged_in, axe):
    start_agent("--pin-from-page")
    page = logged_in("clerk")
    page.set_viewport_size({"width": 390, "height": 844})
    asked(page, site, paper)
    expect(page.locator(GO)).to_be_enabled()
    assert fits(page)
    axe(page)
    assert page.evaluate("scrollY") == 0  # the content is read first
    what, key = page.locator(".sg-what").bounding_box(), page.locator(".sg-card").bounding_box()
    assert what["y"] + what["height"] <= key["y"]
    for name in (GO, ".sg-back"):
        assert page.locator(name).bounding_box()["height"] >= 32


def test_in_production_the_pin_is_typed_at_the_agent(site, start_agent, paper, logged_in, tmp_path):
    near = start_agent("--pin-from-page")
    page = logged_in("clerk")
    near.stop()
    (tmp_path / "pin").write_text(PIN)
    start_agent("--test-mode", str(tmp_path / "pin"))
    asked(page, site, paper)
    expect(page.locator(HINT)).to_contain_text("在那里输入 PIN")
    expect(page.locator("[data-tail]")).to_be_visible()
    expect(page.locator("[data-pin-page]")).to_be_hidden()
    page.locator(GO).click()
    expect(page.get_by_text("已提交，下一步由")).to_be_visible()
    proved(paper, 1)


def test_through_the_demo_relay_when_no_agent_is_near(site, start_agent, paper, logged_in, settings):
    running = start_agent("--pin-from-page")
    settings.CAKEY_RELAY_URL = running.url
    point_to(settings, 9)
    page = logged_in("clerk")
    asked(page, site, paper)
    expect(page.locator(HINT)).to_contain_text("演示机的 CA 助手")
    wrong_then_right(page)
    expect(page.get_by_text("已提交，下一步由")).to_be_visible()
    proved(paper, 1)


def test_without_the_agent_or_with_another_key_the_page_says_so(
    site, start_agent, paper, logged_in, settings, world, tmp_path, axe
):
    near = start_agent("--pin-from-page")
    page = logged_in("clerk")
    near.stop()
    asked(page, site, paper)
    expect(page.locator(SLOT)).to_contain_text("CA 助手没有运行")
    expect(page.locator(GO)).to_be_disabled()
    axe(page)
    conf = ca.create_conf(tmp_path)
    ca.make_person(world.authority, conf, "other", "外人", "别处", pin=PIN)
    other = RunningAgent(conf, "--dev", "--origin", site, "--pin-from-page")
    try:
        point_to(settings, other.port)
        asked(page, site, paper)
        page.locator("#pin").fill(PIN)
        page.locator(GO).click()
        expect(page.locator(SLOT)).to_contain_text("插入的不是登录所用的 CA-KEY")
        assert paper.moves.count() == 0
    finally:
        other.stop()


def test_going_back_brings_the_opinion_back(site, start_agent, paper, logged_in, settings, clerk):
    start_agent("--pin-from-page")
    settings.DECISION_SIGNATURES = False
    paper.perform("submit", clerk)
    settings.DECISION_SIGNATURES = True
    page = logged_in("reviewer")
    page.goto(f"{site}/budgets/entries/{paper.pk}/")
    page.locator("textarea[name=opinion]").fill("写到一半的意见")
    page.get_by_role("button", name="确定通过").click()
    page.get_by_role("button", name="返回修改").click()
    expect(page.locator("textarea[name=opinion]")).to_have_value("写到一半的意见")
    assert paper.moves.count() == 1


def test_a_batch_is_signed_with_one_pin(
    site, start_agent, unit, clerk, logged_in, settings, monkeypatch, axe
):
    monkeypatch.setattr(BudgetEntryStage, "batchable", lambda paper: None)
    made = [entry(unit, clerk, "100.00", f"第 {number} 份").perform("submit", clerk) for number in range(12)]
    settings.DECISION_SIGNATURES = True
    start_agent("--pin-from-page")  # at most ten operations a minute
    page = logged_in("reviewer")
    page.goto(f"{site}/budgets/entries/review/")
    page.locator("[data-pick-all]").check()
    page.locator("#batch").get_by_role("button").last.click()
    page.get_by_role("button", name="确认通过 12 件").click()
    expect(page.locator(GO)).to_be_enabled()
    expect(page.locator(".sg-what")).to_contain_text("将要签名的 12 件")
    axe(page)
    page.locator("#pin").fill(PIN)
    page.locator("#pin").press("Enter")
    expect(page.get_by_text("通过 12 件")).to_be_visible()
    assert Move.objects.filter(verb="approve").exclude(signature=None).count() == len(made)


def test_without_script_all_can_be_read_and_nothing_moves(site, start_agent, paper, new_context, logged_in):
    start_agent("--pin-from-page")
    page = logged_in("clerk")
    cookies = page.context.cookies()
    quiet = new_context(java_script_enabled=False)
    quiet.add_cookies(cookies)
    plain = quiet.new_page()
    asked(plain, site, paper)
    expect(plain.get_by_text("签名需要浏览器运行本站脚本")).to_be_visible()
    expect(plain.locator(".sg-what")).to_contain_text(paper.title)
    expect(plain.locator(GO)).to_be_disabled()
    assert paper.moves.count() == 0
