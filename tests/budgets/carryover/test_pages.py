"""年终采购资金结转申请 over HTTP: the window, the wizard, the three desks, the office's decisions."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.carryover import closing
from budgets.models import CarryOver, CarryWindow, Holding, Ledger, Quota
from procurement.flow.models import Desk
from tests.budgets import makers as budget
from tests.world import YEAR

from .makers import D, application, money

pytestmark = pytest.mark.django_db
BASE = "/budgets/carryovers/"
NEW = f"{BASE}new/?year={YEAR}"


def page(response, status: int = 200) -> str:
    text = response.content.decode()
    assert response.status_code == status, text[:3000]
    return text


def posted(*rows: dict, action: str = "save", **head) -> dict:
    """What the form sends."""
    data = {"remark": "设备尚未到货", "version": "1", "action": action} | head
    data |= {"lines-TOTAL_FORMS": len(rows), "lines-INITIAL_FORMS": 0, "lines-MIN_NUM_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"lines-{number}-{name}": value for name, value in row.items()}
    return data


def row(key: str, amount: str = "25.00", **fields) -> dict:
    given = {"source": key, "amount": amount, "reason": "not_begun", "progress": ""}
    return given | {"expected_finish": f"{YEAR + 1}-06-30"} | fields


def keys(unit) -> dict[str, str]:
    """basis -> key of the unit's candidates."""
    paper = CarryOver(unit=unit, fiscal_year=YEAR)
    return {one.basis: one.key for one in paper.offered.values()}


def test_outside_the_window_a_page_says_when(december, as_user, clerk):
    december.move_to(f"{YEAR}-12-31T16:00:00+00:00")
    text = page(as_user(clerk).get(f"{BASE}new/"))
    assert "后续功能开放后提供" in text
    assert f"{YEAR + 1}-12-01" in text
    assert "时间已过" in page(as_user(clerk).get(NEW))


def test_the_wizard_goes_from_the_ledger_to_a_submitted_paper(client, unit, clerk):
    money(unit, clerk)
    text = page(client.get(f"{BASE}new/"))
    for shown in ("40.00", "35.00", "25.00", "已签合同", "已列计划", "已确认未列计划"):
        assert shown in text
    found = keys(unit)
    form = page(client.get(NEW, {"c": list(found.values()), "year": YEAR}))
    assert form.count('value="40.00"') == 1
    rows = [row(found["contracted"], "30.00"), row(found["planned"], "35.00"), row(found["idle"], "5.00")]
    saved = page(client.post(NEW, posted(*rows), follow=True))
    for shown in ("结转预演", "70.00", "20.00", "10.00", f"JZ{YEAR}3400010001"):
        assert shown in saved
    paper = CarryOver.objects.get()
    assert (paper.amount, paper.lines.count()) == (70, 3)
    fresh = paper.perform("submit", clerk)
    assert fresh.state == Desk.UNIT
    assert "交回财政" in page(client.get(f"{BASE}{paper.pk}/"))
    pdf = client.get(f"{BASE}{paper.pk}/print/")
    assert pdf.content.startswith(b"%PDF")
    assert "没有需要结转的资金" in page(client.get(f"{BASE}new/"))


WRONG = [
    ({"amount": "25.01"}, "超出余额 0.01 元，最多可填 25.00 元"),
    ({"amount": "0"}, "不能小于"),
    ({"amount": "1e9"}, "格式不对"),
    ({"source": "9-9-idle"}, "请从列表中选择"),
    ({"source": "\x00"}, "请从列表中选择"),
    ({"expected_finish": f"{YEAR}-12-31"}, f"预计完成时间须在 {YEAR + 1} 年内"),
    ({"expected_finish": f"{YEAR + 1}-02-30"}, "格式不对"),
    ({"reason": ""}, "请填写结转原因"),
    ({"progress": "进" * 101}, "最多 100 个字"),
]


