"""A plan of each type to its end: clerk, unit, where due the office, in a real browser (manual 3.5)."""

import re
from decimal import Decimal

import pytest
from django.db.models import Sum
from playwright.sync_api import expect

from accounts.models import Organization, OrgKind
from budgets.models import LedgerEntry
from plans.models import Plan
from procurement.flow.log import first_break
from tests.intents import makers as intents
from tests.plans.makers import SOON, YEAR, confirmation
from tests.world import organization

from .planner import KEPT, Typist

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = {"responsible_name": "张主任", "responsible_phone": "13900000000", "expected_finish": SOON.isoformat()}
FREE = {"intent_exemption": "below_limit", "intent_reason": "金额未达公开标准，按规定不公开意向"}
NO_SHARE = {"sme_reserved": "false", "no_sme_reason": "按规定程序论证，不适宜由中小企业提供"}
TENDER = {"expected_start": SOON.isoformat(), **HEAD, **NO_SHARE}


@pytest.fixture
def money(at_desk, unit, clerk):
    """`money("项目", "600000")`: a confirmed quota of the unit."""
    return lambda name, amount: confirmation(unit, clerk, amount=amount, name=name)


def finished(paper: Plan) -> Plan:
    """已办结, its money reserved to the fen, its chain whole."""
    paper = Plan.objects.get(pk=paper.pk)
    assert paper.status == "已办结"
    held = LedgerEntry.objects.filter(holder=paper).aggregate(sum=Sum("amount"))["sum"]
    assert held == paper.amount == sum(row.amount for row in paper.fundings.all())
    for row in paper.fundings.select_related("confirmation"):
        assert row.confirmation.reserved_amount >= row.amount
    assert first_break(paper) is None
    return paper


DECENTRALIZED = [  # quota, who buys and how, the row bought
    (
        "校园物业管理",
        {"method": "competitive_consultation", "method_reason": "c-1", "entrust_mode": "agency"},
        ("C21040000", "主校区物业管理服务一年", "1,500,000.00", "1"),
    ),
    (
        "图书购置",
        {"method": "open_tender", "entrust_mode": "territorial"},
        ("A04010000", "中文图书", "60.00", "20000"),
    ),
    (
        "科研仪器",
        {"method": "open_tender", "entrust_mode": "research"},
        ("A02100301", "扫描电子显微镜", "1,100,000.00", "1"),
    ),
]


@pytest.fixture
def offered(money, unit, people):
    """Who may be entrusted, a published intent for the one way, money for the other three."""
    centre = organization("安徽省示例政府采购中心", OrgKind.CENTRAL_AGENCY, 71)
    agency = organization("安徽示例招标咨询有限公司", OrgKind.AGENCY, 72)
    Organization.objects.filter(pk=unit.pk).update(location="芜湖市")
    confirmed = money("服务器扩容", "480000")
    row = {"project_name": "教学云服务器", "amount": Decimal("480000.00")}
    row["category"] = intents.category("A02010104", "服务器")
    intents.published(unit, people.clerk, people.reviewer, intents.item(confirmed, **row))
    money("校园物业管理", "1500000")
    money("图书购置", "1200000")
    money("科研仪器", "1100000")
    return centre, agency


def by_the_centre(clerk, reviewer, centre) -> Plan:
    clerk.begin("项目采购计划", intent="教学云服务器")
    clerk.item(0, "A02010104", "机架式服务器", "40,000.00", "12", is_core=True)
    clerk.fill(**TENDER, org_form="central", method="open_tender", entrust_mode="agency", agency=centre.pk)
    paper = clerk.submit()
    reviewer.approve(paper)
    return paper


def decentralized(clerk, reviewer, agency, quota, fields, item) -> Plan:
    clerk.begin("项目采购计划", quota)
    clerk.item(0, *item)
    if fields["entrust_mode"] != "research":
        fields = fields | {"agency": agency.pk}
    clerk.fill(**TENDER, **FREE, org_form="decentralized", **fields)
    paper = clerk.submit()
    reviewer.approve_in_list(paper)
    return paper


