"""Chapter 3.9: 年终采购资金结转申请, which the original left open, and 预采购转正."""

from datetime import date

from django.utils import timezone
from playwright.sync_api import expect

from budgets.models import CarryOver, CarryWindow, Conversion
from procurement.flow.log import first_break
from tests.budgets import makers
from tests.budgets.carryover.makers import D, money

SECTION = "年终结转"


def walk(scene):
    today = timezone.localdate()
    clerk = scene.people.clerk
    for number, name in ((1, "实训设备购置"), (2, "图书文献购置")):
        money(scene.unit, clerk, f"ZB{number}", fiscal_year=today.year, project_name=name)
    days = {"opens_on": date(today.year, 1, 1), "closes_on": date(today.year, 12, 31)}
    CarryWindow.objects.create(
        fiscal_year=today.year, reason="财政厅通知", set_by=scene.people.officer, **days
    )
    m = scene.write(
        "3.9",
        "年终采购资金结转申请",
        "年底没有用完、明年还要接着用的采购资金，要申请结转；没有申请的，留在当年。",
    )
    apply(m, scene, today.year)
    review(m, scene)
    convert(m, scene, today.year)


def apply(m, scene, year):
    m.section("3.9.1", "填写结转申请")
    clerk = scene.clerk
    page = clerk.page
    clerk.menu(SECTION, "年终采购资金结转申请")
    new = page.get_by_role("main").get_by_role("link", name="新增").first
    m.step(
        "新增结转申请",
        "通常每年 12 月开放，具体时间由政府采购处设定。打开“年终结转 → 年终采购资金结转申请”，点“新增”。"
        "没有开放时，页面会写明什么时候开放。",
        new,
    )
    new.click()
    go = page.get_by_role("button", name="下一步")
    m.step(
        "勾选要结转的资金",
        "系统按资金流水算好了每一笔的余额：已签合同的、已列计划的、只确认了指标的。勾选明年还要用的，"
        "点“下一步”。",
        page.get_by_role("table", name="可结转的资金"),
        go,
    )
    go.click()
    page.locator("#id_remark").fill("设备尚未到货，次年继续使用")
    for field in page.locator("input[name$='-expected_finish']").all():
        if field.is_visible():
            field.fill(f"{year + 1}-06-30")
    m.step("填写金额和原因", "每一笔写明结转多少、什么原因、预计什么时候用完。", page.locator("#id_remark"))
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.get_by_role("main")).to_contain_text("结转预演")
    submit = page.get_by_role("button", name="提交审核")
    m.step(
        "核对结转预演，提交审核",
        "保存后出现“结转预演”：明年会生成哪些指标、各多少钱。核对无误，点“提交审核”。",
        page.get_by_role("region", name="结转预演"),
        submit,
    )
    submit.click()
    expect(page.get_by_role("main")).to_contain_text("审核中")


def review(m, scene):
    m.section("3.9.2", "审核和核定", "单位审核岗、归口支出处室、政府采购处依次审核。")
    paper = CarryOver.objects.get()
    for who in ("reviewer", "divisional"):
        hands = scene.at(who)
        hands.menu(SECTION, "年终采购资金结转审核")
        hands.page.get_by_role("row").filter(has_text=paper.number).get_by_role("link", name="查看").click()
        card = hands.page.get_by_role("region", name="审核意见")
        if who == "reviewer":
            card.get_by_text("通过", exact=True).first.click()
            m.step("逐级审核", "审核人打开申请，看过每一笔的余额和原因，在右侧通过或退回，点“确定”。", card)
        hands.decide(card, "通过", opinion="同意结转。")
        hands.told("已通过")
    officer = scene.officer
    page = officer.page
    page.goto(f"{scene.site}/budgets/carryovers/{paper.pk}/")
    card = page.get_by_role("region", name="审核意见")
    m.step(
        "政府采购处核定",
        "政府采购处最后审核，可以逐笔核定同意或不同意结转；不同意的写明原因，退回财政。"
        "次年 1 月 1 日自动生成新指标。",
        card,
    )
    officer.decide(card, "通过", opinion="同意。")
    officer.told("已通过")
    paper = CarryOver.objects.get()
    assert (paper.status, first_break(paper)) == ("已办结", None)


def convert(m, scene, year):
    m.section("3.9.3", "预采购转正", "年初用预采购指标先办的，正式指标下达后在这里接上。")
    old = makers.quota(scene.unit, "100.00", "YS1", source_type="pre", provisional=True, fiscal_year=year,
                       project_name="实验耗材")  # fmt: skip
    old.confirm(D("80.00"), scene.people.clerk)
    new = makers.quota(scene.unit, "90.00", "ZB9", fiscal_year=year, project_name="实验耗材")
    clerk = scene.clerk
    page = clerk.page
    clerk.menu("采购预算管理", "预采购转正")
    page.get_by_role("main").get_by_role("link", name="新增").first.click()
    page.get_by_label("预采购指标").select_option(str(old.pk))
    formal = page.get_by_label("正式指标")
    formal.select_option(str(new.pk))
    submit = page.get_by_role("button", name="提交审核")
    m.step(
        "选择正式指标，提交审核",
        "打开“采购预算管理 → 预采购转正”，点“新增”，选预采购指标和对应的正式指标，点“提交审核”。"
        "审核通过后，已经占用的钱一起移到正式指标上，两边都看得到来去。",
        formal,
        submit,
    )
    submit.click()
    expect(page.get_by_role("main")).to_contain_text("审核中")
    number = Conversion.objects.get().number
    scene.judge("divisional", ("采购预算管理", "预采购转正审核"), number, "正式指标已下达，同意转正。")
    page.goto(f"{scene.site}/budgets/quotas/{new.pk}/")
    expect(page.get_by_role("main")).to_contain_text("指标来去")
