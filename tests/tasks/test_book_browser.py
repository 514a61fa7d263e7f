"""Task books and changes of method in a real browser: a whole walk by mouse, WCAG, a phone."""

import pytest
from playwright.sync_api import expect

from tasks.models import BookKind, MethodChange, TaskBook
from tests.browser import *  # noqa: F403
from tests.browser import fits, until
from tests.look.conftest import PHONE, browse, site  # noqa: F401

from . import change_makers, makers

DESK = {"width": 1366, "height": 768}


@pytest.fixture
def book(site, unit, clerk, reviewer, confirmed):  # noqa: F811
    return makers.filed(unit, clerk, reviewer, confirmed, BookKind.DECENTRALIZED)


@pytest.fixture
def plan(book, unit, clerk, reviewer, confirmed):
    return makers.approved(unit, clerk, reviewer, confirmed, BookKind.DECENTRALIZED, amount="12000.00")


def test_a_clerk_files_from_the_list_and_takes_the_book_back(browse, clerk, plan):  # noqa: F811
    page = browse(clerk, "/tasks/books/decentralized/", DESK)
    page.get_by_role("link", name="备案：台式计算机").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("备案前检查")
    dialog.get_by_role("button", name="确定备案").click()
    expect(page.get_by_role("status").first).to_contain_text("已备案")
    made = TaskBook.objects.get(approved_plan=plan)
    expect(page.get_by_role("main")).to_contain_text(made.number)
    page.get_by_role("link", name="撤销").click()
    dialog.get_by_label("撤销原因").fill("数量需要调整")
    dialog.get_by_role("button", name="确定撤销").click()
    expect(page.get_by_role("main")).to_contain_text("已撤销")
    assert until(lambda: TaskBook.objects.get(pk=made.pk).revoke_reason == "数量需要调整")


def test_a_clerk_files_at_the_top_right_of_the_plan(browse, clerk, plan):  # noqa: F811
    page = browse(clerk, "/tasks/books/decentralized/", DESK)
    page.get_by_role("link", name="查看：台式计算机").click()
    expect(page.get_by_role("main")).to_contain_text("备案前检查")
    page.get_by_role("link", name="备案", exact=True).click()
    page.get_by_role("button", name="确定备案").click()
    expect(page.get_by_role("status").first).to_contain_text("已备案")


def test_without_a_script_it_works_the_same(browse, clerk, plan):  # noqa: F811
    page = browse(clerk, "/tasks/books/decentralized/", PHONE, java_script_enabled=False)
    page.get_by_role("link", name="备案：台式计算机").click()
    page.get_by_role("button", name="确定备案").click()
    expect(page.get_by_role("main")).to_contain_text("任务书公文")
    assert TaskBook.objects.filter(approved_plan=plan).exists()


def test_a_change_begins_at_the_plans_list_with_the_original_shown(
    browse, clerk, book, tmp_path  # noqa: F811
):  # fmt: skip
    page = browse(clerk, "/plans/", DESK)
    page.get_by_role("main").get_by_role("link", name="采购方式变更", exact=True).click()
    page.get_by_role("link", name="变更采购方式：台式计算机").click()
    expect(page.get_by_role("main")).to_contain_text("原采购计划")
    page.get_by_label("拟变更采购方式").select_option("competitive_negotiation")
    page.get_by_label("变更主因").select_option("two_left")
    page.get_by_label("情况说明").fill(change_makers.WORDS)
    page.get_by_label("招标后响应的供应商数量").fill("2")
    file = tmp_path / "说明.pdf"
    file.write_bytes(change_makers.PDF)
    for code in ("project", "tender_notice", "no_complaint", "fair_documents"):
        page.locator(f"[name='file:{code}']").set_input_files(file)
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("status").first).to_contain_text("已提交")
    assert MethodChange.objects.get().state == "unit"


@pytest.fixture
def pages(book, plan, clerk, reviewer, officer, unit, confirmed) -> dict[str, tuple]:
    """Every page of this part, each as the person who uses it."""
    spare = makers.filed(unit, clerk, reviewer, confirmed, BookKind.DECENTRALIZED, amount="2000.00")
    gone = makers.filed(unit, clerk, reviewer, confirmed, BookKind.RESEARCH, amount="3000.00")
    gone.perform("void", clerk, "重新核定需求后再备案")
    done = change_makers.approved(spare.approved_plan, clerk, reviewer, officer)
    waits = change_makers.change(book.approved_plan, clerk).perform("submit", clerk)
    draft = makers.filed(unit, clerk, reviewer, confirmed, BookKind.TERRITORIAL, amount="500.00")
    return {
        "waiting": (clerk, "/tasks/books/decentralized/"),
        "filed": (clerk, "/tasks/books/decentralized/?tab=filed"),
        "revoked": (clerk, "/tasks/books/research/?tab=revoked"),
        "issued": (clerk, "/tasks/books/issued/"),
        "mall": (clerk, "/tasks/books/issued/?tab=mall"),
        "file": (clerk, f"/tasks/plans/{plan.pk}/file/"),
        "plan": (clerk, f"/plans/{plan.pk}/"),
        "superseded": (clerk, f"/plans/{spare.approved_plan_id}/"),
        "successor": (clerk, f"/plans/{done.new_plan_id}/"),
        "book": (clerk, f"/tasks/books/{book.pk}/"),
        "gone": (clerk, f"/tasks/books/{gone.pk}/"),
        "void": (clerk, f"/tasks/books/{draft.pk}/moves/?verb=void"),
        "pick": (clerk, "/tasks/changes/new/"),
        "form": (clerk, f"/tasks/changes/new/?plan={draft.approved_plan_id}"),
        "changes": (clerk, "/tasks/changes/?tab=all"),
        "change": (clerk, f"/tasks/changes/{done.pk}/"),
        "review": (reviewer, f"/tasks/changes/{waits.pk}/"),
        "home": (clerk, "/"),
    }


def test_every_page_passes_wcag_and_fits_a_phone(site, browse, pages, axe):  # noqa: F811
    seats = {person: browse(person, "/") for person, _ in pages.values()}
    for name, (person, path) in pages.items():
        page = seats[person]
        page.set_viewport_size(DESK)
        page.goto(site + path)
        axe(page)
        page.set_viewport_size(PHONE)
        assert fits(page), name
        axe(page)