def test_a_project_goes_its_four_ways_central_by_agency_territorial_and_research(at_desk, offered):
    (centre, agency), clerk, reviewer = offered, at_desk("clerk"), at_desk("reviewer")
    papers = [by_the_centre(clerk, reviewer, centre)]
    papers += [decentralized(clerk, reviewer, agency, *way) for way in DECENTRALIZED]
    ended = [finished(paper) for paper in papers]
    assert [paper.entrust_mode for paper in ended] == ["agency", "agency", "territorial", "research"]
    assert [paper.route for paper in ended] == [["unit"]] * 4
    assert ended[0].intent_item.project_name == "教学云服务器"
    text, amounts = clerk.printed(ended[0]), ["480,000.00", "肆拾捌万元整"]
    for words in ("采购计划申报表", ended[0].number, "机架式服务器", *amounts, centre.name):
        assert words in text, words
    assert "材料齐全，同意。" in text


MALL = {**HEAD, "mall_mode": "direct"}


def test_the_mall_ends_at_the_unit_within_the_limits_and_at_the_office_above_them(at_desk, money):
    money("教学设备更新", "900000")
    clerk, reviewer, officer = at_desk("clerk"), at_desk("reviewer"), at_desk("officer")

    clerk.begin("商城采购计划", "教学设备更新")
    clerk.item(0, "A02010105", "教学用台式计算机", "4,800.00", "50")
    clerk.row("fundings", 0, amount="240,000.00")
    clerk.fill(**MALL, mall_platform="huicai")
    within = clerk.submit()
    reviewer.approve_in_list(within)
    assert finished(within).route == ["unit"]

    clerk.begin("商城采购计划", "教学设备更新")
    clerk.item(0, "A02010105", "图形处理计算机", "8,000.00", "40")
    clerk.row("fundings", 0, amount="320,000.00")
    reason = "图形教学用机，性能高于通用办公配置"
    clerk.fill(**MALL | {"mall_mode": "bidding"}, mall_platform="wancai", over_reason=reason)
    clerk.attach("over")
    above = clerk.submit()
    expect(clerk.page.locator("main")).to_contain_text("本计划须经政府采购处审核")
    reviewer.approve(above)
    officer.open(above)
    banner = officer.page.get_by_role("note").filter(has_text="本计划须经政府采购处审核")
    for words in ("超过商城采购限额 300,000.00 元", "单价超过资产配置标准"):
        expect(banner).to_contain_text(words)
    expect(officer.page.locator("#assistant")).to_contain_text(KEPT)
    officer.picture("plan-review")
    officer.approve_in_list(above)
    assert finished(above).route == ["unit", "office"]
    text = clerk.printed(above)
    for words in ("商城超标采购", "图形处理计算机", "320,000.00", "皖采商城", "商城竞价"):
        assert words in text, words


def test_a_plan_outside_government_procurement_is_written_and_reviewed_by_keyboard(at_desk, money):
    money("校园宣传印刷", "30000")
    clerk, reviewer = at_desk("clerk"), at_desk("reviewer")

    typist = Typist(clerk.page)
    clerk.page.goto(f"{clerk.site}/plans/")
    typist.press(clerk.page.locator("summary", has_text="新增"))
    typist.press(clerk.page.get_by_role("link", name="其他采购计划（非政府采购）"))
    typist.press(clerk.page.get_by_role("checkbox", name="校园宣传印刷"), "Space")
    typist.press(clerk.page.get_by_role("button", name="新增"))
    typist.type("expected_finish", SOON)
    for name in ("responsible_name", "responsible_phone"):
        typist.type(name, HEAD[name])
    typist.type("items-0-category", "C23090100")
    typist.type("items-0-content", "招生宣传册印刷")
    typist.type("items-0-entry_mode", "by_total")
    typist.type("items-0-quantity", "3000")
    typist.type("items-0-measure", "册")
    typist.type("items-0-total_price", "30000")
    typist.press(clerk.page.get_by_role("button", name="保存", exact=True).last)
    clerk.told("已保存")
    hints = clerk.page.locator("[name^='keep:']")
    for name in [hint.get_attribute("name") for hint in hints.all()]:
        typist.type(name, KEPT)
    typist.press(clerk.page.get_by_role("button", name="提交审核"))
    clerk.told("已提交")
    free = clerk.paper()
    assert free.items.get().unit_price == Decimal("10.000000")
    judge = Typist(reviewer.page)
    reviewer.page.goto(f"{reviewer.site}/plans/review/")
    judge.press(reviewer.page.get_by_role("link", name="审核：").first)
    judge.press(reviewer.page.locator("dialog[open]").get_by_role("button", name="确定通过"))
    reviewer.told("已通过")
    assert finished(free).plan_type == "other_non_gov"
    assert "招生宣传册印刷" in clerk.printed(free)