def test_wrong_rows_are_told_beside_the_field(client, unit, clerk):
    money(unit, clerk)
    key = keys(unit)["idle"]
    for fields, sentence in WRONG:
        text = page(client.post(NEW, posted(row(key, **fields))))
        assert sentence in text, fields
    twice = page(client.post(NEW, posted(row(key), row(key))))
    assert "同一笔资金" in twice
    assert "请填写说明" in page(client.post(NEW, posted(row(key), remark="")))
    assert "至少填写一行" in page(client.post(NEW, posted(action="submit")))
    assert not CarryOver.objects.exists()


def test_a_form_opened_before_midnight_keeps_its_year(as_user, december, unit, clerk):
    money(unit, clerk)
    key = keys(unit)["idle"]
    december.move_to(f"{YEAR}-12-31T15:59:59+00:00")  # 23:59:59 in Hefei
    client = as_user(clerk)
    assert page(client.get(NEW, {"c": key, "year": YEAR}))
    december.shift(timedelta(seconds=1))
    text = page(client.post(NEW, posted(row(key), action="submit")))
    assert f"开放时间是 {YEAR}-12-01 至 {YEAR}-12-31，现在不能提交" in text
    assert "设备尚未到货" in text
    assert page(client.post(NEW, posted(row(key)), follow=True))
    assert CarryOver.objects.get().fiscal_year == YEAR


def test_money_that_moved_since_is_told_at_submit(client, unit, clerk):
    money(unit, clerk)
    paper = application(unit, clerk)
    held = Holding.objects.get()
    Ledger(held.document, clerk).commit({held.confirmation_id: D("5.00")})
    answer = client.post(f"{BASE}{paper.pk}/moves/", {"verb": "submit", "version": paper.version})
    assert "余额已变为 45.00 元，请核对后重新保存" in page(answer)


@pytest.fixture
def at_office(december, people, unit, clerk):
    """Second-year money at the office."""
    confirmed = money(unit, clerk)
    elder = budget.quota(unit, "120.00", "ZB0", fiscal_year=YEAR - 1)
    Quota.objects.filter(pk=confirmed.quota_id).update(
        origin=elder, carried_by=Holding.objects.get().document, carry_years=1
    )
    paper = application(unit, clerk).perform("submit", clerk)
    for person in (people.reviewer, people.divisional):
        paper = paper.perform("approve", person)
    return paper


def test_the_office_decides_on_second_year_money_line_by_line(as_user, officer, at_office):
    client, address = as_user(officer), f"{BASE}{at_office.pk}/"
    approve = {"verb": "approve", "version": at_office.version, "opinion": "同意"}
    assert "有 2 笔是第二年结转" in page(client.get(address))
    assert "有 2 行是第二年结转且未签合同的资金" in page(client.post(f"{address}moves/", approve))
    planned, idle = at_office.lines.exclude(basis="contracted").order_by("basis").reverse()
    said = {"version": at_office.version, f"allowed-{planned.pk}": "yes", f"allowed-{idle.pk}": "no"}
    assert "不予结转时请写明原因" in page(client.post(f"{address}rulings/", said))
    said[f"reason-{idle.pk}"] = "两年未使用"
    text = page(client.post(f"{address}rulings/", said, follow=True))
    assert "不予结转：两年未使用" in text
    page(client.post(f"{address}rulings/", said), 409)  # a version ago
    assert "已被他人处理" in page(client.post(f"{address}moves/", approve), 409)
    approve["version"] = CarryOver.objects.get().version
    assert client.post(f"{address}moves/", approve).status_code == 302
    assert CarryOver.objects.get().state == Desk.DONE


def test_only_the_office_decides_and_only_on_its_desk(as_user, at_office, clerk, reviewer, stranger, officer):
    address = f"{BASE}{at_office.pk}/rulings/"
    for person, status in ((clerk, 403), (reviewer, 403), (stranger, 404)):
        page(as_user(person).post(address, {}), status)
    at_office.perform("send_back", officer, "请补充材料", to=Desk.CLERK, reason="materials")
    page(as_user(officer).get(address), 409)


