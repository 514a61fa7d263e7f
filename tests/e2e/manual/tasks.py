"""Chapter 3.6: a book of each of the six kinds, filed from its own menu and downloaded sealed."""

import re

from playwright.sync_api import expect

from accounts.models import OrgKind
from procurement.flow.log import first_break
from procurement.sealing import jobs
from tasks.models import BookKind, TaskBook
from tests.intents.makers import confirmation
from tests.tasks import makers
from tests.world import organization

REST = [  # number, menu, kind, plan, what it is for
    ("3.6.2", "集采任务书备案", BookKind.CENTRAL, "教学云服务器", "集中采购机构采购的计划，在这里备案"),
    (
        "3.6.3",
        "分散采购任务书备案",
        BookKind.DECENTRALIZED,
        "主校区物业管理",
        "委托代理机构分散采购的计划，在这里备案",
    ),
    ("3.6.4", "科研采购任务书备案", BookKind.RESEARCH, "扫描电子显微镜", "科研采购的计划，在这里备案"),
    ("3.6.5", "属地任务书备案", BookKind.TERRITORIAL, "皖南校区图书", "在单位所在地采购的计划，在这里备案"),
    ("3.6.6", "其他任务书（非政府采购）", BookKind.OTHER, "招生宣传册", "非政府采购的计划，在这里备案"),
]


def walk(scene):
    scene.need("portal")
    organization("徽采商城(模拟)", OrgKind.MALL, 31)
    clerk, reviewer = scene.people.clerk, scene.people.reviewer
    confirmed = confirmation(scene.unit, clerk)
    people = (scene.unit, clerk, reviewer, confirmed)
    makers.approved(*people, BookKind.MALL, title="教学用台式计算机", mall_platform="huicai")
    for _, _, kind, title, _ in REST:
        makers.approved(*people, kind, title=title)
    m = scene.write(
        "3.6",
        "采购任务管理",
        "计划审核通过后，由单位自己生成任务书并备案。备案后，任务书发给商城、集采中心或代理机构去执行。",
    )
    mall(m, scene)
    for one in REST:
        same(m, scene, *one)
    assert TaskBook.objects.count() == 1 + len(REST)
    assert all(first_break(book) is None for book in TaskBook.objects.all())


def mall(m, scene):
    m.section("3.6.1", "商城任务书备案")
    clerk = scene.clerk
    page = clerk.page
    clerk.menu("采购任务管理", "商城任务书备案")
    tab = page.get_by_role("link", name=re.compile("^待备案"))
    row = page.get_by_role("row").filter(has_text="教学用台式计算机")
    m.step(
        "在“待备案”里找到计划",
        "打开“采购任务管理 → 商城任务书备案”。“待备案”里是审核通过、等着生成任务书的采购计划。"
        "可以在这里直接点“备案”；想先看内容，点“查看”。",
        tab,
        row.get_by_role("link", name="备案"),
        row.get_by_role("link", name="查看"),
    )
    row.get_by_role("link", name="查看").click()
    file = page.get_by_role("link", name="备案", exact=True)
    m.step("看过详情，点右上角的“备案”", "核对计划的基本信息，没有问题就点右上角的“备案”。", file)
    file.click()
    sure = page.get_by_role("button", name="确定备案")
    m.step(
        "看备案前检查，确定备案",
        "系统先替您检查一遍。都符合就点“确定备案”；不能备案时，这里写着原因。",
        page.get_by_role("dialog").locator(".body"),
        sure,
    )

    sure.click()
    clerk.told("已备案")
    assert (jobs.render(), jobs.sign()) == (1, 1)  # the workers, while the page waits
    download = page.get_by_role("main").get_by_role("link", name="下载", exact=True)
    m.step(
        "下载盖章的任务书",
        "几秒钟后，带编号和电子签章的任务书就生成了，点“下载”保存或打印。任务书同时发给执行机构，"
        "进展会显示在这一页。",
        download,
    )
    with page.expect_download() as taken:
        download.click()
    assert re.fullmatch(r"SC340001\S*\.pdf", taken.value.suggested_filename)


def same(m, scene, number, menu, kind, title, about):
    """The other kinds go the same way; their menu and the filed book are shown."""
    m.section(number, menu, f"{about}。做法和商城任务书一样，见 3.6.1。")
    clerk = scene.clerk
    page = clerk.page
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name=menu).click()
    expect(page.locator("h1")).to_contain_text(menu)
    button = page.get_by_role("row").filter(has_text=title).get_by_role("link", name="备案")
    m.step(
        f"打开“{menu}”，点“备案”",
        f"打开“采购任务管理 → {menu}”，在“待备案”里找到计划，点“备案”，再点“确定备案”。",
        page.get_by_role("navigation", name="主菜单").get_by_role("link", name=menu),
        button,
    )
    button.click()
    page.get_by_role("button", name="确定备案").click()
    clerk.told("已备案")
    assert TaskBook.objects.get(approved_plan__title=title).kind_of_book == kind
