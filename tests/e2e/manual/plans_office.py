"""3.5.4 to 3.5.6: the review with its two ways, 采购方式变更, 进口设备采购报批."""

import re

from playwright.sync_api import expect

from plans.models import Plan
from procurement.flow.log import first_break
from tasks.models import BookKind, MethodChange
from tests.plans.makers import confirmation
from tests.tasks import change_makers, makers

from .plans_project import FREE, HEAD

WHY = "请补充服务标准，并核实单价。"


def review(m, scene):
    m.section("3.5.4", "采购计划审核", "经办岗提交的计划，由本单位审核岗审核；需要时再报政府采购处。")
    project, late = Plan.objects.get(plan_type="project"), Plan.objects.get(plan_type="other_history")
    reviewer = scene.reviewer
    page = reviewer.page
    reviewer.menu("采购计划管理", "采购计划审核")
    row = page.get_by_role("row").filter(has_text=project.number)
    button = row.get_by_role("link", name="审核")
    m.step(
        "在“待处理”里找到计划",
        "审核岗打开“采购计划管理 → 采购计划审核”，“待处理”里是等您审核的计划。点右边的“审核”。",
        page.get_by_role("link", name=re.compile("^待处理")),
        button,
        look=button,
    )
    button.click()
    send_back(m, scene, reviewer, project)
    view = page.get_by_role("row").filter(has_text=late.number).get_by_role("link", name="查看")
    m.step("也可以先看详情", "想先看全部内容，点“查看”。", view)
    view.click()
    card = page.get_by_role("region", name="审核意见")
    card.get_by_text("通过", exact=True).first.click()
    card.locator("[name=opinion]").fill("材料齐全，同意。")
    m.step("在详情页右上角审核", "看完直接在右上角选“通过”或“退回”，写上意见，点“确定”。", card)
    reviewer.decide(card, "通过", opinion="材料齐全，同意。")
    reviewer.told("已通过")
    assert Plan.objects.get(pk=late.pk).status == "已办结"
    again(m, scene, reviewer, project)


def send_back(m, scene, reviewer, paper):
    page = reviewer.page
    dialog = page.locator("dialog[open]")
    dialog.get_by_text("退回", exact=True).first.click()
    for name, value in (("to", "clerk"), ("reason", "demand"), ("opinion", WHY)):
        reviewer.put(dialog.locator(f"[name={name}]"), value)
    m.step(
        "填写审核意见：通过或退回",
        "①填得不规范，选“退回”，②在“退回到”里选退给哪一岗，③选原因，④写清要改什么。"
        "没有问题就选“通过”，在下面写审核意见。最后点“确定”。",
        dialog.get_by_text("退回", exact=True).first,
        dialog.locator("[name=to]"),
        dialog.locator("[name=reason]"),
        dialog.locator("[name=opinion]"),
    )
    reviewer.decide(dialog, "退回", to="clerk", reason="demand", opinion=WHY)
    reviewer.told("已退回")
    assert Plan.objects.get(pk=paper.pk).state == "clerk"


def again(m, scene, reviewer, paper):
    """The clerk mends it, the reviewer passes it, and it is ready for its book."""
    clerk = scene.clerk
    page = clerk.page
    clerk.list("采购计划申报", "/plans/")
    page.get_by_role("link", name=re.compile("^已退回")).click()
    edit = page.get_by_role("link", name="修改：").first
    m.step(
        "经办岗修改后重新提交",
        "被退回的计划在经办岗的“已退回”里。点“修改”，页面顶上是审核人的话，照着改好再提交。",
        page.get_by_role("link", name=re.compile("^已退回")),
        edit,
    )
    edit.click()
    expect(page.locator(".note.ret")).to_contain_text(WHY)
    clerk.fill(**{"items-0-content": "主校区物业管理服务一年（含保洁、绿化）"})
    assert clerk.submit() == paper
    reviewer.approve_in_list(paper)
    assert Plan.objects.get(pk=paper.pk).status == "已办结"
    m.note("单位审核通过后，由单位按计划类型备案任务书（见 3.6）。")
    m.note("商城超标采购、进口设备采购、转变采购方式，还要报政府采购处审核。")


def change(m, scene):
    m.section(
        "3.5.5", "采购方式变更", "任务书已备案、又符合法定情形的，可以申请改变采购方式，由政府采购处审核。"
    )
    confirmed = confirmation(scene.unit, scene.people.clerk, name="数据中心改造")
    book = makers.filed(
        scene.unit, scene.people.clerk, scene.people.reviewer, confirmed, BookKind.DECENTRALIZED,
        title="数据中心改造",
    )  # fmt: skip
    apply(m, scene.clerk)
    paper = MethodChange.objects.get()
    scene.judge("reviewer", ("采购计划管理", "采购方式变更审核"), paper.number, "情况属实，同意变更。")
    office(m, scene, paper, book)


