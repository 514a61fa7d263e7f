"""采购清单 in a browser: the picker, keys, Excel, two hundred rows; without scripts too."""

import pytest
from playwright.sync_api import expect

from plans.models import Plan
from tests.browser import *  # noqa: F403
from tests.browser import fits
from tests.look.conftest import DESK, PHONE, browse, site  # noqa: F401
from tests.remembered import load_reference

from .test_sheets import GOOD, sheet

PASTE = """(input, text) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""
TYPED = """(table) => [...table.querySelectorAll('tbody tr[data-item]')].map((row) =>
  ['category', 'content', 'unit_price', 'quantity', 'measure'].map(
    (name) => row.querySelector(`[name$="-${name}"]`).value))"""
NEW = "/plans/new/?kind=project&blank=1"


@pytest.fixture
def form(browse, clerk, confirmed):  # noqa: F811
    """The empty form, with the demo catalogue."""
    load_reference()
    return browse(clerk, NEW, DESK)


def cell(page, row: int, name: str):
    return page.locator(f"[name=items-{row}-{name}]")


def paste(page, row: int, name: str, text: str) -> None:
    cell(page, row, name).evaluate(PASTE, text)


# --- the picker ----------------------------------------------------------------------------------------


def down_to(page, row) -> None:
    """↓ until that line of the tree is the chosen one."""
    chosen = "(li) => li.getAttribute('aria-selected') === 'true' && li === document.activeElement"
    for _ in range(100):
        if row.evaluate(chosen):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"↓ never reaches {row}")


def test_a_category_is_found_in_the_tree_with_the_keyboard(form, axe):
    cell(form, 0, "category").focus()
    form.keyboard.press("Alt+ArrowDown")
    dialog = form.get_by_role("dialog", name="选择采购品目")
    expect(dialog.get_by_role("treeitem", name="货物，A", exact=True)).to_be_visible()
    for code in ("A", "A02000000", "A02010000", "A02010100"):
        row = dialog.locator(f"[data-code={code}]")
        down_to(form, row)
        form.keyboard.press("ArrowRight")
        expect(row.locator("> ul > li").first).to_be_visible()
    axe(form, include="#category-picker")
    form.keyboard.press("ArrowRight")
    form.keyboard.press("ArrowDown")
    expect(dialog.locator("[data-path-shown]")).to_have_text("货物 / 设备 / 信息化设备 / 计算机 / 台式计算机")
    form.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(cell(form, 0, "category")).to_have_value("A02010105 台式计算机")
    expect(cell(form, 0, "category")).to_be_focused()
    form.keyboard.press("Enter")
    expect(cell(form, 0, "content")).to_be_focused()


def test_a_category_is_found_by_initials_and_esc_changes_nothing(form):
    form.get_by_role("button", name="从目录中选择品目").first.click()
    dialog = form.get_by_role("dialog", name="选择采购品目")
    dialog.get_by_role("searchbox").fill("tsjsj")
    expect(dialog.get_by_role("treeitem")).to_have_count(1)
    form.keyboard.press("Enter")
    expect(cell(form, 0, "category")).to_have_value("A02010105 台式计算机")
    form.get_by_role("button", name="从目录中选择品目").first.click()
    dialog.get_by_role("searchbox").fill("fwq")
    expect(dialog.get_by_role("treeitem").first).to_contain_text("服务器")
    form.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(cell(form, 0, "category")).to_have_value("A02010105 台式计算机")


def test_without_scripts_the_field_takes_a_name(browse, clerk, confirmed):  # noqa: F811
    page = browse(clerk, f"/plans/new/?kind=other_non_gov&c={confirmed.pk}", java_script_enabled=False)
    cell(page, 0, "category").fill("台式计算机")
    expect(page.get_by_role("button", name="从目录中选择品目").first).to_be_hidden()
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.get_by_role("status").first).to_contain_text("已保存")
    assert Plan.objects.get().items.get().category.code == "A02010105"


# --- keys and rows ----------------------------------------------------------------------------------------


def test_enter_walks_through_the_cells_and_opens_a_new_row(form):
    cell(form, 0, "category").focus()
    for name in ("content", "entry_mode", "unit_price", "quantity", "measure", "is_import"):
        form.keyboard.press("Enter")
        expect(cell(form, 0, name)).to_be_focused()
    form.keyboard.press("Enter")
    expect(cell(form, 1, "category")).to_be_focused()


def test_a_row_is_copied_and_deleted(form):
    cell(form, 0, "content").fill("显示器")
    cell(form, 0, "unit_price").fill("1200")
    cell(form, 0, "quantity").fill("3")
    form.get_by_role("button", name="复制这一行").first.click()
    expect(cell(form, 1, "content")).to_have_value("显示器")
    expect(form.locator(".totals [data-sum=items]")).to_have_text("7,200.00")
    form.get_by_role("button", name="删除这一行").first.click()
    expect(cell(form, 0, "content")).to_be_hidden()
    expect(form.locator(".totals [data-sum=items]")).to_have_text("3,600.00")
    expect(cell(form, 1, "category")).to_be_focused()


# --- Excel ------------------------------------------------------------------------------------------------


def test_a_block_from_excel_lands_where_the_cursor_stands(form):
    block = (
        '"教学用 ""一体"" 机\n（含键盘）"\t单价×数量\t"1,234.50"\t１２\t台\r\n'
        "投影仪\t总价÷数量\t\t3\t套\t10,000.00\t是\r\n"
    )
    paste(form, 0, "content", block)
    expect(cell(form, 0, "content")).to_have_value('教学用 "一体" 机（含键盘）')
    expect(cell(form, 0, "quantity")).to_have_value("12")
    expect(cell(form, 0, "total_price")).to_have_value("14,814.00")
    expect(cell(form, 1, "entry_mode")).to_have_value("by_total")
    expect(cell(form, 1, "unit_price")).to_have_value("3333.333333")
    expect(cell(form, 1, "is_import")).to_be_checked()
    expect(form.locator(".totals [data-sum=items]")).to_have_text("24,814.00")
    expect(form.locator("#pasted-items")).to_have_text("已填入 2 行。")


def test_what_cannot_be_read_is_marked_and_nothing_is_lost(form):
    paste(form, 0, "entry_mode", "随便\t约五千\t2\t台\t1\n单价×数量\t5\t2\t台\t11\t不知道")
    expect(cell(form, 0, "unit_price")).to_have_value("约五千")
    expect(cell(form, 0, "unit_price")).to_have_attribute("aria-invalid", "true")
    row = form.locator("#rows-items tr[data-item]").first
    expect(row).to_contain_text("未识别“随便”，请选择")
    expect(row).to_contain_text("不是数字，请修改")
    expect(form.locator("#rows-items")).to_contain_text("原表总价 11，与单价×数量不符")
    expect(form.locator("#rows-items")).to_contain_text("未识别“不知道”，请选择")
    cell(form, 0, "unit_price").fill("5000")
    expect(row).not_to_contain_text("不是数字")
    paste(form, 0, "policy", "文号\t理由\t没有列的字\n文号\t理由\t也没有")
    expect(form.get_by_label("没有位置的内容")).to_have_value("没有列的字\n也没有")


def test_a_head_copied_along_is_left_out(form):
    paste(form, 0, "category", "采购目录\t采购内容\n台式计算机\t教学用")
    expect(cell(form, 0, "category")).to_have_value("台式计算机")
    expect(cell(form, 1, "category")).to_have_count(0)


def test_one_cell_from_excel_is_pasted_as_text(form):
    form.context.grant_permissions(["clipboard-read", "clipboard-write"])
    form.evaluate("() => navigator.clipboard.writeText('一行字\\n')")
    cell(form, 0, "content").focus()
    form.keyboard.press("Control+v")
    expect(cell(form, 0, "content")).to_have_value("一行字")


def test_a_workbook_is_read_into_the_form_and_saved_with_it(form):
    form.get_by_text("导入、导出 Excel 清单").click()
    file = {"name": "清单.xlsx", "mimeType": "application/octet-stream"}
    box = form.get_by_label("导入 Excel 清单", exact=True)
    box.set_input_files({**file, "buffer": sheet(GOOD, GOOD | {"quantity": "0"})})
    expect(form.get_by_role("alert").filter(has_text="E3：数量须大于 0。")).to_be_visible()
    expect(cell(form, 0, "content")).to_have_value("")
    box.set_input_files({**file, "buffer": sheet(*(GOOD | {"content": f"设备 {n}"} for n in range(3)))})
    expect(cell(form, 2, "content")).to_have_value("设备 2")
    expect(form.locator(".totals [data-sum=items]")).to_have_text("1,800,000.00")
    assert not Plan.objects.exists()
    with form.expect_download() as download:
        form.get_by_text("导入、导出 Excel 清单").click()
        form.get_by_role("button", name="导出当前清单").click()
    assert download.value.suggested_filename == "采购清单.xlsx"
    form.get_by_role("button", name="保存", exact=True).last.click()
    expect(form.get_by_role("status").first).to_contain_text("已保存")
    assert Plan.objects.get().items.count() == 3


# --- two hundred rows -------------------------------------------------------------------------------------


def test_two_hundred_rows_are_pasted_counted_and_saved(form):
    block = "\n".join(f"A02010105\t设备 {n}\t单价×数量\t1,000.10\t{n + 1}\t台" for n in range(200))
    paste(form, 0, "category", block)
    total = form.locator(".totals [data-sum=items]")
    expect(total).to_have_text("20,102,010.00")
    typed = form.locator("#rows-items").evaluate(TYPED)
    assert typed == [["A02010105", f"设备 {n}", "1,000.10", str(n + 1), "台"] for n in range(200)]
    form.get_by_role("button", name="新增一行").first.click()
    expect(cell(form, 200, "category")).to_be_focused()
    shown = total.text_content()
    form.get_by_role("button", name="保存", exact=True).last.click()
    expect(form.get_by_role("status").first).to_contain_text("已保存")
    paper = Plan.objects.get()
    assert (paper.items.count(), f"{paper.amount:,}") == (200, shown)


# --- the rest of the form ------------------------------------------------------------------------------


def test_the_index_tells_what_each_part_lacks(form, axe):
    index = form.get_by_role("navigation", name="填报进度")
    expect(index).to_contain_text("还差")
    paste(form, 0, "category", "A02010105\t电脑\t单价×数量\t10\t2\t台")
    expect(index.get_by_role("link", name="采购清单")).to_contain_text("1 项 · 20.00")
    expect(index.get_by_role("link", name="资金构成")).to_contain_text("差 20.00 元")
    index.get_by_role("link", name="附件").click()
    expect(form.get_by_role("heading", name="附件", exact=True)).to_be_in_viewport()
    axe(form)


def test_an_import_brings_its_papers_to_the_front(form):
    paper = form.locator("[data-file-kind=import_application]")
    expect(paper).to_be_hidden()
    cell(form, 0, "content").fill("质谱仪")
    cell(form, 0, "is_import").check()
    expect(paper).to_be_visible()
    expect(paper).to_contain_text("须上传")
    cell(form, 0, "is_import").uncheck()
    expect(paper).to_be_hidden()


def test_rows_are_cards_on_a_phone(form, axe):
    form.set_viewport_size(PHONE)
    expect(cell(form, 0, "quantity")).to_be_visible()
    assert fits(form)
    axe(form)
