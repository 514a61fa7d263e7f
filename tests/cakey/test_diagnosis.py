"""驱动与密钥检测: what login will say is known before a PIN is typed, with and without a script."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from accounts.login import diagnosis
from accounts.models import LoginLog, TrustedCA, UserCertificate
from tests.browser import fits

from .conftest import RunningAgent, bound, der
from .logging_in import post
from .test_login_page import point_to

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/accounts/help/driver/"


def examined(client, certificate) -> tuple[int, str]:
    answer = post(client, "examine", {"certificate": base64.b64encode(der(certificate)).decode()})
    return answer.status_code, answer.json().get("state", "")


def test_a_good_certificate_has_no_trouble_and_leaves_no_trace(client, card):
    assert examined(client, card) == (200, "")
    assert not LoginLog.objects.exists()


def test_each_trouble_has_its_state(client, world, keys, trusted, clerk, card):
    unknown = world.issue(keys.p384, "陌生人", "示例大学")
    assert examined(client, unknown) == (403, "CA-401")
    assert UserCertificate.objects.count() == 1  # asking does not enrol
    now = datetime.now(UTC)
    spent = world.issue(keys.p384, "到期", at=now - timedelta(days=30), days=20)
    assert examined(client, spent)[1] == "CA-202"
    UserCertificate.objects.update(status=UserCertificate.Status.SUSPENDED)
    assert examined(client, card)[1] == "CA-404"
    UserCertificate.objects.update(status=UserCertificate.Status.ACTIVE)
    issuing = TrustedCA.objects.get(role="intermediate")
    issuing.revoked_serials.create(serial=f"{card.serial_number:X}", revoked_at=now, reason="keyCompromise")
    assert examined(client, card)[1] == "CA-203"
    TrustedCA.objects.update(enabled=False)
    assert examined(client, card)[1] == "CA-201"


def test_nonsense_and_too_many_questions_are_answered(client, card):
    answer = post(client, "examine", {"certificate": "%%%"})
    assert answer.status_code == 400
    cache.set("diagnosis-127.0.0.1", diagnosis.MOST, 60)
    assert examined(client, card)[1] == "CA-405"


def test_the_page_can_be_read_without_a_script(client):
    text = client.get(PAGE).content.decode()
    for check in diagnosis.CHECKS:
        assert check.title in text
        assert check.cure in text
    assert 'href="tel:055168150640"' in text


def line(page, name: str):
    return page.locator(f"[data-check={name}]")


def test_the_checks_one_by_one_with_a_real_agent_and_keys(
    page, live_server, settings, world, tokens, trusted, people, axe
):
    settings.CAKEY_ORIGINS = [live_server.url]
    bound(world, tokens.clerk, people.clerk)
    agent = RunningAgent(tokens.conf, "--dev", "--origin", live_server.url, "--pin-from-page")
    point_to(settings, agent.port)
    try:
        page.goto(live_server.url + PAGE)
        start = page.get_by_role("button", name="开始检测")
        start.click()
        expect(line(page, "agent")).to_contain_text("运行正常，版本 1.0.0")
        expect(line(page, "token")).to_contain_text("已识别")
        expect(line(page, "certificate")).to_contain_text("共 2 张")
        expect(line(page, "clock").locator("[data-tag]")).to_have_text("正常")
        expect(line(page, "trust")).to_contain_text("证书没有绑定系统用户")  # the reviewer's
        expect(line(page, "trust").locator("[data-state-link]")).to_have_attribute("href", "#CA-401")
        expect(page.locator("[data-summary]")).to_contain_text("有 1 项不正常")
        axe(page)
        bound(world, tokens.reviewer, people.reviewer)
        page.clock.set_system_time(datetime.now(UTC) + timedelta(minutes=11))
        page.reload()
        start.click()
        expect(line(page, "clock")).to_contain_text("比服务器快 11 分")
        expect(line(page, "trust").locator("[data-tag]")).to_have_text("正常")
        page.clock.set_system_time(datetime.now(UTC))
        page.reload()
        start.click()
        expect(page.locator("[data-summary]")).to_have_text("六项都正常，可以登录")
    finally:
        agent.stop()
    start.click()
    expect(line(page, "agent")).to_contain_text("CA 助手没有运行")
    expect(line(page, "token").locator("[data-tag]")).to_have_text("未检测")
    page.set_viewport_size({"width": 390, "height": 844})
    assert fits(page)
    axe(page)
