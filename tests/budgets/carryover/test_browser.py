"""The wizard and the office's pages in a real browser: WCAG, a phone, without JavaScript."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from budgets.models import CarryOver, CarryWindow, Conversion, Quota
from tests.browser import fits
from tests.budgets import makers
from tests.look.conftest import PHONE, browse, site  # noqa: F401

from .makers import D, money

DESK = {"width": 1366, "height": 768}
BASE = "/budgets/carryovers/"


@pytest.fixture
def year(officer, unit, clerk) -> int:
    """The real one, its window open today, money of it left, some for the second time."""
    today = timezone.localdate()
    elder = makers.quota(unit, "9.00", "ZB0", fiscal_year=today.year - 1)
    rows = [money(unit, clerk, f"ZB{n}", fiscal_year=today.year, project_name=f"实训设备{n}") for n in (1, 2)]
    source = {"origin": elder, "carried_by": rows[0].holdings.get().document, "carry_years": 1}
    Quota.objects.filter(pk=rows[1].quota_id).update(**source)
    days = {"opens_on": date(today.year, 1, 1), "closes_on": date(today.year, 12, 31)}
    CarryWindow.objects.create(fiscal_year=today.year, reason="财政厅通知", set_by=officer, **days)
    return today.year


FLAT = "scrollTo(0, 0); document.querySelectorAll('.stick').forEach(bar => bar.style.position = 'static')"


def sound(page, axe, script: bool) -> None:
    """Nothing sticks out at any width; axe needs scripts, and sees no bar that only scrolling moves away."""
    for size in (PHONE, DESK) if script else ():
        page.set_viewport_size(size)
        page.evaluate(FLAT)
        assert fits(page)
        axe(page)


@pytest.mark.parametrize("script", [True, False])
def test_an_application_from_the_ledger_to_the_office(
    site, browse, axe, year, people, clerk, officer, script  # noqa: F811
):  # fmt: skip
    page = browse(clerk, f"{BASE}new/", DESK if script else PHONE, java_script_enabled=script)
    sound(page, axe, script)
    page.get_by_role("button", name="下一步").click()
    page.locator("#id_remark").fill("设备尚未到货，次年继续使用")
    for field in page.locator("input[name$='-expected_finish']").all():
        if field.is_visible():
            field.fill(f"{year + 1}-06-30")
    sound(page, axe, script)
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.get_by_role("main")).to_contain_text("结转预演")
    sound(page, axe, script)
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("main")).to_contain_text("审核中")
    sound(page, axe, script)
    paper = CarryOver.objects.get()
    for person in (people.reviewer, people.divisional):
        paper = paper.perform("approve", person)
    page = browse(
        officer, f"{BASE}{paper.pk}/rulings/", DESK if script else PHONE, java_script_enabled=script
    )
    sound(page, axe, script)
    page.locator("select").last.select_option("no")
    page.get_by_role("button", name="保存核定").click()
    expect(page.get_by_role("alert")).to_contain_text("不予结转时请写明原因")
    page.get_by_label("核定意见").last.fill("已付清")
    page.get_by_role("button", name="保存核定").click()
    expect(page.get_by_role("main")).to_contain_text("不予结转：已付清")
    sound(page, axe, script)


def test_the_pages_of_the_office_and_the_closed_one(site, browse, axe, year, officer, clerk):  # noqa: F811
    page = browse(officer, f"{BASE}window/", DESK)
    for tail in ("window/", f"year/?year={year - 1}", f"year/?year={year}"):
        page.goto(site + BASE + tail)
        sound(page, axe, True)
    page = browse(clerk, f"{BASE}new/?year={year - 1}", DESK)
    sound(page, axe, True)


def test_a_conversion_and_its_two_quotas(site, browse, axe, unit, clerk, divisional):  # noqa: F811
    this = {"fiscal_year": timezone.localdate().year}
    old = makers.quota(unit, "100.00", "YS1", source_type="pre", provisional=True, **this)
    old.confirm(D("80.00"), clerk)
    new = makers.quota(unit, "90.00", "ZB1", **this)
    page = browse(clerk, f"/budgets/conversions/new/?quota={old.pk}", DESK)
    sound(page, axe, True)
    page.get_by_label("正式指标").select_option(str(new.pk))
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("main")).to_contain_text("审核中")
    sound(page, axe, True)
    Conversion.objects.get().perform("approve", divisional)
    for quota in (old, new):
        page.goto(f"{site}/budgets/quotas/{quota.pk}/")
        expect(page.get_by_role("main")).to_contain_text("指标来去")
        sound(page, axe, True)
