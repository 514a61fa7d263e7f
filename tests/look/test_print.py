"""What comes out of a printer: the list without the shell, on landscape paper."""

from django.contrib.staticfiles import finders

A4 = {"width": 718, "height": 1000}  # narrower than the phone layout's limit, which must not reach paper


def test_a_printed_list_has_no_shell_and_no_buttons(browse, reviewer, papers):
    page = browse(reviewer, "/budgets/entries/review/", A4)
    page.emulate_media(media="print")
    for part in (".gp-top", ".gp-side", ".filters", ".tabsx", ".pager", ".acts"):
        assert not page.locator(part).first.is_visible()
    assert page.get_by_role("table").is_visible()
    assert page.get_by_role("columnheader", name="当前环节").is_visible()
    assert "打印于" in page.locator(".print-only").inner_text()
    assert page.locator("thead").evaluate("node => getComputedStyle(node).display") == "table-header-group"


def test_the_print_sheet_sets_lists_landscape_and_keeps_rows_whole():
    with open(finders.find("css/print.css")) as sheet:
        text = sheet.read()
    assert "A4 landscape" in text
    assert "break-inside: avoid" in text
