"""Chapter 3.5: 采购计划管理: a plan of each type, the review, a change of method, an import."""

from playwright.sync_api import expect

from plans.models import Plan
from tests.intents.makers import confirmation

from . import plans_office, plans_project

SECTION, ENTRY = "采购计划管理", "采购计划申报"
HEAD = {"responsible_name": "张主任", "responsible_phone": "13900000000"}


def walk(scene):
    for name, amount in (
        ("校园物业管理", "1500000"),
        ("教学设备更新", "900000"),
        ("历年运维", "58000"),
        ("科研仪器进口", "1200000"),
    ):
        confirmation(scene.unit, scene.people.clerk, amount=amount, name=name)
    m = scene.write(
        "3.5",
        "采购计划管理",
        "指标确认了、意向公开了，就可以报采购计划。计划审核通过后，才能备案任务书、开始采购。",
    )
    plans_project.walk(m, scene)
    mall(m, scene)
    other(m, scene)
    plans_office.review(m, scene)
    plans_office.change(m, scene)
    plans_office.importing(m, scene)


def mall(m, scene):
    m.section("3.5.2", "商城采购计划录入", "在徽采商城、皖采商城购买的，报商城采购计划。")
    clerk = scene.clerk
    page = clerk.page
    clerk.list(ENTRY, "/plans/")
    page.locator("summary", has_text="新增").click()
    choice = page.get_by_role("link", name="商城采购计划", exact=True)
    m.step("选择“商城采购计划”", "打开“采购计划管理 → 采购计划申报”，点“新增”，选“商城采购计划”。", choice)
    clerk.begin("商城采购计划", "教学设备更新")
    clerk.item(0, "A02010105", "教学用台式计算机", "4,800.00", "50")
    clerk.row("fundings", 0, amount="240,000.00")
    m.step(
        "填写采购清单和资金构成",
        "和项目采购计划一样，先填“采购清单”，再填“资金构成”，两个合计要相等。品目只列出商城里有的。",
        page.locator("#s-items"),
        look=page.locator("#s-items"),
    )
    end = page.locator("[name=expected_finish]").get_attribute("value")
    clerk.fill(**HEAD, **({} if end else {"expected_finish": plans_project.SOON}))
    clerk.fill(mall_platform="huicai", mall_mode="direct")
    m.step(
        "选择商城和采购方式",
        "“实施形式”选徽采商城或皖采商城，再按商城规则选直接采购或商城竞价。"
        "超过商城限额、超过配置标准的，要写理由、传材料，并报政府采购处审核。",
        page.locator("[name=mall_platform]"),
        page.locator("[name=mall_mode]"),
        look=page.locator("#s-organisation"),
    )
    clerk.save()
    clerk.keep()
    submit = page.get_by_role("button", name="提交审核")
    m.step("保存，提交审核", "填完点“保存”，再点“提交审核”。", submit)
    submit.click()
    clerk.told("已提交")
    assert Plan.objects.get(plan_type="mall").state == "unit"


def other(m, scene):
    m.section(
        "3.5.3",
        "其他采购计划（非政府采购、历史合同补录）",
        "不属于政府采购的支出，或者以前签了合同、还没有报计划的，用这一种。",
    )
    clerk = scene.clerk
    page = clerk.page
    clerk.list(ENTRY, "/plans/")
    page.locator("summary", has_text="新增").click()
    m.step(
        "选择“其他采购计划”",
        "点“新增”，选“其他采购计划（非政府采购）”或“其他采购计划（历史合同补录）”。这里以历史合同补录为例。",
        page.get_by_role("link", name="其他采购计划（非政府采购）"),
        page.get_by_role("link", name="其他采购计划（历史合同补录）"),
    )
    clerk.begin("其他采购计划（历史合同补录）", "历年运维")
    clerk.item(0, "C16070300", "教务系统软件运维", "58,000.00", "1", measure="项")
    contract = {"contract_no": "HT2026-018", "contract_name": "教务系统运维合同", "contract_amount": "58000"}
    clerk.fill(**HEAD, **contract, supplier_name="示例软件有限公司", signed_on=plans_project.JANUARY)
    clerk.attach("contract")
    m.step(
        "填写清单、资金和原合同",
        "采购清单、资金构成的填法和项目采购计划一样。历史合同补录还要填原合同的编号、名称、金额、"
        "供应商和签订日期，并上传合同。",
        page.locator("[name=contract_no]"),
        page.locator("[name=signed_on]"),
    )
    paper = clerk.submit()
    expect(page.get_by_role("main")).to_contain_text("HT2026-018")
    assert (paper.plan_type, paper.state) == ("other_history", "unit")