def test_the_office_moves_the_window(december, as_user, officer, clerk):
    client, address = as_user(officer), f"{BASE}window/"
    page(as_user(clerk).get(address), 403)
    wrong = {"opens_on": f"{YEAR}-12-01", "closes_on": f"{YEAR + 1}-01-21", "reason": "财政厅通知"}
    assert f"最晚可延至 {YEAR + 1} 年 1 月 20 日" in page(client.post(address, wrong))
    assert f"须在 {YEAR} 年内" in page(client.post(address, wrong | {"opens_on": f"{YEAR + 1}-01-01"}))
    right = wrong | {"closes_on": f"{YEAR + 1}-01-20"}
    assert "财政厅通知" in page(client.post(address, right, follow=True))
    assert CarryWindow.objects.get().closes_on.day == 20
    december.move_to(f"{YEAR + 1}-01-20T15:59:59+00:00")
    assert "选择要结转的资金" in page(as_user(clerk).get(f"{BASE}new/"))
    december.shift(timedelta(seconds=1))
    assert "本年度的申请时间" in page(as_user(clerk).get(NEW))


def test_the_office_lets_last_years_window_run_on_once_it_has_closed(
    december, as_user, officer, clerk, admin
):
    """Asked for in January, when the year's own window has just ended."""
    december.move_to(f"{YEAR + 1}-01-03T02:00:00+00:00")
    client, address = as_user(officer), f"{BASE}window/?year={YEAR}"
    assert f"设置 {YEAR} 年度" in page(client.get(f"{BASE}window/"))
    assert "时间已过" in page(as_user(clerk).get(NEW))
    given = {"opens_on": f"{YEAR}-12-01", "closes_on": f"{YEAR + 1}-01-20", "reason": "财政厅通知"}
    assert f"{YEAR} 年结转申请开放时间" in page(client.post(address, given, follow=True))
    assert "没有需要结转的资金" in page(as_user(clerk).get(f"{BASE}new/"))
    for year in (YEAR - 1, YEAR + 2, "x"):
        page(client.get(f"{BASE}window/?year={year}"), 404)
    december.move_to(f"{YEAR + 1}-01-20T16:00:00+00:00")
    page(as_user(officer).get(address), 404)


def test_the_window_of_a_closed_year_stays_shut(december, as_user, officer, admin):
    december.move_to(f"{YEAR + 1}-01-03T02:00:00+00:00")
    closing.ask(YEAR, officer)
    closing.confirm(YEAR, admin)
    client = as_user(officer)
    page(client.get(f"{BASE}window/?year={YEAR}"), 404)
    assert f"设置 {YEAR} 年度" not in page(client.get(f"{BASE}window/"))


@pytest.fixture
def many(december, unit, clerk, people):
    """Two applications of forty rows: in review, on the clerk's desk; and lists longer than a page."""
    for number in range(14):
        money(unit, clerk, f"ZB{number}")
    waiting = application(unit, clerk)
    for _ in range(22):
        CarryOver.begin(unit, clerk, year=YEAR, title="结转", number=f"JZ-{_}").save()
    return waiting.perform("submit", clerk)


def queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len([one for one in seen if "SAVEPOINT" not in one["sql"]])


def test_pages_cost_the_same_whatever_the_rows(as_user, clerk, reviewer, officer, many):
    own, unit_reviewer = as_user(clerk), as_user(reviewer)
    assert queries(own, BASE) <= 6
    assert queries(unit_reviewer, f"{BASE}review/") <= 6
    assert queries(own, f"{BASE}{many.pk}/") <= 9
    assert queries(unit_reviewer, f"{BASE}{many.pk}/") <= 10
    many.perform("withdraw", clerk)
    assert queries(own, f"{BASE}{many.pk}/edit/") <= 12
    assert queries(own, f"{BASE}new/") <= 9
    assert queries(as_user(officer), f"{BASE}window/") <= 6


def test_strangers_see_nothing(as_user, december, stranger, many):
    client = as_user(stranger)
    for tail in ("", "edit/", "print/", "moves/", "rulings/"):
        page(client.get(f"{BASE}{many.pk}/{tail}"), 404)
    found = page(client.get(f"{BASE}new/"))
    assert "ZB1" not in found
