"""Every format in a real browser: typed, submitted, published by the real relay, seen on the portal."""

import re

from django.utils import timezone
from playwright.sync_api import expect

from notices import jobs
from notices.announcements.formats import WRITTEN
from notices.announcements.jobs import sign_tickets
from notices.announcements.models import Announcement
from notices.announcements.tickets import PortalTicket
from notices.models import Publication
from procurement.flow.models import Desk
from tests.browser import *  # noqa: F403
from tests.browser import fits
from tests.look.conftest import PHONE, browse, site  # noqa: F401

from . import makers
from .keyboard import put, write

NEW = "/notices/announcements/new/?kind="


def submitted(page, site, number: int) -> Announcement:  # noqa: F811
    page.goto(f"{site}{NEW}{number}")
    write(page, number)
    page.get_by_role("button", name="提交审核").click()
    page.wait_for_url(re.compile(r"/announcements/\d+/$"))
    return Announcement.objects.get(format=number)


def test_a_period_too_short_is_said_beside_its_field(browse, axe, unit, clerk):  # noqa: F811
    makers.calendar()
    page = browse(clerk, NEW + "3")
    write(page, 3)
    page.locator('[name="c_deadline"]').fill(f"{timezone.localdate()}T09:30")
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("#id_c_deadline_error")).to_contain_text("不得少于 20 日")
    expect(page.get_by_role("alert")).to_contain_text("《政府采购法》第三十五条")
    axe(page)
    put(page, "c_deadline", makers.content(3)["deadline"])
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("status").first).to_contain_text("已提交")
    assert Announcement.objects.get().state == Desk.UNIT


def test_a_tender_is_published_and_seen(site, portal, browse, axe, unit, clerk, reviewer):  # noqa: F811
    makers.calendar()
    paper = makers.approved(unit, clerk, reviewer)
    page = browse(clerk, f"/notices/announcements/{paper.pk}/")
    page.get_by_role("link", name="发布", exact=True).click()
    page.get_by_role("button", name="确定发布").click()
    expect(page.get_by_role("main")).to_contain_text("公告编码")
    axe(page)
    assert jobs.relay() == 1
    page.reload()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="127.0.0.1").click()
    shown = opened.value
    expect(shown.locator("h1")).to_have_text(paper.title)
    expect(shown.locator(".pt-article")).to_contain_text("五、公告期限")
    for size in (None, PHONE):
        page.set_viewport_size(size or {"width": 1366, "height": 768})
        for path in ("new/", f"new/?kind=6&of={paper.pk}", "?tab=done", f"{paper.pk}/preview/", "portal/"):
            page.goto(f"{site}/notices/announcements/{path}")
            axe(page)
            assert fits(page), path


def test_every_other_format_goes_the_same_way(
    site, portal, browse, unit, clerk, reviewer, office_clerk  # noqa: F811
):  # fmt: skip
    makers.calendar()
    for who, numbers in ((clerk, (2, 4, 5, 6, 7, 9)), (office_clerk, makers.OFFICE_FORMATS)):
        page = browse(who, "/notices/announcements/portal/")
        for number in numbers:
            paper = submitted(page, site, number)
            paper = paper.perform("approve", reviewer) if paper.state == Desk.UNIT else paper
            paper.perform("file", who)
    assert jobs.relay() == 9
    for row in Publication.objects.select_related("document"):
        page.goto(row.remote_url)
        expect(page.locator("h1")).to_have_text(row.document.title)
        number = row.body["data"]["format"]["number"]
        headings = page.locator(".pt-article h3").all_text_contents()
        assert [text.split("、", 1)[1] for text in headings] == [
            one.title for one in WRITTEN[number].sections
        ]


def test_the_menu_leads_over_without_a_second_login(site, portal, browse, axe, clerk, unit):  # noqa: F811
    page = browse(clerk, "/")
    page.goto(f"{site}/notices/announcements/portal/")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="进入信息公开管理系统").click()
    over = opened.value
    expect(over.get_by_role("status").last).to_contain_text("正在签发登录凭证")
    assert PortalTicket.objects.get().user == clerk
    sign_tickets()
    over.wait_for_url(re.compile(r"/publish/$"))
    expect(over.locator("main")).to_contain_text(unit.name)
    assert "ticket" not in over.url
    axe(over)
    over.set_viewport_size(PHONE)
    assert fits(over)
    over.go_back()
    over.context.clear_cookies(name="pt_sid")
    over.goto(f"{portal.url}/publish/enter?ticket=x.y.z")
    expect(over.get_by_role("alert")).to_contain_text("凭证格式不对")
    axe(over)


def test_reading_and_reviewing_needs_no_script(site, portal, browse, unit, clerk, reviewer):  # noqa: F811
    makers.calendar()
    paper = makers.announcement(unit, clerk).perform("submit", clerk)
    page = browse(reviewer, f"/notices/announcements/{paper.pk}/", PHONE, java_script_enabled=False)
    assert fits(page)
    page.get_by_label("通过").check()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("status").first).to_contain_text("已通过")
    assert Announcement.objects.get().state == Desk.FILING


def test_a_row_is_added_without_script(site, browse, clerk):  # noqa: F811
    page = browse(clerk, NEW + "5", java_script_enabled=False)
    page.locator('[name="winners-0-name"]').fill("示例科技有限公司")
    page.locator('button[value="add:winners"]').click()
    expect(page.locator('[name="winners-1-name"]')).to_be_visible()
    expect(page.locator('[name="winners-0-name"]')).to_have_value("示例科技有限公司")
