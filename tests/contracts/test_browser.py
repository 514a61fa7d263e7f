"""From an e-mall order and a tender award to a notice on the portal, in a real browser (manual 3.8)."""

import re
import subprocess

import pytest
from playwright.sync_api import expect

from contracts.models import Contract
from notices import jobs as publishing
from procurement.flow.log import first_break
from procurement.flow.models import Desk
from procurement.sealing import jobs as sealing
from tasks.models import BookKind
from tests.browser import *  # noqa: F403
from tests.browser import fits
from tests.look.conftest import PHONE, browse, site  # noqa: F401
from tests.notices.conftest import hsm, portal, sandbox  # noqa: F401
from tests.plans import makers as plans
from tests.tasks import makers as books
from tests.tasks.outside import event, keys, known, report, result  # noqa: F401

from . import makers

pytestmark = pytest.mark.django_db(transaction=True)
DESK = {"width": 1366, "height": 768}
PDF = {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"}
WINNER = {"name": "安徽示例科技有限公司", "uscc": makers.USCC, "size": "large", "is_winner": True}
AWARD = {
    "project_no": "P-2026-1", "package_no": "1", "method": "open_tender", "open_date": "2026-11-18",
    "award_notice_date": "2026-11-20", "bidders": 3, "suppliers": [WINNER],
}  # fmt: skip
SOURCES = {"huicai": (BookKind.MALL, {"suppliers": [WINNER]}), "trading": (BookKind.CENTRAL, AWARD)}
TODAY = str(makers.TODAY)


@pytest.fixture
def executed(site, unit, clerk, reviewer, known):  # noqa: F811
    """One book carried out by the e-mall, one by the trading system: each has reported its result."""
    plans.catalogue()
    found = {}
    for channel, (kind, content) in SOURCES.items():
        confirmed = makers.confirmation(unit, clerk, name=channel)
        book = found[channel] = books.filed(unit, clerk, reviewer, confirmed, kind, amount="1000.00")
        for number, step in enumerate(("received", "started"), 1):
            report(known[channel], channel, event(book, step, number))
        sent = event(book, "result", 3, result=result(book, number=f"{channel}-1", **content))
        assert report(known[channel], channel, sent).json()["verdict"] == "accepted"
    return found


def enter(page, book, axe) -> None:
    """Steps one to three: 新增 → 合同录入, the plan, what is not known yet, 提交."""
    page.get_by_text("新增", exact=True).click()
    page.get_by_role("link", name="合同录入", exact=True).click()
    page.get_by_role("row").filter(has_text=book.number).get_by_role("link").click()
    expect(page.get_by_label("供应商名称")).to_have_value("安徽示例科技有限公司")
    expect(page.locator("[data-against] dd.same")).to_have_count(4)
    for name in ("signed_on", "starts_on", "ends_on"):
        page.locator(f"#id_{name}").fill(TODAY)
    page.locator("#id_contract_type").select_option("sale")
    page.locator("#id_purchaser_address").fill("合肥市示例路1号")
    page.locator("#id_suppliers-0-bank").fill("示例银行")
    page.locator("#id_suppliers-0-account").fill("6222000000000001")
    page.locator("#id_inspector").select_option("self")
    page.locator("#id_inspection").select_option("once")
    page.locator("#id_acceptance_content").fill("数量和外观")
    page.locator("#id_acceptance_standard").fill("符合合同")
    page.locator("#id_items-0-unit_price").fill("850")
    expect(page.locator("#id_items-0-total")).to_have_value("850.00")
    expect(page.locator('[data-against] dd.off[data-sum="items"]')).to_be_visible()
    page.locator("#id_items-0-unit_price").fill("900")
    for code in ("text", "public"):
        page.locator(f"#file-{code}").set_input_files(PDF)
    axe(page)
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("status").filter(has_text="已提交").first).to_be_visible()


def approve(page, paper) -> None:
    page.get_by_text("通过", exact=True).first.click()
    page.get_by_role("button", name=re.compile("通过|确定")).last.click()
    expect(page.get_by_role("status").filter(has_text="已通过").first).to_be_visible()


def file(page, paper, axe) -> None:
    """待备案 → 备案 → 备案表 with 备案 at its top left."""
    page.get_by_role("row").filter(has_text=paper.number).get_by_role(
        "link", name=re.compile("^备案")
    ).click()
    box = page.get_by_role("dialog")
    expect(box).to_contain_text("政府采购合同备案表")
    axe(page)
    box.get_by_role("button", name="备案", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="备案编号 HT").first).to_be_visible()


def words(sealed) -> str:
    """The text of the signed PDF."""
    run = ["pdftotext", sealed.file.path, "-"]
    return "".join(subprocess.run(run, capture_output=True, text=True, check=True).stdout.split())


def test_an_order_and_an_award_become_contracts_on_the_portal(
    site, browse, axe, portal, settings, tmp_path, executed, clerk, reviewer  # noqa: F811
):  # fmt: skip
    settings.MEDIA_ROOT = str(tmp_path)
    desk, review = browse(clerk, "/contracts/", DESK), browse(reviewer, "/contracts/review/", DESK)
    for book in executed.values():
        desk.goto(f"{site}/contracts/")
        enter(desk, book, axe)
        paper = Contract.objects.latest("pk")
        assert (paper.book_id, paper.amount) == (book.pk, 900)
        review.goto(f"{site}/contracts/{paper.pk}/")
        axe(review)
        approve(review, paper)
        desk.goto(f"{site}/contracts/filing/")
        file(desk, paper, axe)
        sealing.render()
        sealing.sign()
        publishing.relay()
        paper = Contract.objects.get(pk=paper.pk)
        assert (paper.state, paper.publication.state, first_break(paper)) == (Desk.DONE, "sent", None)
        text = words(paper.sealed.get())
        for wanted in (paper.filing_number, "".join(book.number.split()), "安徽示例科技有限公司", "900.00元"):
            assert wanted in text
        desk.goto(paper.publication.remote_url)
        for wanted in (paper.contract_no, book.number if not paper.project_no else "P-2026-1", "900.00 元"):
            expect(desk.locator("body")).to_contain_text(wanted)
    desk.goto(site + paper.sealed.get().check_path)
    expect(desk.get_by_role("heading", name="文件真实有效")).to_be_visible()
    phone = browse(clerk, f"/contracts/{paper.pk}/", PHONE)
    axe(phone)
    assert fits(phone)
