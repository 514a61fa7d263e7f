"""The form in a browser: totals, what is left of a quota, the panel, a submission."""

from decimal import Decimal

from playwright.sync_api import expect

from plans.models import Plan
from tests.browser import *  # noqa: F403
from tests.look.conftest import DESK, browse, site  # noqa: F401


def test_a_clerk_plans_with_totals_money_and_panel_shown_live(browse, clerk, confirmed):  # noqa: F811
    page = browse(clerk, f"/plans/new/?kind=other_non_gov&c={confirmed.pk}", DESK)
    page.locator("[name=items-0-category]").fill("A02010105")
    page.locator("[name=items-0-entry_mode]").select_option("by_unit")
    page.locator("[name=items-0-unit_price]").fill("0.125")
    page.locator("[name=items-0-quantity]").fill("100.2")
    expect(page.locator("[name=items-0-total_price]")).to_have_value("12.53")
    page.locator("[name=fundings-0-amount]").fill("12.00")
    expect(page.locator("[data-difference]")).to_have_text("0.53")
    expect(page.locator("[data-left]").first).to_have_text("899,988.00")
    expect(page.locator("#assistant")).to_contain_text("0.53")
    page.locator("[name=fundings-0-amount]").fill("12.53")
    expect(page.locator("#assistant")).not_to_contain_text("0.53 元")
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.get_by_role("status").first).to_contain_text("已保存")
    assert Plan.objects.get().amount == Decimal("12.53")
