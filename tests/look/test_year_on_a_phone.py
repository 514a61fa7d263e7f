"""The year of the top bar on a phone: seen, switched, and followed by the list."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser import fits

from .conftest import PHONE

pytestmark = pytest.mark.django_db


def test_the_year_is_switched_on_a_phone(browse, axe, clerk):
    year = timezone.localdate().year
    page = browse(clerk, "/budgets/entries/", PHONE)
    switch = page.get_by_label(f"切换年度，当前 {year} 年度")
    expect(switch).to_be_visible()
    assert fits(page)
    switch.click()
    page.get_by_role("button", name=f"{year - 1} 年度").click()
    expect(page.get_by_label(f"切换年度，当前 {year - 1} 年度")).to_be_visible()
    assert fits(page)
    axe(page)
