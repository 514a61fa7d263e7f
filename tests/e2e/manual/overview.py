"""Chapter 1: the flow chart on the home page."""

import re

from playwright.sync_api import expect

from tests.budgets.makers import quota
from tests.intents.makers import YEAR, approved, confirmation, item
from tests.papers import entry


def busy(scene):
    """Some money, and papers at several desks, so that there is something to see."""
    clerk, reviewer = scene.people.clerk, scene.people.reviewer
    row = item(confirmation(scene.unit, clerk, name="教学设备更新"))
    approved(scene.unit, clerk, reviewer, row)
    quota(scene.unit, "480000.00", "ZB2026-0001", project_name="智慧教室设备更新", fiscal_year=YEAR)
    for title, amount in (("图书文献购置", "1994936.00"), ("物业管理服务", "2406170.00")):
        entry(scene.unit, clerk, title=title, amount=amount).perform("submit", clerk)
    entry(scene.unit, clerk, title="实验室改造", amount="350000.00")


def walk(scene):
    busy(scene)
    m = scene.write(
        "1",
        "业务流程图",
        "一笔采购从预算开始，到合同备案结束。工作台上的流程图就是全部业务的入口，也告诉您现在该办什么。",
    )
    clerk = scene.clerk
    page = clerk.page
    chart = page.get_by_role("group", name="政府采购业务流程图").locator("visible=true")
    m.step(
        "看懂业务流程图",
        """登录后先到工作台。流程图从左到右是办事的顺序：预算录入、指标确认、意向公开、采购计划、
        任务书、合同。
        需要时另办单一来源公示、方式变更、信息公告；年底办结转。节点上的圆圈是等您办理的件数，
        点节点就进入办理。""",
        chart,
    )
    for words in ("预算录入", "指标确认", "意向公开", "采购计划"):
        expect(chart).to_contain_text(words)
    scene.axe(page)
    m.step(
        "从左边的菜单办理",
        "左边的菜单按同样的顺序排列。点开一项，下面是录入、审核、备案等页面；数字是等您办理的件数。"
        "手机上点左上角的三条横线打开。",
        page.get_by_role("navigation", name="主菜单"),
    )
    clerk.menu("采购预算管理", "预算录入")
    page.goto(scene.site)
    m.step(
        "要找一张单子时搜索",
        "在上方输入编号、名称、单位或金额，按回车。只会找到您有权查看的单子。",
        page.get_by_role("search").first,
    )
    page.get_by_role("search").get_by_role("searchbox").first.fill("图书文献购置")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("1,994,936.00")
    page.goto(scene.site)
    m.step(
        "随时看帮助和联系电话",
        "每一页右上角都有“帮助”，点它就到手册里讲这一页的地方；旁边的电话图标是联系电话。",
        page.get_by_role("banner").get_by_role("link", name="联系电话"),
        page.get_by_role("banner").get_by_role("link", name="帮助"),
    )
    page.get_by_role("banner").get_by_role("link", name="帮助").click()
    expect(page).to_have_url(re.compile("/help/1/"))
    page.get_by_role("banner").get_by_role("link", name="联系电话").click()
    expect(page.locator("h1")).to_have_text("联系电话")
