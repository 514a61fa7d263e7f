"""Chapter 3.7: 信息公告发布: over to the portal without a second login, or written and published here."""

import re

from playwright.sync_api import expect

from notices import jobs
from notices.announcements.jobs import sign_tickets
from notices.announcements.models import Announcement
from procurement.flow.log import first_break
from tests.notices.announcements import makers
from tests.notices.announcements.keyboard import write


def walk(scene):
    portal = scene.need("portal")
    makers.calendar()
    m = scene.write(
        "3.7",
        "信息公告发布",
        "招标、结果、更正、终止等公告，可以到省政府采购网的系统里发，也可以就在本系统里填写。",
    )
    over(m, scene, portal)
    here(m, scene)


def over(m, scene, portal):
    m.section("3.7.1", "进入省政府采购网信息公开管理系统")
    clerk = scene.clerk
    page = clerk.page
    page.goto(f"{scene.site}/notices/announcements/portal/")
    button = page.get_by_role("button", name="进入信息公开管理系统")
    m.step(
        "点“进入信息公开管理系统”",
        "打开“信息公告发布 → 信息公告发布”，点这个按钮，就以您现在的身份进入，不必再插 KEY 登录一次。",
        button,
    )
    with page.context.expect_page() as opened:
        button.click()
    there = opened.value
    expect(there.get_by_role("status").last).to_contain_text("正在签发登录凭证")
    sign_tickets()
    there.wait_for_url(re.compile(r"/publish/$"))
    m.step(
        "在那边选择公告类型，按要求填写",
        "浏览器打开省政府采购网的信息公开管理系统，已经是您的单位。按那边的要求填写并发布各类公告。",
        there.locator("main"),
    )
    expect(there.locator("main")).to_contain_text(scene.unit.name)
    there.close()
    direct = page.get_by_role("region", name="直接访问")
    m.step(
        "也可以直接访问",
        "不从本系统进入也行：打开安徽省政府采购网，点首页右上角的“信息公告发布登录”，用 CA 登录。",
        direct,
    )


def here(m, scene):
    m.section(
        "3.7.2", "在本系统填写公告", "按国家统一格式填写，系统替您核对法定期限，审核后自动发布到门户网站。"
    )
    clerk = scene.clerk
    page = clerk.page
    page.goto(f"{scene.site}/notices/announcements/new/")
    choice = page.locator("a.btn[href='?kind=3']")
    m.step("新增公告，选择类型", "打开“信息公告录入”，点“新增”，选公告的类型，点“填写”。", choice)
    choice.click()
    write(page, 3)
    submit = page.get_by_role("button", name="提交审核")
    m.step(
        "按格式填写，提交审核",
        "照着格式逐项填。期限不够法定天数时，格子旁边会说明依据和最早的日期。填完点“提交审核”。",
        page.locator('[name="c_deadline"]'),
        submit,
        look=page.locator('[name="c_deadline"]'),
    )
    submit.click()
    clerk.told("已提交")
    paper = Announcement.objects.get()
    scene.judge("reviewer", ("信息公告发布", "信息公告审核"), paper.number, "格式和期限无误，同意发布。")
    page.goto(f"{scene.site}/notices/announcements/{paper.pk}/")
    button = page.get_by_role("link", name="发布", exact=True)
    m.step("审核通过后发布", "审核岗通过后，打开这份公告，点右上角的“发布”，再点“确定发布”。", button)
    button.click()
    page.get_by_role("button", name="确定发布").click()
    expect(page.get_by_role("main")).to_contain_text("公告编码")
    assert jobs.relay() == 1
    paper = Announcement.objects.get()
    assert first_break(paper) is None
    page = scene.on_the_portal(clerk, f"/notices/announcements/{paper.pk}/")
    expect(page.locator("h1")).to_have_text(paper.title)
    m.step(
        "在门户网站上查看",
        "公告公开在安徽省政府采购网上。要更正或终止，从原公告的页面办理。",
        page.locator("h1"),
    )
