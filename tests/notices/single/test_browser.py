"""The whole way in a browser: entry, office, portal, a stranger's objection, the answer published."""

from playwright.sync_api import expect

from notices import jobs
from notices.models import ObjectionAnswer, SingleSourceNotice
from notices.single.jobs import settle_all
from tests.browser import fits
from tests.look.conftest import PHONE
from tests.notices.objections.makers import REASON, RELEASED, over

from . import makers

DESK = {"width": 1366, "height": 900}
PDF = {"name": "授权书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 trial"}
ANSWER = "经补充论证，授权书不含超导磁体维护，异议不成立。"


def check(page, axe, name: str) -> None:
    """At the desk and on a phone: WCAG, and nothing wider than the screen."""
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        axe(page)
        assert fits(page), (name, size)
    page.set_viewport_size(DESK)


def enter(page, axe, confirmed) -> None:
    """The clerk picks the quota, fills in the form and submits."""
    page.get_by_role("link", name="新增").click()
    expect(page.get_by_label(confirmed.quota.project_name)).to_be_visible()
    check(page, axe, "pick")
    page.get_by_label(confirmed.quota.project_name).check()
    page.get_by_role("button", name="新增").click()
    data = makers.posted(confirmed, project_name=makers.PROJECT)
    for name in ("project_name", "content", "goods_description", "reason", "supplier_name", "supplier_uscc",
                 "supplier_address", "address", "finance_phone", "finance_address"):  # fmt: skip
        page.locator(f"[name={name}]").fill(data[name])
    page.locator("[name=reason_code]").select_option("patent")
    for number, (name, employer, title) in enumerate(makers.EXPERTS):
        if number:
            page.get_by_role("button", name="新增一人").click()
        row = {"name": name, "employer": employer, "title": title, "opinion": makers.OPINION}
        for field, text in row.items():
            page.locator(f"[name=experts-{number}-{field}]").fill(text)
        page.locator(f"[name=experts-{number}-signed]").set_input_files(PDF)
    check(page, axe, "form")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("status").first).to_contain_text("已提交")


def object_to(page, axe) -> str:
    """A stranger on a phone or at a desk; the receipt's address."""
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_text("请填写异议人。").first).to_be_visible()
    check(page, axe, "public-errors")
    page.get_by_label("异议人").fill("示例仪器有限公司")
    page.get_by_label("联系方式").fill("13800000000")
    page.get_by_label("异议内容和理由").fill(REASON)
    page.get_by_label("证明材料").set_input_files(PDF)
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_role("heading", name="异议已收到")).to_be_visible()
    check(page, axe, "receipt")
    return page.url


def approve(page) -> None:
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("status").first).to_contain_text("已通过")


def publish(desk, office, axe, site, portal) -> SingleSourceNotice:
    """The office passes it, the relay sends it, the scheduler sees it standing."""
    office.get_by_role("link", name=makers.PROJECT).first.click()
    approve(office)
    assert jobs.relay() == 1
    paper = SingleSourceNotice.objects.get()
    shown = portal.get(paper.publication.remote_url.removeprefix(portal.url)).text
    assert f"{site}/notices/public/{paper.number}/" in shown
    assert settle_all() == 1
    desk.goto(f"{site}/notices/single/?tab=done")
    expect(desk.locator("table")).to_contain_text("还剩 5 个工作日")
    check(desk, axe, "list")
    for page in ("", "preview/"):
        desk.goto(f"{site}/notices/single/{paper.pk}/{page}")
        check(desk, axe, f"detail{page[:-1]}")
    return paper


def take_up(office, axe, site) -> None:
    """The office releases what the public may read."""
    office.goto(f"{site}/notices/objections/")
    check(office, axe, "objections")
    office.get_by_role("link", name="查看异议").click()
    expect(office.get_by_label("受理", exact=True)).to_be_visible()
    check(office, axe, "objection")
    office.get_by_label("受理", exact=True).check()
    office.get_by_label("公开的异议内容").fill(RELEASED)
    office.get_by_role("button", name="确定").click()
    expect(office.get_by_role("status").first).to_contain_text("已受理")


def argue(desk, axe, site, paper) -> None:
    """The unit's supplementary argument, after the term."""
    desk.goto(f"{site}/notices/single/{paper.pk}/")
    check(desk, axe, "detail-objected")
    desk.get_by_role("link", name="补充论证", exact=True).click()
    desk.get_by_label("补充论证情况").fill("已组织三名外单位专家补充论证，逐条核实授权书。")
    desk.get_by_label("异议不成立").check()
    desk.get_by_label("对异议的答复").fill(ANSWER)
    check(desk, axe, "answer-form")
    desk.get_by_role("button", name="提交审核").click()
    expect(desk.get_by_role("status").first).to_contain_text("已提交")


def test_from_the_entry_to_the_published_answer(
    site, browse, calendar, portal, axe, settings, clerk, officer, confirmed
):
    settings.PUBLIC_BASE_URL = site
    desk = browse(clerk, "/notices/single/", DESK)
    enter(desk, axe, confirmed)
    check(desk, axe, "detail-submitted")
    office = browse(officer, "/notices/single/review/", DESK)
    check(office, axe, "review")
    paper = publish(desk, office, axe, site, portal)

    public = browse(None, f"/notices/public/{paper.number}/", DESK)
    check(public, axe, "public")
    receipt = object_to(public, axe)
    take_up(office, axe, site)
    public.goto(f"{site}/notices/public/{paper.number}/")
    expect(public.get_by_text(RELEASED)).to_be_visible()
    assert REASON not in public.content()

    over(paper)
    argue(desk, axe, site, paper)
    office.goto(f"{site}/notices/answers/{ObjectionAnswer.objects.get().pk}/")
    check(office, axe, "answer")
    approve(office)
    assert jobs.relay() == 1
    shown = portal.get(ObjectionAnswer.objects.get().publication.remote_url.removeprefix(portal.url)).text
    assert (ANSWER in shown, "示例仪器有限公司" in shown) == (True, False)
    assert set(portal.stats()["receipts"].values()) == {1}
    for number, address in enumerate((receipt, f"{site}/notices/public/{paper.number}/")):
        public.goto(address)
        expect(public.get_by_text(ANSWER)).to_be_visible()
        check(public, axe, f"answered-{number}")
    assert SingleSourceNotice.objects.linkable(paper.unit).get() == paper
