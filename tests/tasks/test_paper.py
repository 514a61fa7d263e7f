"""The task book's paper, read back from the PDF: every kind, its tables, its amounts in words, its pages."""

import re
import subprocess
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.models import PlanItem, PlanPackage, PlanType
from procurement.reference.money import capitals
from procurement.sealing import rendering
from procurement.sealing.models import SealedPaper
from tasks import printing
from tasks.models import BookKind
from tests.plans.makers import HISTORY, YEAR

from . import paper_samples as samples
from .makers import approved, filed, filing

A4 = re.compile(r"Page size:\s+595\.\d+ x 841\.\d+ pts \(A4\)")


@dataclass
class Pdf:
    """What poppler finds in a PDF; text without white space, for cells wrap anywhere."""

    folder: object
    content: bytes

    def tool(self, *words: str) -> str:
        path = self.folder / "read.pdf"
        path.write_bytes(self.content)
        return subprocess.run([*words, str(path), *(["-"] if words[0] == "pdftotext" else [])],
                              capture_output=True, text=True, check=True).stdout  # fmt: skip

    @property
    def text(self) -> str:
        return "".join(self.tool("pdftotext").split())

    def page(self, number: int, *words: str) -> str:
        return "".join(self.tool("pdftotext", *words, "-f", str(number), "-l", str(number)).split())

    def frame(self, number: int) -> str:
        """Head and foot stand on lines of their own."""
        return self.page(number, "-layout")

    @property
    def pages(self) -> int:
        return int(re.search(r"Pages:\s+(\d+)", self.tool("pdfinfo"))[1])


@pytest.fixture
def draw(tmp_path):
    """`draw(paper)` renders it and gives what poppler reads."""
    return lambda paper: Pdf(tmp_path, rendering.render(paper))


@pytest.fixture
def book_of(unit, clerk, reviewer, confirmed):
    return lambda book, **fields: filed(unit, clerk, reviewer, confirmed, book, **fields)


TITLES = {
    BookKind.MALL: "安徽省省级政府采购任务书（商城类）",
    BookKind.CENTRAL: "安徽省省级政府采购任务书（集中采购类）",
    BookKind.DECENTRALIZED: "安徽省省级政府采购任务书（分散采购类）",
    BookKind.RESEARCH: "安徽省省级政府采购任务书（科研采购类）",
    BookKind.TERRITORIAL: "安徽省省级政府采购任务书（属地采购类）", BookKind.OTHER: "非政府采购任务书",
}  # fmt: skip


@pytest.mark.parametrize("kind", TITLES, ids=str)
def test_a_filed_book_has_the_paper_of_its_kind(book_of, draw, kind):
    book = book_of(kind)
    paper = book.sealed.get()
    assert (paper.title, paper.number, paper.state) == (TITLES[kind], book.number, "ordered")
    pdf = draw(paper)
    text = pdf.text
    for wanted in (
        TITLES[kind], book.number, book.approved_plan.number, paper.code, "采购单位安徽示例大学", "105001001",
        book.unit.uscc, "教科文处", "教学用台式计算机", "台式计算机", "1,000.00", "人民币壹仟元整",
        "皖财教〔2026〕118号",
        "设备费", "一般公共预算", "王审核", "李经办", "通过", "备案", "合计（大写）", "采购清单",
        "资金构成", "办理要求",
        "单位盖章处", "电子签章", "/verify/",
    ):  # fmt: skip
        assert "".join(wanted.split()) in text, wanted
    assert f"第1页共{pdf.pages}页" in pdf.frame(1)
    assert A4.search(pdf.tool("pdfinfo"))
    assert all("Noto-" in line and " yes yes yes " in line for line in pdf.tool("pdffonts").splitlines()[2:])


