"""Every shared page, as the persona who meets it: WCAG 2.2 AA, no console error, no overflow, all Chinese."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import fits

from .conftest import DESK, PHONE
from .latin import untranslated

PAGES = {
    "clerk": [
        "/",
        "/budgets/entries/",
        "/budgets/entries/?tab=void",
        "/budgets/entries/?q=没有这个&tab=all",
        "/budgets/entries/{returned}/",
        "/budgets/entries/{returned}/edit/",
        "/budgets/entries/{waiting}/moves/?verb=withdraw",
        "/search/?q=教学",
        "/accounts/contacts/",
    ],
    "reviewer": [
        "/",
        "/budgets/entries/review/",
        "/budgets/entries/{again}/",
        "/budgets/entries/{waiting}/moves/?verb=approve",
        "/budgets/entries/",
    ],
    "admin": ["/"],
    "viewer": ["/"],
    "stranger": ["/budgets/entries/{waiting}/"],
    "nobody": ["/accounts/login/", "/accounts/help/driver/", "/accounts/contacts/"],
}


@pytest.mark.parametrize("who", PAGES)
def test_pages_are_accessible_whole_and_chinese(who, people, papers, browse, site, axe, complaints):
    complaints.forgive("127.0.0.1:248")  # the login page looks for the CA helper
    page = browse(getattr(people, who, None), "/accounts/help/driver/")
    for path in PAGES[who]:
        print(who, path)  # told where something fails
        page.goto(site + path.format(**papers))
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            axe(page)
            assert fits(page), size
        assert untranslated(page.locator("body").inner_text() + " " + page.title()) == set()


def test_a_refusal_names_the_reason_a_reference_and_the_phone(browse, reviewer, papers):
    page = browse(reviewer, "/budgets/entries/")
    main = page.get_by_role("main")
    expect(main).to_contain_text("为什么不能操作")
    expect(main).to_contain_text(re.compile(r"编号 [0-9A-F]{8}"))
    expect(page.get_by_role("link", name="0551-68150640")).to_be_visible()


def test_errors_are_summed_up_on_top_and_stand_beside_the_field(browse, clerk, papers, axe):
    page = browse(clerk, f"/budgets/entries/{papers['draft']}/edit/")
    page.get_by_label("预算项目名称").fill("")
    page.get_by_role("button", name="提交审核").click()
    expect(page).to_have_title(re.compile("^错误："))
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name=re.compile("预算项目名称")).click()
    field = page.get_by_label("预算项目名称")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    axe(page)
