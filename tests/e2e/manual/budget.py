"""Chapter 3.1: 预算登记, from 新增 to the office's approval."""

from playwright.sync_api import expect

from budgets.models import BudgetEntry, Quota
from procurement.flow.log import first_break
from tests.tasks.change_makers import PDF

SECTION, PROJECT = "采购预算管理", "智慧教室设备更新"


def walk(scene):
    m = scene.write(
        "3.1",
        "预算登记（预采购、统采预算、其他资金）",
        "财政下达的指标会自动进入系统，不用登记。要登记的是三种：预采购、统采预算、其他资金。",
    )
    begin(m, scene.clerk)
    write(m, scene.clerk)
    approve(m, scene.reviewer)
    pass_on(m, scene)


def begin(m, clerk):
    page = clerk.page
    clerk.menu(SECTION, "预算录入")
    new = page.locator("summary", has_text="新增")
    new.click()
    m.step(
        "新增一笔预算",
        "打开“采购预算管理 → 预算录入”，点“新增”，选择预采购、统采预算或其他资金。这里以“其他资金”为例。",
        page.get_by_role("link", name="预算录入").last,
        page.get_by_role("link", name="其他资金", exact=True),
    )
    page.get_by_role("link", name="其他资金", exact=True).click()
    expect(page.locator("h1")).to_contain_text("新增")


def write(m, clerk):
    page = clerk.page
    page.locator("#id_fund_source").select_option("business")
    page.locator("#id_fund_nature").select_option(label="一般公共预算")
    page.locator("#id_project_name").fill(PROJECT)
    for name in ("gov_econ", "dept_econ"):
        page.locator(f"#id_{name}").select_option(index=1)
    m.step(
        "选择资金来源，填写预算信息",
        "选资金来源和资金性质，写清项目名称。带红色星号的都要填；填错时，格子旁边会说明怎么改，"
        "已填的内容不会丢。",
        page.locator("#id_fund_source"),
        page.locator("#id_project_name"),
    )
    row = {"category": "A02010105", "content": "教学用台式计算机", "unit_price": "4,800.00"}
    row |= {"quantity": "100", "measure": "台"}
    for name, value in row.items():
        page.locator(f"#id_lines-0-{name}").fill(value)
    expect(page.locator("#id_lines-0-total_price")).to_have_value("480,000.00")
    m.step(
        "填写采购内容",
        "品目可以输编码、名称或拼音首字母。填单价和数量，总价自动算出；要买几样就加几行。",
        page.locator("#id_lines-0-category"),
        page.locator("#id_lines-0-total_price"),
    )
    file = {"name": "资金证明.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.locator("#file-fund_proof").set_input_files(file)
    submit = page.get_by_role("button", name="提交审核")
    m.step(
        "上传证明，保存后提交",
        "上传资金证明。没写完先点“保存”，下次接着写；写完点“提交审核”，单子就到了审核岗。",
        page.get_by_role("button", name="保存", exact=True).last,
        submit,
    )
    submit.click()
    clerk.told("已提交")


def approve(m, reviewer):
    page = reviewer.page
    reviewer.menu(SECTION, "预算录入审核")
    view = page.get_by_role("row").filter(has_text=PROJECT).get_by_role("link", name="查看")
    m.step(
        "审核岗打开待处理的预算",
        "审核岗登录，打开“采购预算管理 → 预算录入审核”。“待处理”里列出等您审核的单子，点“查看”。",
        page.get_by_role("link", name="待处理"),
        view,
    )
    view.click()
    card = page.get_by_role("region", name="审核意见")
    card.get_by_text("通过", exact=True).first.click()
    page.locator("#id_opinion").fill("同意，材料齐全。")
    m.step(
        "写审核意见，确定",
        "看过内容，在右侧选“通过”或“退回”，写上意见，点“确定”。退回要选退给哪一岗并写明原因，"
        "经办人会看到您的话。",
        card,
    )
    reviewer.decide(card, "通过", opinion="同意，材料齐全。")
    reviewer.told("已通过")


def pass_on(m, scene):
    """Division and office, the rest of the manual's 审核流程."""
    for who in ("divisional", "officer"):
        assert not Quota.objects.exists()
        hands = scene.at(who)
        hands.menu(SECTION, "预算录入审核")
        hands.page.get_by_role("row").filter(has_text=PROJECT).get_by_role("link", name="查看").click()
        hands.decide(hands.page.get_by_role("region", name="审核意见"), "通过", opinion="同意。")
        hands.told("已通过")
    page = scene.clerk.page
    page.reload()
    steps = page.get_by_role("list", name="办理进度")
    m.step(
        "看审到哪一步了",
        "单子依次经过单位审核岗、归口支出处室、政府采购处。随时打开它，就能看到审到了谁那里、谁说了什么。",
        steps,
    )
    entry = BudgetEntry.objects.get()
    assert (str(Quota.objects.get().total), entry.status) == ("480000.00", "已办结")
    assert first_break(entry) is None
    m.note(
        "审核流程：预算单位录入 → 单位审核 → 归口支出处室审核 → 政府采购处审核。全部通过后，"
        "系统生成一条指标。"
    )
