"""Chapter 4: 联系电话."""

from playwright.sync_api import expect

from accounts.models import Organization, OrgKind
from procurement.overview.demo.organizations import CONTACTS, create_contacts
from tests.world import organization


def divisions() -> dict[str, Organization]:
    """Every division the manual's phone list names."""
    names = [name for _, found, _ in CONTACTS for name in found]
    known = {one.name: one for one in Organization.objects.filter(name__in=names)}
    missing = [name for name in names if name not in known]
    made = {name: organization(name, OrgKind.DIVISION, 50 + at) for at, name in enumerate(missing)}
    return known | made


def walk(scene):
    create_contacts(divisions())
    m = scene.write(
        "4", "联系电话", "政策上的问题问您单位的对口处室，系统使用上的问题问技术支持。电话都能直接点击拨打。"
    )
    clerk = scene.clerk
    page = clerk.page
    page.get_by_role("banner").get_by_role("link", name="联系电话").click()
    own = page.locator(".tel-own")
    m.step(
        "找对口处室咨询政策",
        """点右上角的电话图标，或左边菜单的“联系电话”。最上面是您单位的对口处室，下面是全部电话。

        综合处、农业农村处、企业处、金融处：68150190。

        资环处：68150413。行政处、政法处：68150622。

        社保处、经建处：68150631。教科文处：68150309。""",
        page.get_by_role("table", name="联系电话"),
    )
    for phone in ("68150190", "68150413", "68150622", "68150631", "68150309"):
        expect(page.get_by_role("main")).to_contain_text(phone)
    expect(own).to_have_count(1)
    scene.axe(page)
    m.step(
        "系统问题找技术支持",
        "系统怎么用、证书登不上，打 0551-68150640 或 15256996635，也可以加 QQ 2638063219。"
        "每一页下方和每个出错页面上都有这个号码。",
        page.get_by_role("row").filter(has_text="技术支持"),
    )
    field = page.get_by_role("searchbox", name="处室、单位或号码")
    field.fill("经建")
    m.step("按单位或处室查电话", "不知道归哪个处管，就输入单位、处室的名字或号码，点“查询”。", field)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("main")).to_contain_text("68150631")
    expect(page.get_by_role("main")).not_to_contain_text("68150413")