@pytest.mark.parametrize(
    ("kind", "there", "absent"),
    [
        (
            BookKind.MALL,
            ["徽采商城", "商城直接采购", f"有效期至{YEAR}-12-31", "商城可用余额", "已完成数量"],
            ["组织形式"],
        ),
        (
            BookKind.CENTRAL,
            ["集中采购机构采购", "公开招标", "委托代理", "示例招标代理有限公司", "三十"],
            ["商城"],
        ),
        (
            BookKind.RESEARCH,
            ["科研采购", "限额以下", "市场上没有中小企业", "第四十六条", "第四十七条"],
            ["受托机构"],
        ),
        (
            BookKind.OTHER,
            ["非政府采购任务书", "仅作记录", "不属于政府采购"],
            ["安徽省省级政府采购任务书", "第四十六条"],
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_each_kind_says_what_only_it_says(book_of, draw, kind, there, absent):
    text = draw(book_of(kind).sealed.get()).text.replace("30日", "三十日")
    assert [word for word in there if word not in text] == []
    assert [word for word in absent if word in text] == []


def test_a_history_book_carries_the_contract(book_of, draw):
    text = draw(book_of(BookKind.OTHER, kind=PlanType.HISTORY).sealed.get()).text
    for wanted in (
        "非政府采购任务书（历史合同补录）",
        "原合同编号HT-1",
        "运维合同",
        "示例科技有限公司",
        f"{HISTORY['signed_on']}",
        "不作为新的采购依据",
    ):
        assert wanted in text


def test_the_paper_keeps_what_was_filed_whatever_changes_later(book_of, draw):
    book = book_of(BookKind.RESEARCH)
    paper, before = book.sealed.get(), draw(book.sealed.get()).content
    PlanItem.objects.update(content="别的东西", total_price=Decimal("9.00"))
    type(book.unit).objects.filter(pk=book.unit_id).update(name="改名大学")
    assert draw(SealedPaper.objects.get(pk=paper.pk)).content == before


def test_packages_specifications_and_marks_are_on_the_paper(unit, clerk, reviewer, confirmed, draw):
    plan = approved(unit, clerk, reviewer, confirmed)
    PlanItem.objects.update(
        spec="内存不低于16GB", requirement="三年维保", energy_saving=True, is_core=True, is_import=True
    )
    PlanPackage.objects.create(plan=plan, name="第一包", budget=Decimal("1000.00"), ceiling=Decimal("990.00"))
    text = draw(filing(plan, clerk).sealed.get()).text
    for wanted in (
        "规格参数：内存不低于16GB",
        "需求描述：三年维保",
        "节能",
        "核心",
        "第一包",
        "990.00",
        "综合评分法",
    ):
        assert wanted in text


def test_taking_the_paper_down_costs_the_same_for_many_rows(
    unit, clerk, reviewer, confirmed, django_assert_num_queries
):
    book = filed(unit, clerk, reviewer, confirmed)
    plan = book.approved_plan
    row = PlanItem.objects.get()

    def cost() -> int:
        fresh = (
            type(book).objects.select_related("unit", "division", "executor", "approved_plan").get(pk=book.pk)
        )
        with CaptureQueriesContext(connection) as asked:
            printing.snapshot(fresh)
        return len(asked)

    few = cost()
    for _ in range(50):
        row.pk = None
        row.save(force_insert=True)
    assert plan.items.count() == 51
    assert cost() == few
    assert few <= 9


def test_two_hundred_rows_break_over_pages_with_heads_and_whole_rows(draw):
    items = [samples.item(n, content=f"设备{n:03}号") for n in range(1, 201)]
    fundings = [samples.funding(doc_no=f"皖财教〔2026〕{n:03}号") for n in range(1, 61)]
    pdf = draw(samples.paper(samples.snapshot("central", items=items, fundings=fundings)))
    total, seen, heads = pdf.pages, [], 0
    assert 12 <= total <= 22
    for number in range(1, total + 1):
        text, frame = pdf.page(number), pdf.frame(number)
        assert f"校验码ABCD-EFGH-JKMN第{number}页共{total}页" in frame
        found = re.findall(r"设备(\d{3})号", text)
        seen += found
        heads += bool(found)
        assert not found or ("采购内容" in text and "总价" in text), number
        assert len(found) == text.count("规格参数："), "a row and its specification stay together"
        assert not re.search(r"皖财教〔2026〕\d{3}号", text) or "指标文号" in text, number
        assert number == 1 or "编号JC340001202600001号" in frame
    assert seen == [f"{n:03}" for n in range(1, 201)]
    assert heads >= 10
    assert "人民币壹亿贰仟万元整" in pdf.text


WIDE = 595.28 - 17 / 25.4 * 72 + 2  # the right margin, and a hair


def test_unbroken_words_and_the_largest_amounts_stay_within_the_margins(draw):
    word, most = "W" * 200, 9_999_999_999_999_999_99
    row = samples.item(
        content=word, category="长" * 60, measure="M" * 10, quantity="99,999,999,999,999.9999",
        unit_price="99,999,999,999,999.999999", total=most,
        details=[["规格参数", "S" * 2000], ["需求描述", "不断词" * 660]],
    )  # fmt: skip
    money = samples.funding(
        doc_no="D" * 80, description=word, function="2050205 " + "功" * 60, economic="E" * 67, amount=most
    )
    taken = samples.snapshot("central", items=[row], fundings=[money], demand=word * 10, unit_name="长" * 200)
    taken["trail"][1] |= {"opinion": word * 2, "name": "X" * 60}
    taken["unit"][0][1] = "长" * 200
    pdf = draw(samples.paper(taken))
    boxes = pdf.tool("pdftotext", "-bbox")
    rights = [float(value) for value in re.findall(r'xMax="([\d.]+)"', boxes)]
    assert max(rights) <= WIDE
    text = pdf.text
    assert text.count("S") >= 2000
    assert text.count("断") >= 660
    assert "9,999,999,999,999,999.99" in text
    assert capitals(Decimal(most) / 100) in text


def test_rare_characters_of_names_are_set_and_can_be_copied(draw):
    taken = samples.snapshot("central", demand="喆堃淼鑫㙦䶮，〔2026〕１２３元")
    assert "喆堃淼鑫㙦䶮，〔2026〕１２３元" in draw(samples.paper(taken)).text


def test_characters_that_hide_or_turn_text_never_reach_the_paper(unit, clerk, reviewer, confirmed):
    plan = approved(unit, clerk, reviewer, confirmed)
    PlanItem.objects.update(content="正\u202e反\u200b隐\u2066\u2069\x07尾\ufeff", spec="一\r\n二\t三\u2028四")
    row = filing(plan, clerk).sealed.get().snapshot["items"][0]
    assert row["content"] == "正反隐尾"
    assert row["details"] == [["规格参数", "一\n二 三\u2028四"]]


def test_money_is_kept_in_fen_and_nothing_is_a_float(book_of):
    taken = book_of(BookKind.CENTRAL).sealed.get().snapshot
    assert (taken["amount"], taken["items_total"], taken["fundings_total"]) == (100000, 100000, 100000)
    assert "." not in re.sub(r'"[^"]*"', "", str(taken).replace("'", '"'))


def test_a_later_revision_says_so_on_every_page(draw):
    pdf = draw(samples.paper(samples.snapshot("mall"), revision=3))
    assert all("第3次签章" in pdf.frame(number) for number in range(1, pdf.pages + 1))
