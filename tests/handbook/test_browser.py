"""The manual in a real browser: WCAG, a phone, every picture there."""

import pytest
from playwright.sync_api import expect

from tests.browser import *  # noqa: F403
from tests.look.conftest import DESK, PHONE, browse, site  # noqa: F401


@pytest.mark.parametrize("path", ["/help/", "/help/2/"])
def test_the_manual_is_sound_at_the_desk_and_on_a_phone(browse, axe, path):  # noqa: F811
    page = browse(None, path, DESK)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), size


def test_a_step_is_found_by_its_address_inside_the_system(browse, clerk, axe):  # noqa: F811
    page = browse(clerk, "/help/2/#s2-2-2", DESK)
    expect(page.locator("#s2-2-2")).to_be_in_viewport()
    expect(page.get_by_role("navigation", name="手册目录").locator("[aria-current]")).to_contain_text(
        "系统登录"
    )
    axe(page)
    page.get_by_role("navigation", name="前后章节").get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("业务流程图")
