"""Every kind of book from its own menu to the sealed PDF in the clerk's hand, as poppler reads it."""

import re
import subprocess

import pytest
from playwright.sync_api import expect

from accounts.models import OrgKind
from procurement.sealing import jobs
from tasks.models import BookKind, TaskBook
from tests.browser import *  # noqa: F403
from tests.look.conftest import browse, site  # noqa: F401
from tests.sealing.conftest import sealing, token  # noqa: F401
from tests.world import organization

from . import makers

DESK = {"width": 1366, "height": 768}
ONLY = {  # (menu, number, what only this kind of paper says, without white space)
    "huicai": ("商城任务书备案", "SC340001", ["任务书（商城类）", "徽采商城", "商城可用余额"]),
    "wancai": ("商城任务书备案", "SC340001", ["任务书（商城类）", "皖采商城", "商城可用余额"]),
    "central": ("集采任务书备案", "JC340001", ["任务书（集中采购类）", "集中采购机构采购", "公开招标"]),
    "decentralized": ("分散采购任务书备案", "FS340001", ["任务书（分散采购类）", "分散采购", "示例招标代理"]),
    "research": ("科研采购任务书备案", "FSKY340001", ["任务书（科研采购类）", "科研采购管理制度"]),
    "territorial": ("属地任务书备案", "FSSD340001", ["任务书（属地采购类）", "示例招标代理"]),
    "other": ("其他任务书（非政府采购）", "QT340001", ["非政府采购任务书", "仅作记录"]),
}
FROM_LIST = {"huicai", "central", "research", "other"}  # the rest from the plan's own page
ALL_SAY = ["安徽示例大学", "教学用台式计算机", "人民币壹仟元整", "1,000.00", "李经办", "王审核", "备案"]


@pytest.fixture
def plans(site, unit, clerk, reviewer, confirmed):  # noqa: F811
    """One approved plan of each kind, both malls."""
    organization("徽采商城(模拟)", OrgKind.MALL, 31)
    organization("皖采商城(模拟)", OrgKind.MALL, 32)
    people = (unit, clerk, reviewer, confirmed)
    malls = ("huicai", "wancai")
    found = {mall: makers.approved(*people, BookKind.MALL, mall_platform=mall) for mall in malls}
    rest = [name for name in ONLY if name not in found]
    return found | {name: makers.approved(*people, BookKind(name)) for name in rest}


def file(page, name: str, plan) -> None:
    """备案 by mouse: menu, list, and from there at once or by way of the plan's page."""
    menu = page.get_by_role("navigation", name="主菜单")
    menu.get_by_role("link", name=re.compile(f"^{re.escape(ONLY[name][0])}")).click()
    row = page.locator("tr", has_text=plan.number)
    if name in FROM_LIST:
        row.get_by_role("link", name="备案：台式计算机").click()
    else:
        row.get_by_role("link", name="查看：台式计算机").click()
        page.get_by_role("link", name="备案", exact=True).click()
    page.get_by_role("button", name="确定备案").click()
    expect(page.get_by_role("status").first).to_contain_text("已备案")


def downloaded(page, folder):
    """The page tells by itself when the paper is sealed; then one click gives it."""
    button = page.get_by_role("main").get_by_role("link", name="下载", exact=True)
    expect(button).to_be_visible()
    with page.expect_download() as taken:
        button.click()
    path = folder / taken.value.suggested_filename
    taken.value.save_as(path)
    return path


def poppler(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout


def test_every_kind_of_book_from_its_menu_to_the_signed_pdf(
    site, sealing, browse, clerk, plans, tmp_path  # noqa: F811
):  # fmt: skip
    page = browse(clerk, "/", DESK)
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="采购任务管理").click()
    for name, plan in plans.items():
        file(page, name, plan)
        assert (jobs.render(), jobs.sign()) == (1, 1), name  # the workers, while the page waits
        path = downloaded(page, tmp_path)
        book, paper = TaskBook.objects.get(approved_plan=plan), poppler("pdftotext", str(path), "-")
        _, number, words = ONLY[name]
        assert path.name == f"{book.number}.pdf"
        assert book.number.startswith(number)
        text = "".join(paper.split())
        said = [book.number, plan.number, book.sealed.get().code, *words, *ALL_SAY]
        assert [word for word in said if word not in text] == [], name
        signature = poppler("pdfsig", "-nocert", str(path))
        assert "Signature is Valid." in signature, name
        assert "Total document signed" in signature, name
