"""One exercise in a real browser, from red to green."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from budgets.models import QuotaConfirmation
from procurement.practice.exercises import of_seat
from tests.budgets import makers
from tests.look.conftest import PHONE, browse, site  # noqa: F401

DESK = {"width": 1366, "height": 900}
KEY = "3.2-3"


@pytest.mark.parametrize("script", [True, False])
def test_an_exercise_turns_green_when_it_is_done(
    site, browse, axe, practice, unit, clerk, script  # noqa: F811
):  # fmt: skip
    makers.quota(unit, "100.00", fiscal_year=timezone.localdate().year)
    page = browse(clerk, "/practice/", DESK if script else PHONE, java_script_enabled=script)
    line = page.locator(f"[data-exercise='{KEY}']")
    page.get_by_role("button", name="开始练习").click()
    expect(page.get_by_role("button", name="重新开始")).to_be_visible()
    page.locator("#chapter-32 > summary").click()
    expect(line.locator(".tag")).to_have_text("未完成")
    line.get_by_role("link", name="去做").click()
    expect(page.locator("h1")).to_contain_text("指标")
    page.get_by_role("link", name="指标确认").last.click()
    page.get_by_label("本次确认金额").fill("60")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("main")).to_contain_text("已生效")
    assert QuotaConfirmation.objects.get().amount == Decimal(60)
    page.locator(".practice-bar").get_by_role("link", name="练习清单").click()
    page.locator("#chapter-32 > summary").click()
    expect(line.locator(".tag")).to_have_text("已完成")
    expect(page.get_by_label("进度", exact=True)).to_contain_text(f"5/ {len(of_seat('clerk'))}")
    if script:
        axe(page)
        page.set_viewport_size(PHONE)
        expect(line).to_be_visible()
        axe(page)
        page.evaluate("scrollTo(0, 0)")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
