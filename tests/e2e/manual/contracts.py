"""Chapter 3.8: 采购合同管理: entered from a result, reviewed, filed, published."""

import re

from playwright.sync_api import expect

from contracts.models import Contract
from notices import jobs as publishing
from procurement.flow.log import first_break
from procurement.flow.models import Desk
from procurement.sealing import jobs as sealing
from tests.contracts import makers
from tests.plans.makers import catalogue

SECTION = "采购合同管理"
PDF = {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"}


def walk(scene):
    scene.need("portal")
    catalogue()
    clerk, reviewer = scene.people.clerk, scene.people.reviewer
    confirmed = makers.confirmation(scene.unit, clerk, name="教学设备更新")
    book = makers.book(scene.unit, clerk, reviewer, confirmed, title="台式计算机")
    winner = {"name": makers.SUPPLIER["name"], "uscc": makers.USCC, "size": "large", "is_winner": True}
    makers.result(book, clerk, suppliers=[winner])
    m = scene.write(
        "3.8", "采购合同管理", "采购有了结果，签了合同，就在这里录入、审核、备案。备案后合同自动公告。"
    )
    write(m, scene, book)
    paper = Contract.objects.get(book=book)
    review(m, scene, paper)
    file(m, scene, paper)


def write(m, scene, book):
    m.section("3.8.1", "采购合同录入")
    clerk = scene.clerk
    page = clerk.page
    clerk.menu(SECTION, "采购合同录入")
    page.get_by_text("新增", exact=True).click()
    choice = page.get_by_role("link", name="合同录入", exact=True)
    m.step(
        "新增合同",
        "打开“采购合同管理 → 采购合同录入”，点“新增”，选“合同录入”。补充合同、变更和历史合同也从这里新增。",
        choice,
    )
    choice.click()
    pick = page.get_by_role("row").filter(has_text=book.number).get_by_role("link").last
    m.step("选择采购计划", "这里列出已经有结果、可以录合同的采购计划，在要录的那一行点“选择”。", pick)
    pick.click()
    expect(page.get_by_label("供应商名称")).not_to_have_value("")
    m.step(
        "核对带出的信息",
        "供应商、金额、标的从项目采购系统或电子卖场的执行结果里带出，不用再抄。右边对照着计划、"
        "结果和合同的金额。",
        page.get_by_label("供应商名称"),
        look=page.get_by_label("供应商名称"),
    )
    complete(page)
    m.step(
        "补充其他信息",
        "补上签订日期、期限、供应商账户、验收办法等，上传合同文本和公开文本。",
        page.locator("#id_signed_on"),
        page.locator("#id_inspector"),
        look=page.locator("#id_signed_on"),
    )
    submit = page.get_by_role("button", name="提交审核")
    m.step(
        "核对财政部报表信息，保存并提交",
        "财政部统计报表要的信息也在这一页，大部分已经带出，核对后点“保存”，再点“提交审核”。",
        submit,
    )
    submit.click()
    clerk.told("已提交")


def complete(page):
    for name in ("signed_on", "starts_on", "ends_on"):
        page.locator(f"#id_{name}").fill(str(makers.TODAY))
    for name, value in (("contract_type", "sale"), ("inspector", "self"), ("inspection", "once")):
        page.locator(f"#id_{name}").select_option(value)
    texts = {
        "purchaser_address": "合肥市示例路1号", "suppliers-0-bank": "示例银行",
        "suppliers-0-account": "6222000000000001", "acceptance_content": "数量和外观",
        "acceptance_standard": "符合合同",
    }  # fmt: skip
    for name, value in texts.items():
        page.locator(f"#id_{name}").fill(value)
    for code in ("text", "public"):
        page.locator(f"#file-{code}").set_input_files(PDF)


def review(m, scene, paper):
    m.section("3.8.2", "采购合同审核")
    reviewer = scene.reviewer
    page = reviewer.page
    reviewer.menu(SECTION, "采购合同审核")
    button = page.get_by_role("row").filter(has_text=paper.number).get_by_role("link", name="审核")
    m.step(
        "在“待处理”里点“审核”",
        "审核岗打开“采购合同管理 → 采购合同审核”，在“待处理”里找到合同，点右边的“审核”。",
        page.get_by_role("link", name=re.compile("^待处理")),
        button,
    )
    button.click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_text("通过", exact=True).first.click()
    dialog.locator("[name=opinion]").fill("与采购结果一致，同意。")
    m.step(
        "填写审核意见，通过或退回",
        "填得不对就选“退回”，再选退给哪一岗、写明原因；没有问题选“通过”，写上意见，点“确定”。",
        dialog,
    )
    reviewer.decide(dialog, "通过", opinion="与采购结果一致，同意。")
    reviewer.told("已通过")


def file(m, scene, paper):
    m.section("3.8.3", "采购合同备案", "合同签订后 7 个工作日内备案。")
    clerk = scene.clerk
    page = clerk.page
    clerk.menu(SECTION, "采购合同备案")
    row = page.get_by_role("row").filter(has_text=paper.number)
    button = row.get_by_role("link", name=re.compile("^备案"))
    m.step(
        "在“待备案”里点“备案”",
        "打开“采购合同管理 → 采购合同备案”，在“待备案”里找到合同，点右边的“备案”。",
        page.get_by_role("link", name=re.compile("^待备案")),
        button,
    )
    button.click()
    box = page.get_by_role("dialog")
    expect(box).to_contain_text("政府采购合同备案表")
    go = box.get_by_role("button", name="备案", exact=True)
    m.step("核对备案表，点左上角的“备案”", "弹出备案表，核对无误后点左上角的“备案”。", go)
    page.keyboard.press("Escape")
    row.get_by_role("link", name="查看").click()
    detail = page.get_by_role("main").get_by_role("link", name="备案", exact=True)
    m.step("也可以在详情里备案", "想先看全部内容，点“查看”，再点右上角的“备案”。", detail)
    detail.click()
    go = page.get_by_role("dialog").get_by_role("button", name="备案", exact=True)
    go.click()
    expect(page.get_by_role("status").filter(has_text="备案编号 HT").first).to_be_visible()
    sealing.render()
    sealing.sign()
    publishing.relay()
    paper = Contract.objects.get(pk=paper.pk)
    assert (paper.state, paper.publication.state, first_break(paper)) == (Desk.DONE, "sent", None)
    page = scene.on_the_portal(clerk, f"/contracts/{paper.pk}/")
    expect(page.locator("body")).to_contain_text(paper.contract_no)
    m.step(
        "合同公告自动发布",
        "备案后，合同公告自动公开在安徽省政府采购网上；涉密合同不公开。",
        page.locator("h1"),
    )
