"""A single-source plan from its completed notice to the approval, in a real browser (manual 3.4, 3.5)."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from plans.models import Plan
from tests.notices.single import makers as notices
from tests.plans.makers import SOON, confirmation

from .test_plans import FREE, HEAD, NO_SHARE, finished

pytestmark = pytest.mark.django_db(transaction=True)
AMOUNT = Decimal("4200000.00")


def test_a_completed_notice_becomes_a_plan_and_nothing_is_typed_twice(at_desk, unit, people):
    clerk, reviewer = at_desk("clerk"), at_desk("reviewer")
    confirmed = confirmation(unit, people.clerk, amount=str(AMOUNT), name="核磁共振维护")
    notice = notices.completed(unit, people.clerk, people.officer, confirmed=confirmed, amount=AMOUNT)

    clerk.begin("项目采购计划", notice=notice.project_name)
    page = clerk.page
    field = lambda name: page.locator(f"#paper-form [name='{name}']")  # noqa: E731
    expect(field("supplier_name")).to_have_value(notice.supplier_name)
    expect(field("method_text")).to_have_value(notice.reason)
    expect(field("items-0-total_price")).to_have_value("4,200,000.00")
    expect(field("contract_no")).to_be_hidden()  # asked of additions only
    expect(field("method_reason").locator("option:not([hidden])")).to_have_count(4)
    clerk.row("items", 0, category="C16070300", measure="项", industry="12")
    way = {"org_form": "decentralized", "entrust_mode": "research", "expected_start": SOON.isoformat()}
    clerk.fill(**HEAD, **FREE, **NO_SHARE, **way)
    clerk.attach("single_source")

    clerk.fill(supplier_name="另一家公司")
    expect(page.locator("#assistant [data-code=H08]")).to_contain_text(f"的“{notice.supplier_name}”不一致")
    clerk.fill(supplier_name=notice.supplier_name)
    expect(page.locator("#assistant [data-code=H08]")).to_have_count(0)
    clerk.look_at("s-organisation")
    clerk.picture("plan-single-source")
    paper = clerk.submit()

    reviewer.open(paper)
    expect(reviewer.page.locator("main")).to_contain_text(notice.number)
    expect(reviewer.page.locator("#assistant")).to_contain_text("期满，没有未处理的异议")
    reviewer.decide(reviewer.page.locator("main"), "通过", opinion="公示期满，同意。")
    reviewer.told("已通过")
    assert finished(paper).notice == notice
    assert notice.number in clerk.printed(Plan.objects.get(pk=paper.pk))
