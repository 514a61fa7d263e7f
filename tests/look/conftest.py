"""A browser that acts as a persona on the running site."""

import pytest

from tests.browser import *  # noqa: F403
from tests.papers import entry
from tests.sessions import logged_in

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def site(transactional_db, live_server):
    return live_server.url


@pytest.fixture
def papers(site, unit, clerk, reviewer):
    """One paper in each situation a page shows: a draft, one returned, one back again, one waiting."""
    draft, returned, again, waiting = (
        entry(unit, clerk, amount=amount, title=title)
        for amount, title in [
            ("350000.00", "教学设备更新"),
            ("1583702.00", "智慧教室改造工程及配套设备采购（含三年运维服务与人员培训）"),
            ("1994936.00", "图书文献购置"),
            ("2406170.00", "物业管理服务"),
        ]
    )
    returned.perform("submit", clerk)
    returned.perform("send_back", reviewer, "单价高于同类成交价，请核实。", reason="amount", to="clerk")
    again.perform("submit", clerk)
    again = again.perform("send_back", reviewer, "请补充依据文号。", reason="materials", to="clerk")
    again.basis_doc_no = "皖财教〔2026〕118 号"
    again.save(update_fields=["basis_doc_no"])
    again.perform("submit", clerk)
    waiting.perform("submit", clerk)
    return {"draft": draft.pk, "returned": returned.pk, "again": again.pk, "waiting": waiting.pk}


@pytest.fixture
def browse(site, new_context):
    """`browse(person, path, size, **context)` opens a page as that person (None: nobody)."""

    def opened(person, path: str, size=None, **options):
        context = new_context(**options)
        if person is not None:
            cookie = logged_in(person).cookies["gp_sid"]
            context.add_cookies([{"name": "gp_sid", "value": cookie.value, "url": site}])
        page = context.new_page()
        if size:
            page.set_viewport_size(size)
        page.goto(site + path)
        return page

    return opened
