"""A key opens the door, and money becomes a published intent: every layer, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from budgets.models import Quota, QuotaConfirmation
from intents.models import Intent
from notices.models import Publication
from procurement.flow.log import first_break
from procurement.flow.models import Document
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)
PDF = {"name": "资金证明.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"}
PROJECT = "智慧教室设备更新"


def enter_budget(clerk) -> None:
    """Manual 3.1: 预算录入 → 新增 → 其他资金, line, paper, 提交."""
    page = clerk.page
    clerk.menu("采购预算管理", "预算录入")
    page.goto(f"{clerk.site}/budgets/entries/new/?kind=other")
    page.locator("#id_fund_source").select_option("business")
    page.locator("#id_fund_nature").select_option(label="一般公共预算")
    page.locator("#id_project_name").fill(PROJECT)
    page.locator("#id_lines-0-category").fill("A02010105")
    page.locator("#id_lines-0-content").fill("教学用台式计算机")
    page.locator("#id_lines-0-unit_price").fill("4,800.00")
    page.locator("#id_lines-0-quantity").fill("100")
    page.locator("#id_lines-0-measure").fill("台")
    page.locator("#file-fund_proof").set_input_files(PDF)
    for name in ("gov_econ", "dept_econ"):
        page.locator(f"#id_{name}").select_option(index=1)
    clerk.picture("budget-form")
    page.get_by_role("button", name="提交审核").click()
    clerk.told("已提交")


def pass_review(reviewer, section: str, line: str) -> None:
    """待处理 → 审核 → 通过, from the detail page."""
    page = reviewer.page
    reviewer.menu(section, line)
    page.get_by_role("link", name="查看").first.click()
    page.get_by_text("通过", exact=True).first.click()
    page.locator("#id_opinion").fill("同意，材料齐全。")
    reviewer.picture("review")
    page.get_by_role("button", name=re.compile("通过|确定")).last.click()
    reviewer.told("已通过")


def confirm_quota(clerk) -> None:
    """Manual 3.2: 指标确认, part of it."""
    page = clerk.page
    clerk.menu("采购预算管理", "预算指标管理")
    row = page.get_by_role("row").filter(has_text=PROJECT)
    row.get_by_role("link", name="指标确认").click()
    amount = page.get_by_label(re.compile("本次确认金额"))
    amount.fill("300000")
    expect(page.locator("body")).to_contain_text("180,000.00")
    clerk.picture("quota-confirm")
    page.get_by_role("button", name=re.compile("^确定")).click()
    clerk.told("300,000.00")


def write_intent(clerk) -> None:
    """Manual 3.3: from the confirmed quota, one row, 提交."""
    page = clerk.page
    clerk.menu("采购意向管理", "采购意向公开录入")
    clerk.press("新增")
    page.get_by_role("row").filter(has_text=PROJECT).get_by_role("checkbox").check()
    page.get_by_role("button", name="新增").click()
    row = "#id_items-0-"
    expect(page.locator(row + "project_name")).to_have_value(PROJECT)
    page.locator(row + "category").fill("A02010105")
    page.locator(row + "demand_summary").fill(
        "采购教学用台式计算机一百台，用于智慧教室更新，质保三年，交货期三十天。"
    )
    page.locator(row + "expected_month").fill("2027-02")
    page.locator(row + "sme_reserved").select_option(index=1)
    for name, value in (("contact", "李经办"), ("phone", "0551-62816021")):
        page.locator(f"#id_{name}").fill(value)
    clerk.picture("intent-form")
    page.get_by_role("button", name="提交审核").click()
    clerk.told("已提交")


def publish(clerk) -> None:
    """Manual 3.3 step three: 已办结 → 发布."""
    page = clerk.page
    clerk.menu("采购意向管理", "采购意向公开录入")
    page.get_by_role("link", name=re.compile("^已办结")).click()
    page.locator("main table").get_by_role("link", name=re.compile("^发布")).click()
    page.get_by_role("button", name=re.compile("发布|确定")).last.click()
    clerk.told("已发布")


def test_a_key_opens_the_door_and_money_becomes_a_published_intent(walker, worker, portal):
    clerk = walker("clerk")
    enter_budget(clerk)
    for who in ("reviewer", "divisional", "officer"):
        assert not Quota.objects.exists()
        pass_review(walker(who), "采购预算管理", "预算录入审核")
    assert str(Quota.objects.get().total) == "480000.00"
    confirm_quota(clerk)
    assert str(QuotaConfirmation.objects.get().amount) == "300000.00"
    write_intent(clerk)
    pass_review(walker("reviewer"), "采购意向管理", "采购意向公开审核")
    assert portal.stats()["notices"] == 0  # approved is not published (domain.md §17.2)
    publish(clerk)
    clerk.page.goto(f"{clerk.site}/")
    clerk.picture("home")
    assert until(lambda: Publication.objects.filter(state="sent").exists()), "the worker did not publish"
    published = Publication.objects.get()
    clerk.page.goto(published.remote_url)
    expect(clerk.page.locator("h1")).to_contain_text("政府采购意向")
    expect(clerk.page.locator("body")).to_contain_text(PROJECT)
    clerk.picture("portal")
    assert portal.stats()["notices"] == 1
    assert all(first_break(paper) is None for paper in Document.objects.all())
    assert Intent.objects.get().moves.values_list("key", flat=True).exclude(key="").count() == 3
