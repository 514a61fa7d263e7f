"""The public check and the progress in a real browser: mouse, phone, no script, WCAG."""

import base64

import pytest
from playwright.sync_api import expect

from tests.browser import fits

from .conftest import made, order

PHONE = {"width": 390, "height": 844}
DROP = """(form, [name, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type: 'application/pdf' }));
  form.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def site(transactional_db, live_server):
    return live_server.url


@pytest.fixture
def paper(site, sealing, document):
    title = "安徽省省级政府采购任务书（集中采购类）"
    return made(order(document, number="JC340001202600001号", title=title))


@pytest.fixture
def page(new_context):
    opened = new_context().new_page()
    opened.set_viewport_size({"width": 1366, "height": 768})
    return opened


def address(site, paper) -> str:
    return site + paper.check_path


def test_the_code_on_the_paper_leads_to_the_answer(site, paper, page, axe):
    page.goto(address(site, paper))
    expect(page.get_by_role("heading", name="文件真实有效")).to_be_visible()
    expect(page.locator("#result")).to_be_focused()
    axe(page)
    page.set_viewport_size(PHONE)
    assert fits(page)
    axe(page)


@pytest.mark.parametrize("size", [{"width": 1366, "height": 768}, PHONE], ids=["desk", "phone"])
def test_the_empty_page_and_a_page_with_errors_are_accessible(site, page, axe, size):
    page.set_viewport_size(size)
    page.goto(f"{site}/verify/")
    axe(page)
    page.get_by_role("button", name="查验", exact=True).click()
    expect(page.get_by_text("请填写文件编号")).to_be_visible()
    axe(page)
    assert fits(page)


def test_a_dropped_pdf_is_checked_at_once(site, paper, page, axe):
    with paper.file.open() as file:
        content = file.read()
    page.goto(f"{site}/verify/")
    for name, data, heading in [
        ("ours.pdf", content, "文件真实有效"),
        ("changed.pdf", content.replace(b"/Keywords", b"/KeyWords"), "文件内容与签章时不一致"),
        ("other.pdf", b"%PDF-1.7\n%%EOF", "查无此文件"),
    ]:
        with page.expect_navigation():
            page.locator("form[data-drop]").evaluate(DROP, [name, base64.b64encode(data).decode()])
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        axe(page)


def test_without_a_script_both_ways_work(site, paper, new_context, tmp_path):
    page = new_context(java_script_enabled=False).new_page()
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/verify/")
    page.get_by_role("textbox", name="文件编号").fill(paper.number)
    page.get_by_role("textbox", name="校验码").fill(paper.code.lower())
    page.get_by_role("button", name="查验", exact=True).click()
    expect(page.get_by_role("heading", name="文件真实有效")).to_be_visible()
    with paper.file.open() as file:
        (tmp_path / "a.pdf").write_bytes(file.read())
    page.get_by_label("签章 PDF 文件").set_input_files(tmp_path / "a.pdf")
    page.get_by_role("button", name="上传查验").click()
    expect(page.get_by_text("逐字节一致")).to_be_visible()
