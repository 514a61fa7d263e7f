"""Hands of a clerk and her reviewers on the pages of 采购计划: real pages, mouse and keys."""

import re
import subprocess

from playwright.sync_api import Locator, expect

from plans.models import Plan

from .walker import Walker

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
KEPT = "已逐项核对，属实，维持原信息"
NEED = "用于公共教学与科研，含安装调试、培训和三年上门保修服务。"
MENU = "采购计划管理"


class Planner(Walker):
    """One person who writes or judges plans."""

    def __init__(self, *things):
        super().__init__(*things)
        self.known: set[str] = set()  # lines of the menu this person has opened

    def list(self, line: str, address: str) -> None:
        """By the menu the first time, afterwards by its bookmark."""
        if line not in self.known:
            self.known.add(line)
            return self.menu(MENU, line)
        self.page.goto(self.site + address)

    # --- writing --------------------------------------------------------------------------------------

    def begin(self, label: str, *quotas: str, intent: str = "", notice: str = "") -> None:
        """采购计划申报 → 新增 → the type → the published intent or notice, or the confirmed quotas ticked."""
        page = self.page
        self.list("采购计划申报", "/plans/")
        page.locator("summary", has_text="新增").click()
        page.get_by_role("link", name=label, exact=True).click()
        if intent:
            page.get_by_role("link", name=f"由意向“{intent}”新增计划").click()
        elif notice:
            page.get_by_role("link", name=f"由公示“{notice}”新增计划").click()
        else:
            for quota in quotas:
                page.get_by_role("row").filter(has_text=quota).get_by_role("checkbox").check()
            page.get_by_role("button", name="新增").click()
        expect(page.locator("h1")).to_contain_text(f"新增{label}")

    def fill(self, **fields) -> None:
        """Head and organisation, by what a field is: list, box, text."""
        for name, value in fields.items():
            self.put(self.page.locator(f"#paper-form [name='{name}']"), value)

    def put(self, field: Locator, value) -> None:
        if field.evaluate("field => field.closest('details:not([open])') !== null"):
            field.locator("xpath=ancestor::details/summary").click()
        kind = field.evaluate("field => field.type")
        if kind == "checkbox":
            field.set_checked(value)
        elif kind == "select-one":
            field.select_option(str(value))
        else:
            field.fill(str(value))

    def row(self, rows: str, number: int, /, **fields) -> None:
        """A row of one of the sets; a missing one is added with its button."""
        if not self.page.locator(f"[name^='{rows}-{number}-']").count():
            self.page.locator(f"[data-add-row='{rows}']").click()
        self.fill(**{f"{rows}-{number}-{name}": value for name, value in fields.items()})

    def item(self, number: int, category: str, content: str, price: str, quantity: str, **fields) -> None:
        given = {"category": category, "content": content, "entry_mode": "by_unit", "unit_price": price}
        given |= {"quantity": quantity, "measure": "台", "requirement": NEED}
        self.row("items", number, **(given | fields))

    def attach(self, *codes: str) -> None:
        for code in codes:
            file = {"name": f"{code}.pdf", "mimeType": "application/pdf", "buffer": PDF}
            self.page.locator(f"[name='file:{code}']").set_input_files(file)

    def save(self) -> None:
        self.page.get_by_role("button", name="保存", exact=True).last.click()
        self.told("已保存")

    def keep(self) -> int:
        """A reason beside every orange finding of the panel; how many there were."""
        hints = self.page.locator("[name^='keep:']")
        for number in range(hints.count()):
            hints.nth(number).fill(KEPT)
        return hints.count()

    def submit(self) -> Plan:
        """保存, reasons, 提交审核; the paper as it stands then."""
        self.save()
        self.keep()
        self.page.get_by_role("button", name="提交审核").click()
        self.told("已提交")
        return self.paper()

    def paper(self) -> Plan:
        """The plan whose page is open."""
        return Plan.objects.get(pk=int(re.search(r"/plans/(\d+)/", self.page.url)[1]))

    # --- judging --------------------------------------------------------------------------------------

    def open(self, paper: Plan) -> None:
        """审核 → 待处理 → 查看."""
        self.list("采购计划审核", "/plans/review/")
        self.page.get_by_role("row").filter(has_text=paper.number).get_by_role("link", name="查看").click()

    def approve(self, paper: Plan) -> None:
        """From the detail page's own card."""
        self.open(paper)
        self.decide(self.page.locator("main"), "通过", opinion="材料齐全，同意。")
        self.told("已通过")

    def approve_in_list(self, paper: Plan) -> None:
        """审核 in the row opens the dialog (manual 3.5.4)."""
        self.list("采购计划审核", "/plans/review/")
        self.page.get_by_role("row").filter(has_text=paper.number).get_by_role("link", name="审核").click()
        self.decide(self.page.locator("dialog[open]"), "通过", opinion="同意。")
        self.told("已通过")

    def send_back(self, paper: Plan, to: str, reason: str, opinion: str) -> None:
        """From the card at the detail page's top right (manual 3.5.4)."""
        self.open(paper)
        card = self.page.get_by_role("region", name="审核意见")
        expect(card).to_be_visible()
        place, view = card.bounding_box(), self.page.viewport_size
        assert place["x"] > view["width"] / 2
        assert place["y"] < view["height"] / 3
        self.decide(card, "退回", to=to, reason=reason, opinion=opinion)
        self.told("已退回")

    def send_back_in_list(self, paper: Plan, to: str, reason: str, opinion: str) -> None:
        """审核 in the row opens the dialog; 退回 to a chosen desk (manual 3.5.4)."""
        self.list("采购计划审核", "/plans/review/")
        self.page.get_by_role("row").filter(has_text=paper.number).get_by_role("link", name="审核").click()
        dialog = self.page.locator("dialog[open]")
        self.decide(dialog, "退回", to=to, reason=reason, opinion=opinion)
        self.told("已退回")

    def decide(self, part: Locator, verdict: str, **fields) -> None:
        """通过 or 退回 with what belongs to it, then 确定."""
        part.get_by_text(verdict, exact=True).first.click()
        for name, value in fields.items():
            self.put(part.locator(f"[name={name}]"), value)
        part.get_by_role("button", name=f"确定{verdict}").click()

    # --- reading --------------------------------------------------------------------------------------

    def look_at(self, section: str) -> None:
        """That part of the form below the bars, the panel beside it from its beginning."""
        self.page.locator(f"#{section}").evaluate("part => part.scrollIntoView()")
        up = "for (let part = panel; part !== document.body; part = part.parentNode) part.scrollTop = 0"
        self.page.locator("#assistant").evaluate(f"panel => {{ {up}; }}")

    def printed(self, paper: Plan) -> str:
        """Text of 采购计划申报表 as pdftotext reads it, without its blanks."""
        self.page.goto(f"{self.site}/plans/{paper.pk}/")
        address = self.page.get_by_role("link", name="打印").get_attribute("href")
        answer = self.page.request.get(self.site + address)
        assert answer.headers["content-type"] == "application/pdf"
        read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=answer.body(), capture_output=True)
        return "".join(read.stdout.decode().split())


