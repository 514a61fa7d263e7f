"""Chapter 3.2: 采购预算指标确认."""

import re

from playwright.sync_api import expect

from budgets.models import QuotaConfirmation
from tests.budgets import makers
from tests.intents.makers import YEAR

PROJECT = "智慧教室设备更新"


def walk(scene):
    makers.quota(scene.unit, "480000.00", "ZB2026-0001", project_name=PROJECT, fiscal_year=YEAR)
    m = scene.write(
        "3.2",
        "采购预算指标确认",
        "用多少确认多少：一条指标可以分几次确认，确认后的钱才能用来公开意向、报采购计划。",
    )
    confirm(m, scene.clerk, scene)
    look_back(m, scene.clerk)


def confirm(m, clerk, scene):
    page = clerk.page
    clerk.menu("采购预算管理", "预算指标管理")
    row = page.get_by_role("row").filter(has_text=PROJECT)
    button = row.get_by_role("link", name="指标确认")
    m.step(
        "打开预算指标管理，点“指标确认”",
        "打开“采购预算管理 → 预算指标管理”，找到要用的指标，点它右边的“指标确认”。",
        button,
    )
    button.click()
    amount = page.get_by_label(re.compile("本次确认金额"))
    m.step(
        "看这条指标还能确认多少",
        "弹出的窗口列出这条指标的总额、已经确认过几次、还可确认多少。",
        page.locator("dialog[open] .fig4"),
    )
    amount.fill("300000")
    expect(page.locator("body")).to_contain_text("180,000.00")
    m.step(
        "填写本次确认金额",
        "填写本次要确认的金额，大写和剩余可确认的金额随即算出来。超过可确认金额时不能确定。",
        amount,
        page.locator("dialog[open] .rest"),
    )
    scene.axe(page)
    page.get_by_role("button", name=re.compile("^确定")).click()
    clerk.told("300,000.00")
    assert str(QuotaConfirmation.objects.get().amount) == "300000.00"


def look_back(m, clerk):
    page = clerk.page
    row = page.get_by_role("row").filter(has_text=PROJECT)
    row.get_by_role("link", name="指标确认").click()
    record = page.get_by_role("region", name="已确认记录")
    m.step(
        "确认完成；确认错了可以删除",
        """点“确定”，确认立即生效，不用审核。再点“指标确认”，下方列着每一次确认。
        有误的点“删除”，钱回到原来的指标里，可以重新确认。已被意向、计划占用的不能删除。""",
        record.get_by_role("link", name="删除"),
    )
    page.locator("dialog[open]").get_by_role("link", name="取消").click()
    clerk.menu("采购指标", "采购指标管理")
    row = page.get_by_role("row").filter(has_text=PROJECT)
    detail, amounts = row.get_by_role("link", name="查看详情"), row.get_by_role("link", name="确认金额")
    m.step(
        "在采购指标管理里查看详情",
        "打开“采购指标 → 采购指标管理”，这里是已经确认的指标。点“查看详情”，"
        "看指标的全部内容和每一笔钱的来去。",
        detail,
    )
    detail.click()
    expect(page.locator("h1")).to_contain_text(PROJECT)
    page.go_back()
    amounts.click()
    m.step(
        "查看确认金额",
        "点“确认金额”，看这条指标每次确认了多少、是谁在什么时候确认的、用到了哪里。",
        page.get_by_role("table", name="确认金额记录"),
    )
    page.get_by_role("button", name="查看详情").click()
    expect(page.locator("h1")).to_contain_text(PROJECT)
    expect(page.get_by_role("main")).to_contain_text("300,000.00")