def test_an_old_contract_is_entered_after_the_event(at_desk, money):
    money("历年运维", "58000")
    clerk, reviewer = at_desk("clerk"), at_desk("reviewer")
    clerk.begin("其他采购计划（历史合同补录）", "历年运维")
    clerk.item(0, "C16070300", "教务系统软件运维", "58,000.00", "1", measure="项")
    contract = {"contract_no": "HT2026-018", "contract_name": "教务系统运维合同", "contract_amount": "58000"}
    clerk.fill(**HEAD, **contract, supplier_name="示例软件有限公司", signed_on=f"{YEAR - 1}-01-05")
    clerk.attach("contract")
    late = clerk.submit()
    expect(clerk.page.locator("#assistant")).to_contain_text("已签订，计划在其后申报")
    reviewer.approve(late)
    assert finished(late).contract_amount == Decimal("58000.00")
    text = clerk.printed(late)
    for words in ("HT2026-018", "示例软件有限公司", "58,000.00", "伍万捌仟元整"):
        assert words in text, words


IMPORT = {"country": "德国", "purpose": "材料微观结构教学与科研", "import_class": "other"}
IMPORT |= {"import_case": "not_available", "reason": "境内没有同等分辨率的产品，详见专家论证意见"}


def write_the_import(clerk) -> Plan:
    clerk.begin("项目采购计划", "科研仪器进口")
    clerk.item(0, "A02100301", "超高分辨显微镜", "1,200,000.00", "1", is_import=True, **IMPORT)
    for number in range(5):
        person = {"name": f"专家{'甲乙丙丁戊'[number]}", "employer": "示例研究院", "title": "研究员"}
        clerk.row("experts", number, **person, is_lawyer=number == 4, opinion="同意进口")
    way = {"org_form": "decentralized", "method": "open_tender", "entrust_mode": "research"}
    clerk.fill(**TENDER, **FREE, **way)
    clerk.attach("import_application", "import_opinion")
    clerk.save()
    clerk.keep()
    clerk.look_at("s-items")
    clerk.picture("plan-form")
    clerk.page.get_by_role("button", name="提交审核").click()
    clerk.told("已提交")
    return clerk.paper()


def correct(clerk, why: str) -> Plan:
    """已退回 → 修改: the opinion stands on top; a lower price, and once more to the unit."""
    clerk.list("采购计划申报", "/plans/")
    clerk.page.get_by_role("link", name=re.compile("^已退回")).click()
    clerk.page.get_by_role("link", name="修改：").first.click()
    expect(clerk.page.locator(".note.ret")).to_contain_text(why)
    clerk.fill(**{"items-0-unit_price": "1,150,000.00", "fundings-0-amount": "1,150,000.00"})
    return clerk.submit()


def test_an_import_with_its_panel_comes_back_once_and_passes_the_office(at_desk, money):
    confirmed = money("科研仪器进口", "1200000")
    clerk, reviewer, officer = at_desk("clerk"), at_desk("reviewer"), at_desk("officer")
    paper, why = write_the_import(clerk), "请补充售后与安装条件，并核实单价。"
    reviewer.send_back(paper, "clerk", "demand", why)
    confirmed.refresh_from_db()
    assert confirmed.reserved_amount == 0
    assert correct(clerk, why) == paper
    reviewer.open(paper)
    change = reviewer.page.get_by_role("region", name="与上次提交的差异")
    for words in ("1,200,000", "1,150,000"):
        expect(change).to_contain_text(words)
    reviewer.approve(paper)
    officer.send_back_in_list(paper, "unit", "materials", "专家论证意见缺少签字页，请审核岗核实。")
    reviewer.approve(paper)
    officer.approve(paper)
    paper = finished(paper)
    assert (paper.amount, paper.route) == (Decimal("1150000.00"), ["unit", "office"])
    back = paper.moves.filter(verb="send_back").order_by("pk")
    assert list(back.values_list("target", "reason")) == [("clerk", "demand"), ("unit", "materials")]
    text = clerk.printed(paper)
    for words in ("进口产品论证专家", "专家甲", "（法律）", "超高分辨显微镜", "1,150,000.00", "政府采购处"):
        assert words in text, words
