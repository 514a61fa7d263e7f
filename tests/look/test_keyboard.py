"""Work without a mouse, and without scripts."""

from playwright.sync_api import expect

from budgets.models import BudgetEntry

from .conftest import PHONE


def test_search_opens_with_control_k(browse, clerk, papers):
    page = browse(clerk, "/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox").first).to_be_focused()
    page.keyboard.type("图书")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("图书文献购置")


def test_a_reviewer_decides_with_the_keyboard_only(browse, reviewer, papers):
    page = browse(reviewer, "/budgets/entries/review/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("a")
    dialog = page.get_by_role("dialog", name="审核意见")
    expect(dialog).to_contain_text("物业管理服务")
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_label("退回原因")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(dialog.get_by_label("退回原因")).to_be_hidden()
    dialog.get_by_label("审核意见").fill("同意，请抓紧实施。")
    dialog.get_by_role("button", name="确定通过").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("下一步由教科文处")
    assert BudgetEntry.objects.get(pk=papers["waiting"]).state == "division"


def test_escape_closes_the_dialog_and_gives_the_focus_back(browse, reviewer, papers):
    page = browse(reviewer, "/budgets/entries/review/")
    page.get_by_role("link", name="审核：物业管理服务").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("link", name="审核：物业管理服务")).to_be_focused()


def test_single_letters_do_nothing_while_typing_or_when_switched_off(browse, reviewer, papers):
    page = browse(reviewer, "/budgets/entries/review/")
    page.get_by_label("编号或名称").press_sequentially("ja?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    page.get_by_label("启用单个字母的快捷键").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_reading_and_reviewing_work_without_scripts(browse, reviewer, papers):
    page = browse(reviewer, "/", java_script_enabled=False)
    page.get_by_role("link", name="物业管理服务").first.click()
    page.get_by_role("radio", name="通过").check()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("status").first).to_contain_text("已通过")
    assert BudgetEntry.objects.get(pk=papers["waiting"]).state == "division"


def test_a_row_can_be_added_without_scripts(browse, clerk, papers):
    page = browse(clerk, f"/budgets/entries/{papers['draft']}/edit/", java_script_enabled=False)
    rows = page.locator("#rows-lines tr[data-item]")
    before = rows.count()
    page.get_by_role("button", name="新增一行").first.click()
    expect(rows).to_have_count(before + 1)


def test_the_phone_menu_opens_and_closes_without_scripts(browse, clerk, papers):
    page = browse(clerk, "/", java_script_enabled=False, size=PHONE)
    menu = page.get_by_role("navigation", name="主菜单")
    expect(menu).to_be_hidden()
    page.get_by_role("link", name="打开菜单").click()
    expect(menu).to_be_visible()
    page.get_by_role("link", name="收起菜单").click()
    expect(menu).to_be_hidden()


def test_posts_and_leaving_are_reached_on_a_phone(browse, clerk, papers):
    page = browse(clerk, "/", size=PHONE)
    page.get_by_role("banner").locator(".gp-me summary").click()
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
