"""3.5.1: 项目采购计划, part by part, with the assistant beside it."""

from playwright.sync_api import expect

from plans.models import Plan
from tests.intents.makers import YEAR
from tests.plans.makers import SOON as DAY
from tests.plans.makers import agency

SOON, JANUARY = DAY.isoformat(), f"{YEAR}-01-05"
FREE = {"intent_exemption": "below_limit", "intent_reason": "金额未达公开标准，按规定不公开意向"}
HEAD = {
    "responsible_name": "张主任", "responsible_phone": "13900000000", "expected_start": SOON,
    "expected_finish": SOON, "sme_reserved": "false", "no_sme_reason": "按规定程序论证，不适宜由中小企业提供",
}  # fmt: skip


def walk(m, scene):
    m.section(
        "3.5.1",
        "项目采购计划申报（集采、分散、属地、科研）",
        "要招标、谈判、磋商、询价的采购，报项目采购计划。下面的填法其他几种计划也通用。",
    )
    buyer = agency()
    clerk = scene.clerk
    begin(m, clerk)
    items(m, clerk)
    money(m, clerk)
    organisation(m, clerk, buyer)
    assistant(m, clerk, scene)


def begin(m, clerk):
    page = clerk.page
    clerk.menu("采购计划管理", "采购计划申报")
    page.locator("summary", has_text="新增").click()
    choice = page.get_by_role("link", name="项目采购计划", exact=True)
    m.step(
        "新增项目采购计划",
        "打开“采购计划管理 → 采购计划申报”，点“新增”，按实际情况选计划类型。这里选“项目采购计划”。",
        choice,
    )
    choice.click()
    box = page.get_by_role("row").filter(has_text="校园物业管理").get_by_role("checkbox")
    box.check()
    go = page.get_by_role("button", name="新增")
    m.step(
        "选择指标",
        "勾选要用的指标，点“新增”。已经公开过意向的，从上面的意向开始更省事：前面填过的不用再填。",
        box,
        go,
    )
    go.click()
    expect(page.locator("h1")).to_contain_text("新增项目采购计划")
    m.step(
        "认识录入页面",
        "要填的主要是三块：①采购清单；②资金构成；③采购组织信息。点上面的名字可以跳过去，填好的会打勾。"
        "“归口财政内部机构”是您单位对口的财政处室，计划名称取清单里的品目名称，都不用填。",
        page.locator(".secnav").get_by_role("link", name="采购清单"),
        page.locator(".secnav").get_by_role("link", name="资金构成"),
        page.locator(".secnav").get_by_role("link", name="采购组织信息"),
    )


def items(m, clerk):
    page = clerk.page
    pick = page.locator("[data-pick-category]").first
    pick.click()
    dialog = page.locator("#category-picker")
    m.step(
        "采购清单：选择采购目录",
        "在清单的一行里点品目旁的目录按钮，弹出品目选择窗口。输编码、名称或拼音首字母都能找到。"
        "知道编码的，直接在格子里输入也行。",
        dialog,
    )
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    clerk.item(0, "C21040000", "主校区物业管理服务一年", "1,500,000.00", "1", measure="项")
    expect(page.locator("[name=items-0-total_price]")).to_have_value("1,500,000.00")
    m.step(
        "采购清单：内容、单价和数量",
        "写“采购内容”，选“填报方式”，填单价和数量，总价自动算出；也可以填总价和数量，由系统算单价。"
        "是进口产品就打开“进口”。“采购需求描述”可以不填。还有别的就“新增一行”。",
        page.locator("[name=items-0-content]"),
        page.locator("[name=items-0-entry_mode]"),
        page.locator("[name=items-0-unit_price]"),
        page.locator("[name=items-0-total_price]"),
        look=page.locator("#s-items"),
    )


def money(m, clerk):
    page = clerk.page
    m.step(
        "资金构成：选择当年资金指标",
        "资金按类型分组列出，选财政性资金里“当年资金指标”下已经确认的指标。"
        "要用几条指标，就点“新增资金”加几行。不同类型的计划，可选的资金类型不同。",
        page.locator("[name=fundings-0-confirmation]"),
        page.locator("[data-add-row=fundings]"),
        look=page.locator("#s-fundings"),
    )
    clerk.row("fundings", 0, description="物业管理费", amount="1,500,000.00")
    m.step(
        "资金构成：写用途和金额",
        "填指标描述和本次要用的金额，右边随即显示用后还剩多少。资金合计要等于清单合计。",
        page.locator("[name=fundings-0-description]"),
        page.locator("[name=fundings-0-amount]"),
        look=page.locator("#s-fundings"),
    )


def organisation(m, clerk, buyer):
    page = clerk.page
    clerk.fill(**HEAD, **FREE, org_form="decentralized", method="competitive_consultation")
    clerk.fill(method_reason="c-1", entrust_mode="agency", agency=buyer.pk)
    m.step(
        "填写采购组织信息",
        "“组织形式”选集中采购机构采购或分散采购，依据最新的集中采购目录。“采购方式”"
        "按国家和财政部门的规定选。"
        "“委托方式”选委托代理、属地采购或科研采购。选了以后，不适用的格子会自动收起。",
        page.locator("[name=org_form]"),
        page.locator("[name=method]"),
        page.locator("[name=entrust_mode]"),
        look=page.locator("#s-organisation"),
    )


def assistant(m, clerk, scene):
    page = clerk.page
    clerk.save()
    panel = page.locator("#assistant")
    clerk.keep()
    clerk.look_at("s-items")
    m.step(
        "对照辅助填报",
        "右边的“辅助填报”替您检查。绿字是填对了；橙字是提示，可能不规范，请按实际情况修改，"
        "或者写明理由、维持原信息；红字必须改好才能提交。每一条都写着依据。",
        panel,
        look=panel,
    )
    submit = page.get_by_role("button", name="提交审核")
    m.step("保存，提交审核", "填完点“保存”，再点“提交审核”，计划就到了本单位审核岗。", submit)
    submit.click()
    clerk.told("已提交")
    paper = Plan.objects.get(plan_type="project")
    assert (paper.state, str(paper.amount)) == ("unit", "1500000.00")
