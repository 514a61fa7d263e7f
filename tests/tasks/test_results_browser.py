"""Entering and settling results in a real browser, and the executors' own pages: WCAG, a phone."""

import pytest
from playwright.sync_api import expect

from tasks import jobs
from tasks.models import BookKind, ExecutionResult
from tests.browser import *  # noqa: F403
from tests.browser import fits
from tests.look.conftest import PHONE, browse, site  # noqa: F401

from . import makers
from .outside import event, report, result

DESK = {"width": 1366, "height": 768}


@pytest.mark.parametrize("script", [True, False])
def test_a_clerk_enters_a_result(
    site, browse, axe, unit, clerk, reviewer, confirmed, known, script  # noqa: F811
):  # fmt: skip
    book = makers.filed(unit, clerk, reviewer, confirmed, BookKind.RESEARCH)
    page = browse(clerk, f"/tasks/books/{book.pk}/", DESK if script else PHONE, java_script_enabled=script)
    page.get_by_role("link", name="录入结果").click()
    expect(page.get_by_label("结果编号")).to_be_visible()
    if script:
        axe(page)
    assert fits(page)
    page.get_by_role("button", name="保存结果").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写结果编号")
    page.get_by_label("结果编号").fill("CJ-2026-1")
    page.get_by_label("中标（成交）日期").fill("2026-11-20")
    page.get_by_label("供应商名称").first.fill("安徽示例科技有限公司")
    page.get_by_label("成交", exact=True).first.check()
    page.get_by_label("成交数量").fill("1")
    page.get_by_label("成交单价（元）").fill("980")
    page.get_by_role("button", name="保存结果").click()
    expect(page.get_by_role("main")).to_contain_text("安徽示例科技有限公司")
    assert ExecutionResult.objects.get().standing == "effective"


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_contradiction_is_settled_on_the_books_page(
    site, browse, axe, unit, clerk, reviewer, confirmed, known, size  # noqa: F811
):  # fmt: skip
    book = makers.filed(unit, clerk, reviewer, confirmed, BookKind.MALL)
    report(known["huicai"], "huicai", event(book, "result", result=result(book, "2000.00")))
    page = browse(clerk, f"/tasks/books/{book.pk}/", size)
    axe(page)
    assert fits(page)
    page.get_by_label("核实意见").fill("已与商城核对，属录入错误")
    page.get_by_role("button", name="不予采纳").click()
    expect(page.get_by_role("main")).to_contain_text("核实：已与商城核对")
    assert ExecutionResult.objects.get().standing == "dismissed"


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_executors_own_pages(
    site, outside, new_context, axe, unit, clerk, reviewer, confirmed, size  # noqa: F811
):  # fmt: skip
    book = makers.filed(unit, clerk, reviewer, confirmed, BookKind.CENTRAL)
    jobs.RELAYS["trading"]()
    page = new_context().new_page()
    page.set_viewport_size(size)
    for address in ("/", "/trading/", "/huicai/"):
        page.goto(outside.url + address)
        axe(page)
        assert fits(page)
    page.goto(outside.url + "/trading/")
    page.get_by_role("link", name=book.title).click()
    page.get_by_role("button", name="接收任务书").click()
    expect(page.get_by_role("button", name="提交并回报结果")).to_be_visible()
    axe(page)
    assert fits(page)
    page.get_by_role("button", name="提交并回报结果").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写成交供应商名称")
