"""未能归属的回报: the office reads what names no book of ours and says what it found out."""

import pytest
from playwright.sync_api import expect

from tasks.models import ExecutorEvent
from tests.browser import *  # noqa: F403
from tests.browser import fits
from tests.look.conftest import PHONE, browse, site  # noqa: F401

from .costs import cost
from .outside import event, report, result

PAGE = "/tasks/books/reports/"
STRAY = "JC340001202699999号"


@pytest.fixture
def stray(db, known) -> ExecutorEvent:
    content = event(STRAY, "result", result=result(None, "900.00", lines=[]))
    assert report(known["trading"], "trading", content).status_code == 200
    return ExecutorEvent.objects.get()


def test_the_office_reads_and_settles_a_stray_report(stray, officer, as_user):
    client = as_user(officer)
    text = client.get(PAGE).text
    for words in (STRAY, "项目交易系统", "报送结果", "900.00", "没有下达过该编号"):
        assert words in text, words
    wrong = client.post(f"{PAGE}{stray.pk}/dismiss/", {"note": "不对"}, follow=True)
    assert "5 至 150 个字" in wrong.text
    note = {"note": "交易系统误报，已请其更正"}
    assert "没有未能归属的回报" in client.post(f"{PAGE}{stray.pk}/dismiss/", note, follow=True).text
    assert "核实：交易系统误报" in client.get(f"{PAGE}?tab=done").text
    assert client.post(f"{PAGE}{stray.pk}/dismiss/", note).status_code == 409
    stray.refresh_from_db()
    assert (stray.needs_person, stray.body["book"]) == (False, STRAY)


def test_nobody_else_does_and_what_is_not_there_is_not(stray, clerk, reviewer, officer, as_user):
    for person in (clerk, reviewer):
        assert as_user(person).get(PAGE).status_code == 403
        assert as_user(person).post(f"{PAGE}{stray.pk}/dismiss/", {"note": "不归我核实"}).status_code == 403
    assert as_user(officer).post(f"{PAGE}{stray.pk + 1}/dismiss/", {"note": "查无此件的"}).status_code == 404
    assert as_user(officer).get(f"{PAGE}{stray.pk}/dismiss/").status_code == 405


def test_the_page_costs_the_same_for_any_number(stray, known, officer, as_user):
    client = as_user(officer)
    client.get(PAGE)
    few = cost(client, PAGE)
    for number in range(3):
        report(known["trading"], "trading", event(f"X{number}", "received"))
    assert cost(client, PAGE) == few <= 4


def test_the_page_by_mouse_at_both_sizes(site, stray, browse, officer, axe):  # noqa: F811
    page = browse(officer, PAGE, {"width": 1366, "height": 768})
    axe(page)
    page.set_viewport_size(PHONE)
    assert fits(page)
    axe(page)
    page.get_by_label(f"核实意见：{STRAY}").fill("交易系统误报，已请其更正")
    page.get_by_role("button", name="记录核实意见").click()
    expect(page.get_by_role("main")).to_contain_text("没有未能归属的回报")