def apply(m, clerk):
    page = clerk.page
    clerk.list("采购计划申报", "/plans/")
    button = page.get_by_role("main").get_by_role("link", name="采购方式变更", exact=True)
    m.step("点“采购方式变更”", "打开“采购计划申报”，点右上角的“采购方式变更”。", button)
    button.click()
    pick = page.get_by_role("link", name="变更采购方式：数据中心改造")
    m.step("选择原计划", "这里列出已经备案的采购计划，选中要变更的一个。", pick)
    pick.click()
    expect(page.get_by_role("main")).to_contain_text("原采购计划")
    page.get_by_label("拟变更采购方式").select_option("competitive_negotiation")
    page.get_by_label("变更主因").select_option("two_left")
    page.get_by_label("情况说明").fill(change_makers.WORDS)
    page.get_by_label("招标后响应的供应商数量").fill("2")
    m.step(
        "填写变更后的方式、主因和说明",
        "原计划的信息已经带出。选拟变更的采购方式和变更主因，写清情况说明。",
        page.get_by_label("拟变更采购方式"),
        page.get_by_label("变更主因"),
        page.get_by_label("情况说明"),
    )
    file = {"name": "说明.pdf", "mimeType": "application/pdf", "buffer": change_makers.PDF}
    for code in ("project", "tender_notice", "no_complaint", "fair_documents"):
        page.locator(f"[name='file:{code}']").set_input_files(file)
    submit = page.get_by_role("button", name="提交审核")
    m.step(
        "上传材料，保存并提交",
        "按主因上传对应的材料，点“保存”，再“提交审核”。先由单位审核岗审核，再报政府采购处。",
        submit,
    )
    submit.click()
    clerk.told("已提交")


def office(m, scene, paper, book):
    officer = scene.officer
    page = officer.page
    officer.menu("采购计划管理", "采购方式变更审核")
    page.get_by_role("row").filter(has_text=paper.number).get_by_role("link", name="查看").click()
    card = page.get_by_role("region", name="审核意见")
    card.get_by_text("通过", exact=True).first.click()
    m.step("政府采购处审核", "政府采购处核对理由和材料，写上意见，点“确定”。通过后生成变更后的新计划。", card)
    officer.decide(card, "通过", opinion="情形属实，同意变更。")
    officer.told("已通过")
    paper = MethodChange.objects.get()
    assert paper.status == "已办结"
    assert first_break(paper) is None
    assert paper.new_plan.method == "competitive_negotiation"


IMPORT = {"country": "德国", "purpose": "材料微观结构教学与科研", "import_class": "other"}
IMPORT |= {"import_case": "not_available", "reason": "境内没有同等分辨率的产品，详见专家论证意见"}


def importing(m, scene):
    m.section(
        "3.5.6",
        "进口设备采购报批",
        "要买进口产品的，在采购清单里勾选“进口”，附上报批材料，由政府采购处审核。",
    )
    paper = ask(m, scene.clerk)
    scene.reviewer.approve(paper)
    answer(m, scene.officer, paper)


def ask(m, clerk) -> Plan:
    page = clerk.page
    clerk.begin("项目采购计划", "科研仪器进口")
    clerk.item(0, "A02100301", "超高分辨显微镜", "1,200,000.00", "1", is_import=True, **IMPORT)
    m.step(
        "在清单里勾选“进口”",
        "买进口产品的这一行，勾选“进口”，再展开填写原产国、用途和理由。不是进口产品就不要勾。",
        page.locator("[name=items-0-is_import]"),
        page.locator("fieldset.importing").first,
        look=page.locator("[name=items-0-is_import]"),
    )
    for number in range(5):
        person = {"name": f"专家{'甲乙丙丁戊'[number]}", "employer": "示例研究院", "title": "研究员"}
        clerk.row("experts", number, **person, is_lawyer=number == 4, opinion="同意进口")
    m.step(
        "填写论证专家",
        "填五名以上专家的姓名、单位、职称和意见，其中要有一名法律专家。",
        page.locator("#s-experts"),
    )
    clerk.fill(**HEAD, **FREE, org_form="decentralized", method="open_tender", entrust_mode="research")
    clerk.attach("import_application", "import_opinion")
    m.step(
        "上传报批材料",
        "上传进口产品申请表和专家论证意见。填完保存、提交：单位审核后，由政府采购处审核。",
        page.locator("[name='file:import_application']").locator(
            "xpath=ancestor::*[self::li or self::div][1]"
        ),
    )
    return clerk.submit()


def answer(m, officer, paper):
    officer.open(paper)
    expect(officer.page.locator("main")).to_contain_text("本计划须经政府采购处审核")
    m.step(
        "政府采购处审核",
        "政府采购处打开计划，页面写明为什么要报采购处审核，右侧是经办人对每条提示的说明。审核完，点“确定”。",
        officer.page.get_by_role("note").filter(has_text="本计划须经政府采购处审核"),
        officer.page.get_by_role("region", name="审核意见"),
    )
    officer.decide(officer.page.get_by_role("region", name="审核意见"), "通过", opinion="同意。")
    officer.told("已通过")
    paper = Plan.objects.get(pk=paper.pk)
    assert (paper.status, paper.route) == ("已办结", ["unit", "office"])
    assert first_break(paper) is None
