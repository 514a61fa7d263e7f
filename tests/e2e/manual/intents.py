"""Chapter 3.3: 采购意向公开, to the notice on the portal, sent by the real worker."""

import re

from playwright.sync_api import expect

from intents.models import Intent
from notices.models import Publication
from procurement.flow.log import first_break
from tests.intents.makers import DEMAND, SOON, confirmation
from tests.notices.running import until

SECTION, PROJECT = "采购意向管理", "教学设备更新"


def walk(scene):
    portal = scene.need("portal")
    before = portal.stats()["notices"]
    scene.need("worker")
    confirmation(scene.unit, scene.people.clerk, name=PROJECT)
    m = scene.write(
        "3.3",
        "采购意向公开",
        "采购活动开始前，先把要买什么、大概多少钱、什么时候买公开在安徽省政府采购网上。",
    )
    write(m, scene.clerk, scene)
    review(m, scene)
    assert portal.stats()["notices"] == before  # approved is not published (domain.md §17.2)
    publish(m, scene)
    assert portal.stats()["notices"] == before + 1


def write(m, clerk, scene):
    page = clerk.page
    clerk.menu(SECTION, "采购意向公开录入")
    new = page.get_by_role("main").get_by_role("link", name="新增").first
    m.step(
        "新增采购意向",
        "打开“采购意向管理 → 采购意向公开录入”，点“新增”。",
        new,
    )
    new.click()
    box = page.get_by_role("row").filter(has_text=PROJECT).get_by_role("checkbox")
    box.check()
    go = page.get_by_role("button", name="新增")
    m.step("选择指标", "勾选要公开意向的指标，可以多选，再点“新增”。这里只列出已经确认的指标。", box, go)
    go.click()
    row = "#id_items-0-"
    expect(page.locator(row + "project_name")).to_have_value(PROJECT)
    page.locator(row + "category").fill("A02010105")
    page.locator(row + "demand_summary").fill(DEMAND)
    page.locator(row + "expected_month").fill(f"{SOON:%Y-%m}")
    page.locator(row + "sme_reserved").select_option(index=1)
    for name, value in (("contact", "李经办"), ("phone", "0551-62816021")):
        page.locator(f"#id_{name}").fill(value)
    submit = page.get_by_role("button", name="提交审核")
    m.step(
        "填写意向，保存并提交",
        "写清采购需求概况、预算金额、预计采购月份、是否面向中小企业和联系人。先“保存”，再“提交审核”。",
        page.locator(row + "demand_summary"),
        submit,
        look=page.locator(row + "demand_summary"),
    )
    submit.click()
    clerk.told("已提交")


def review(m, scene):
    reviewer = scene.reviewer
    page = reviewer.page
    reviewer.menu(SECTION, "采购意向公开审核")
    button = page.get_by_role("row").filter(has_text="李经办").get_by_role("link", name="审核").first
    m.step("审核岗打开待审核的意向", "审核岗打开“采购意向公开审核”，在“待处理”里找到它，点“审核”。", button)
    button.click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_text("通过", exact=True).first.click()
    dialog.locator("[name=opinion]").fill("内容完整，同意公开。")
    m.step(
        "填写审核意见，确定",
        "选“通过”，写上意见，点“确定”。内容不合适就选“退回”，经办人改好再提交。",
        dialog,
    )
    reviewer.decide(dialog, "通过", opinion="内容完整，同意公开。")
    reviewer.told("已通过")


def publish(m, scene):
    clerk = scene.clerk
    page = clerk.page
    clerk.menu(SECTION, "采购意向公开录入")
    done = page.get_by_role("link", name=re.compile("^已办结"))
    done.click()
    button = page.locator("main table").get_by_role("link", name=re.compile("^发布"))
    m.step(
        "在“已办结”里发布",
        "审核通过还没有公开。回到“采购意向公开录入”，打开“已办结”，点“发布”。",
        page.get_by_role("link", name=re.compile("^已办结")),
        button,
    )
    button.click()
    page.get_by_role("button", name=re.compile("发布|确定")).last.click()
    clerk.told("已发布")
    assert until(lambda: Publication.objects.filter(state="sent").exists()), "the worker did not publish"
    paper = Intent.objects.get()
    page = scene.on_the_portal(clerk, f"/intents/{paper.pk}/")
    m.step(
        "在门户网站上查看",
        "几秒钟后，意向就公开在安徽省政府采购网上了。网络不通时系统会自己重试，不会重复发布。",
        page.locator("h1"),
    )
    expect(page.locator("h1")).to_contain_text("政府采购意向")
    expect(page.locator("body")).to_contain_text(PROJECT)
    assert first_break(paper) is None
    assert paper.moves.values_list("key", flat=True).exclude(key="").count() == 3
    m.note("审核流程：采购单位录入 → 采购单位审核 → 发布到省政府采购网。")
