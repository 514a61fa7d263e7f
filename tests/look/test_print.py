"""What comes out of a printer: the list without the shell, on landscape paper."""

from django.contrib.staticfiles import finders
from playwright.sync_api import expect

A4 = {"width": 718, "height": 1000}  # narrower than the phone layout's limit, which must not reach paper


def test_a_printed_list_has_no_shell_and_no_buttons(browse, reviewer, papers):
    page = browse(reviewer, "/budgets/entries/review/", A4)
    page.emulate_media(media="print")
    for part in (".gp-top", ".gp-side", ".filters", ".tabsx", ".pager", ".acts"):
        expect(page.locator(part).first).to_be_hidden()
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.get_by_role("columnheader", name="当前环节")).to_be_visible()
    expect(page.locator(".print-only")).to_contain_text("打印于")
    expect(page.locator("thead")).to_have_css("display", "table-header-group")


def test_the_print_sheet_sets_lists_landscape_and_keeps_rows_whole():
    with open(finders.find("css/print.css")) as sheet:
        text = sheet.read()
    assert "A4 landscape" in text
    assert "break-inside: avoid" in text
