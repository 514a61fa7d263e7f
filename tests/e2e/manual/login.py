"""Chapter 2: the driver, and the login with a key."""

from playwright.sync_api import expect

from procurement.flow.proofs import faults
from tests.cakey.conftest import PIN, fingerprint
from tests.papers import entry


def walk(scene):
    scene.need("agent")
    m = scene.write(
        "2",
        "系统登录",
        "本系统只用 CA-KEY 登录，没有用户名和密码。第一次使用先装驱动，以后插上 KEY 就能登录。",
    )
    hands = scene.stranger()
    page = hands.page
    driver(m, page, scene)
    enter(m, page, scene)
    sign(m, page, scene)


def driver(m, page, scene):
    m.section("2.1", "CA 驱动程序安装", "每台电脑只需安装一次。", logged_in=False)
    page.goto(f"{scene.site}/accounts/help/driver/")
    m.step(
        "安装驱动",
        """插入 CA-KEY，打开电脑桌面的“此电脑”，双击“CA 驱动器”，运行其中名为 HaiKeycsp 的安装程序，
        一路按提示完成。
        这一页在登录前也能打开：登录页下方点“驱动安装”。""",
        page.locator(".howto li").nth(0),
    )
    m.step(
        "看桌面右下角的图标",
        "安装完成后，桌面右下角会出现 CA 图标。没有出现时，从“开始”菜单打开“CA 助手”。",
        page.locator(".howto li").nth(1),
    )
    start = page.get_by_role("button", name="开始检测")
    m.step(
        "用“逐项检测”查哪里不对",
        "装好了还登不上，点“开始检测”，系统按顺序检查驱动、KEY、证书和时钟，每一项都说正不正常、怎么办。",
        start,
    )
    start.click()
    expect(page.locator("[data-summary]")).to_have_text("六项都正常，可以登录")
    states = page.locator("#states")
    m.step(
        "登录不成功时对照代码",
        "登录页遇到问题会显示一个代码。在本页下半部分找到同一个代码，照着办法处理；颜色表示能否自己解决。",
        states,
    )
    scene.axe(page)


def enter(m, page, scene):
    m.section("2.2", "用户登录")
    page.goto(f"{scene.site}/accounts/login/")
    m.step(
        "打开登录页",
        """打开安徽省政府采购网（www.ccgp-anhui.gov.cn），点“省监管服务平台”，就到了这里。
        右上角的标签显示“CA 助手运行正常”，说明驱动已经就绪。""",
        page.locator("[data-agent]"),
    )
    expect(page.locator("[data-agent]")).to_have_text("CA 助手运行正常")
    certificate = scene.need("key_holders").certificates["clerk"]
    choice = page.locator(f"#certificate-{fingerprint(certificate)[:12]}")
    choice.check(force=True)
    page.locator("#pin").fill(PIN)
    go = page.get_by_role("button", name="登录", exact=True)
    m.step(
        "插入 CA-KEY，选证书，登录",
        """①插上 KEY，系统自动识别；②选择写着您姓名和单位的证书；③输入 PIN，点“登录”。
        PIN 只在 KEY 里核对。连续输错会锁定，页面会告诉您还剩几次。""",
        page.locator("[data-key]"),
        page.locator(".cert").filter(has_text="李经办"),
        page.locator("[data-pin-page]"),
        go,
        look=page.locator("[data-certificates]"),
    )
    scene.axe(page)
    go.click()
    me = page.locator(".gp-me summary")
    m.step(
        "核对自己的单位和岗位",
        "登录后到达工作台。右上角是您的姓名、单位和岗位；有几个岗位的，点开可以切换，也从这里退出登录。",
        me,
    )
    expect(me).to_contain_text("李经办")
    expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()


def sign(m, page, scene):
    m.section(
        "2.3",
        "办理时签名",
        "提交、审核、退回、撤回、发布、备案、作废，每办一件都用登录的 CA-KEY 签名，日后随时可以核验。",
    )
    scene.need("settings").DECISION_SIGNATURES = True
    paper = entry(scene.unit, scene.people.clerk, title="智慧教室设备更新")
    page.goto(f"{scene.site}/budgets/entries/{paper.pk}/moves/?verb=submit")
    page.get_by_role("button", name="确定提交").click()
    m.step(
        "核对将要签名的内容",
        """点了“提交”“确定”“备案”这些按钮，先到“签名确认”。这里写着要办的事、单据、金额和意见，核对无误再签。
        要改就点“返回修改”，填过的都在。""",
        page.get_by_role("region", name="将要签名的内容"),
    )
    pin, go = page.locator("#pin"), page.get_by_role("button", name="签名并确定")
    expect(go).to_be_enabled()
    pin.fill(PIN)
    m.step(
        "输入 PIN，签名并确定",
        """要用登录时的那个 KEY。输入 PIN，点“签名并确定”，签名和办理同时生效。
        PIN 在 CA 助手窗口里输入的，先看窗口上的摘要末 8 位和这里是不是一样。
        批量通过只输一次 PIN，每件各签各的。""",
        page.locator("[data-pin-page]"),
        go,
    )
    scene.axe(page)
    go.click()
    expect(page.get_by_text("已提交，下一步由")).to_be_visible()
    m.step(
        "在流程轨迹里看签名",
        "单据的流程轨迹里，每一步都写着“已签名”和签名的人；打印出来也有。",
        page.get_by_text("已签名").first,
    )
    fresh = type(paper).objects.get(pk=paper.pk)
    assert "\n".join(map(str, faults(fresh, fresh.moves.get().pk))) == ""
