"""采购合同台账: every contract one watches over, found by unit, supplier, lateness; nobody else's."""

import io
from datetime import timedelta

import openpyxl
import pytest
from pytest_django.asserts import assertContains, assertNotContains

from tests.look.conftest import DESK, PHONE, browse, site  # noqa: F401
from tests.plans import makers as plans
from tests.tasks.costs import cost

from . import makers

pytestmark = pytest.mark.django_db
LEDGER = "/contracts/all/"
LONG_AGO = makers.TODAY - timedelta(days=40)


def some(book, clerk, reviewer) -> dict:
    """One in each situation."""
    late = {"signed_on": LONG_AGO, "starts_on": LONG_AGO}
    end = makers.filed(book, clerk, reviewer, "50.00", title="终止的合同")
    gone = (
        makers.draft(book, clerk, "50.00", title="作废的合同")
        .perform("submit", clerk)
        .perform("withdraw", clerk)
    )
    return {
        "all": makers.approved(book, clerk, reviewer, "50.00", title="办理中的合同"),
        "filed": makers.filed(book, clerk, reviewer, "60.00", title="已备案的合同", contract_no="台-1"),
        "late": makers.draft(book, clerk, "50.00", title="逾期的合同", **late).perform("submit", clerk),
        "ended": end.perform("terminate", clerk, "供应商不能履约"),
        "void": gone.perform("void", clerk, "合同有误，重新签订"),
    }


def test_the_office_finds_what_it_looks_for(as_user, book, clerk, reviewer, officer):
    papers = some(book, clerk, reviewer)
    makers.draft(book, clerk, "50.00", title="还在录入的合同")
    client = as_user(officer)
    for tab, paper in papers.items():
        assertContains(client.get(f"{LEDGER}?tab={tab}"), paper.title, msg_prefix=tab)
    page = client.get(LEDGER)
    assertContains(page, "安徽示例大学")
    assertNotContains(page, "还在录入的合同")  # never submitted: its clerk's own
    found = {
        "unit=示例大学": 5, "unit=105001001": 5, "unit=医院": 0, "supplier=示例科技": 5,
        f"supplier={makers.USCC.lower()}": 5, "supplier=无": 0, "sort=entry": 5, "sort=change": 0,
        "q=台-1": 1, "low=60": 1, "tab=late&unit=105001001": 1,
    }  # fmt: skip
    for query, rows in found.items():
        assert len(client.get(f"{LEDGER}?{query}").context["rows"]) == rows, query
    for nasty in ("unit=%00", "sort=x", "supplier=" + "长" * 200, "tab=%27", "before=9999999999999999999"):
        assert client.get(f"{LEDGER}?{nasty}").status_code == 200, nasty
    overdue = client.get("/contracts/deadlines/")
    assertContains(overdue, f"{LEDGER}?tab=late&amp;unit=105001001")
    rows = list(openpyxl.load_workbook(io.BytesIO(client.get(f"{LEDGER}export/").content)).active.values)
    assert {row[2] for row in rows[1:]} == {paper.title for paper in papers.values()}


def test_everybody_sees_his_own_units(as_user, book, clerk, reviewer, people):
    makers.filed(book, clerk, reviewer, title="已备案的合同")
    for name in ("officer", "auditor", "viewer", "reviewer", "divisional"):
        assertContains(as_user(getattr(people, name)).get(LEDGER), "已备案的合同", msg_prefix=name)
    for name in ("foreign_reviewer", "foreign_divisional"):
        assertNotContains(as_user(getattr(people, name)).get(LEDGER), "已备案的合同", msg_prefix=name)
    for name in ("clerk", "admin"):
        for address in (LEDGER, f"{LEDGER}export/"):
            assert as_user(getattr(people, name)).get(address).status_code == 403, name


def test_it_costs_the_same_whatever_the_rows(as_user, book, clerk, reviewer, officer):
    client = as_user(officer)
    makers.approved(book, clerk, reviewer, "10.00")
    client.get(LEDGER)
    before = cost(client, LEDGER)
    for _ in range(3):
        makers.approved(book, clerk, reviewer, "10.00")
    assert cost(client, LEDGER) == before <= 6


@pytest.mark.django_db(transaction=True)
def test_it_reads_well_on_a_desk_and_a_phone(browse, axe, unit, clerk, reviewer, officer):  # noqa: F811
    plans.catalogue()
    book = makers.book(unit, clerk, reviewer, makers.confirmation(unit, clerk))
    some(book, clerk, reviewer)
    page = browse(officer, LEDGER, DESK)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
