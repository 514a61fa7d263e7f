"""Chapter 3.4: 单一来源公示, from the entry to the notice standing on the portal."""

from playwright.sync_api import expect

from notices import jobs
from notices.models import SingleSourceNotice
from notices.single.jobs import settle_all
from procurement.flow.log import first_break
from tests.intents.makers import confirmation
from tests.notices.single import makers

SECTION = "单一来源公示"
PDF = {"name": "论证意见.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 trial"}


def walk(scene):
    portal = scene.need("portal")
    confirmed = confirmation(scene.unit, scene.people.clerk, name="核磁共振维护")
    m = scene.write(
        "3.4",
        "单一来源公示",
        "只能从一家供应商采购的，先在安徽省政府采购网公示，期满没有异议才能报计划。",
    )
    write(m, scene.clerk, scene, confirmed)
    office(m, scene, portal)
    m.note("审核流程：采购单位录入 → 政府采购处审核 → 发布到省政府采购网。审核通过后自动发布，不用再点。")


def write(m, clerk, scene, confirmed):
    page = clerk.page
    clerk.menu(SECTION)
    new = page.get_by_role("main").get_by_role("link", name="新增").first
    m.step("新增单一来源公示", "打开“单一来源公示 → 单一来源公示”，点“新增”。", new)
    new.click()
    choice = page.get_by_label(confirmed.quota.project_name)
    choice.check()
    go = page.get_by_role("button", name="新增")
    m.step("选择指标", "选中这次要用的指标，点“新增”。", choice, go)
    go.click()
    data = makers.posted(confirmed, project_name=makers.PROJECT)
    for name in ("project_name", "content", "goods_description", "reason", "supplier_name", "supplier_uscc",
                 "supplier_address", "address", "finance_phone", "finance_address"):  # fmt: skip
        page.locator(f"[name={name}]").fill(data[name])
    page.locator("[name=reason_code]").select_option("patent")
    m.step(
        "填写项目、理由和拟定供应商",
        "写清拟采购的货物或服务、采用单一来源的原因和说明，以及拟定的唯一供应商的名称和地址。",
        page.locator("[name=reason]"),
        page.locator("[name=supplier_name]"),
    )
    for number, (name, employer, title) in enumerate(makers.EXPERTS):
        if number:
            page.get_by_role("button", name="新增一人").click()
        row = {"name": name, "employer": employer, "title": title, "opinion": makers.OPINION}
        for field, text in row.items():
            page.locator(f"[name=experts-{number}-{field}]").fill(text)
        page.locator(f"[name=experts-{number}-signed]").set_input_files(PDF)
    m.step(
        "填写专业人员论证意见",
        "至少三名专业人员，每人写姓名、单位、职称和意见，并上传本人签字的意见。",
        page.locator("[name=experts-0-name]"),
        page.locator("[name=experts-0-opinion]"),
        look=page.locator("[name=experts-0-opinion]"),
    )
    submit = page.get_by_role("button", name="提交审核")
    m.step("保存，提交审核", "点“保存”，核对无误后点“提交审核”，直接到政府采购处。", submit)
    submit.click()
    clerk.told("已提交")


def office(m, scene, portal):
    officer = scene.officer
    page = officer.page
    officer.menu(SECTION, "单一来源公示审核")
    page.get_by_role("link", name=makers.PROJECT).first.click()
    card = page.get_by_role("region", name="审核意见")
    card.get_by_text("通过", exact=True).first.click()
    m.step(
        "政府采购处审核", "政府采购处看过理由和论证意见，在右侧选“通过”或“退回”，写上意见，点“确定”。", card
    )
    officer.decide(card, "通过", opinion="论证充分，同意公示。")
    officer.told("已通过")
    assert jobs.relay() == 1
    assert settle_all() == 1
    clerk = scene.clerk
    page = clerk.page
    page.goto(f"{scene.site}/notices/single/?tab=done")
    table = page.locator("main table")
    expect(table).to_contain_text("还剩 5 个工作日")
    m.step(
        "看公示还剩几天",
        "通过后，公示自动发布到安徽省政府采购网，公示期不少于 5 个工作日。这里看得到还剩几天、有没有异议。",
        table,
    )
    paper = SingleSourceNotice.objects.get()
    assert first_break(paper) is None
    page = scene.on_the_portal(clerk, f"/notices/single/{paper.pk}/")
    m.step(
        "在门户网站上查看",
        "门户上的公示页写着异议怎么提。有异议的，收到后在这里答复，见页面提示。",
        page.locator("h1"),
    )
    expect(page.locator("body")).to_contain_text(makers.PROJECT)
    assert portal.stats()["receipts"][paper.publication.key] == 1