class Typist:
    """Somebody without a mouse: Tab until the thing has the focus, then keys."""

    MOST = 400

    def __init__(self, page):
        self.page = page

    def reach(self, thing: Locator) -> None:
        for _ in range(self.MOST):
            if thing.evaluate("thing => thing === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {thing}")

    def press(self, thing: Locator, key: str = "Enter") -> None:
        self.reach(thing)
        self.page.keyboard.press(key)

    def type(self, name: str, value) -> None:
        """Into the field of that name."""
        field = self.page.locator(f"#paper-form [name='{name}']")
        self.reach(field)
        kind = field.evaluate("field => field.type")
        if kind == "select-one":
            self.choose(field, value)
        elif kind == "date":
            self.date(field, value)
        else:
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.type(str(value))

    def choose(self, field: Locator, value: str) -> None:
        for _ in range(field.locator("option").count()):
            if field.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        assert field.input_value() == value

    def date(self, field: Locator, day) -> None:
        """The parts of a date stand in the order of the machine's language."""
        for order in ("%m%d%Y", "%Y\t%m%d"):
            self.page.keyboard.type(f"{day:{order}}")
            if field.input_value() == day.isoformat():
                return
            for _ in range(3):
                self.page.keyboard.press("ArrowLeft")
        raise AssertionError(f"{field} does not take {day}")
