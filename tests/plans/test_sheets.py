"""采购清单 as a spreadsheet: the template comes back as rows, every fault has a cell, nothing is saved."""

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.models import Plan
from plans.sheets import LABELS, SheetRefused, as_number, figure, rows_of
from procurement.flow.export import workbook
from tests.budgets.test_imports import bomb, crowd
from tests.intents.test_form import NASTY

from . import makers

pytestmark = pytest.mark.django_db
ADDRESS = "/plans/items/?kind=project"
GOOD = {
    "category": "A02010105", "content": "教学用台式计算机", "entry_mode": "单价×数量",
    "unit_price": "5,000.00", "quantity": "120", "measure": "台", "total_price": "", "is_import": "否",
}  # fmt: skip


def sheet(*rows: dict, names=LABELS) -> bytes:
    return workbook(
        "采购清单", [LABELS[name] for name in names], ([row.get(name, "") for name in names] for row in rows)
    )


def sent(client, content: bytes, name: str = "清单.xlsx", address: str = ADDRESS) -> dict:
    answer = client.post(address, {"sheet": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    return answer.json()


def cells(content: bytes) -> list[list]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


# --- in -----------------------------------------------------------------------------------------------


def test_rows_come_back_as_the_form_writes_them_and_nothing_is_saved(as_user, clerk, confirmed):
    rows = [GOOD, GOOD | {"entry_mode": "", "unit_price": "", "total_price": "10,000", "quantity": "３"}]
    found = sent(as_user(clerk), sheet(*rows))["rows"]
    assert [row["entry_mode"] for row in found] == ["by_unit", "by_total"]
    assert (found[0]["category"], found[0]["is_import"]) == ("A02010105", "")
    assert not Plan.objects.exists()


def test_every_fault_is_told_with_its_cell(as_user, clerk, confirmed):
    rows = [
        GOOD,
        GOOD | {"quantity": "0"},
        GOOD | {"category": "飞碟", "unit_price": "abc", "content": ""},
        GOOD | {"entry_mode": "随便", "is_import": "也许"},
        GOOD | {"total_price": "1"},
        GOOD | {"is_import": "是"},
    ]
    faults = sent(as_user(clerk), sheet(*rows))["faults"]
    told = "\n".join(faults)
    for sentence in (
        "E3：数量须大于 0。", "A4：目录中没有品目“飞碟”", "B4：请填写采购内容。", "D4：单价（元）的格式不对",
        "C5：请从列表中选择填报方式。", "H5：是否进口请填写“是”或“否”。",
        "G6：总价与单价×数量不符，应为 600,000.00，请核对。", "P7：进口产品请填写原产国别。",
    ):  # fmt: skip
        assert sentence in told
    assert len(faults) >= 12


def test_two_hundred_rows_cost_as_many_queries_as_two(as_user, clerk, confirmed):
    client = as_user(clerk)

    def cost(number: int) -> int:
        content = sheet(*(GOOD | {"content": f"设备 {n}"} for n in range(number)))
        with CaptureQueriesContext(connection) as seen:
            assert len(sent(client, content)["rows"]) == number
        return len(seen)

    cost(1)
    assert cost(200) == cost(2)


def test_the_mall_takes_only_what_it_sells(as_user, clerk, confirmed):
    from tests.papers import category

    category("A02100301", "显微镜")
    faults = sent(as_user(clerk), sheet(GOOD | {"category": "A02100301"}), address="/plans/items/?kind=mall")
    assert faults["faults"] == ["A2：“显微镜”不在商城品目范围内，请改用项目采购计划。"]


def with_macros() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet(GOOD))) as good, zipfile.ZipFile(out, "w") as archive:
        for entry in good.namelist():
            archive.writestr(entry, good.read(entry))
        archive.writestr("xl/vbaProject.bin", b"x")
    return out.getvalue()


HOSTILE = {
    "macros": ("a.xlsx", with_macros, "工作簿含有宏"),
    "a macro format": ("a.xlsm", lambda: sheet(GOOD), "另存为 xlsx"),
    "an old format": ("a.xls", lambda: b"x", "另存为 xlsx"),
    "another format": ("a.pdf", lambda: b"%PDF-1.7", "请上传 xlsx 或 csv"),
    "bomb": ("a.xlsx", bomb, "展开后过大"),
    "crowd": ("a.xlsx", crowd, "展开后过大"),
    "not a workbook": ("a.xlsx", lambda: b"PK\x03\x04junk", "不是有效的 xlsx"),
    "too large": ("a.csv", lambda: b"x" * (10 * 2**20 + 1), "最多 10 MB"),
    "too many rows": ("a.xlsx", lambda: sheet(*[GOOD] * 501), "最多 500 项"),
    "no rows": ("a.xlsx", sheet, "没有数据行"),
    "missing columns": (
        "a.xlsx",
        lambda: sheet(GOOD, names=["category", "content"]),
        "缺少列：数量、计量单位",
    ),
    "odd bytes": ("a.csv", lambda: b"\xff\xff\xff", "编码无法识别"),
}


@pytest.mark.parametrize(("name", "content", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_or_broken_file_is_refused_with_a_sentence(
    as_user, clerk, confirmed, name, content, sentence
):
    found = sent(as_user(clerk), content() or b" ", name)
    assert "rows" not in found
    assert len(found["faults"]) == 1
    assert sentence in found["faults"][0]


def test_no_file_is_told(as_user, clerk, confirmed):
    assert as_user(clerk).post(ADDRESS).json() == {"faults": ["请先选择要导入的 Excel 文件。"]}


def test_whatever_stands_in_a_cell_is_taken_or_told(as_user, unit, clerk, confirmed):
    """Every nasty value in every column of a file."""
    asked = 0
    paper = Plan.begin(unit, clerk, year=makers.YEAR, plan_type="project")
    values = [value[:5000] for value in NASTY]
    for name in LABELS:
        rows = [*(GOOD | {name: value} for value in values), GOOD | {"quantity": "错"}]
        content = "\n".join([",".join(LABELS.values()), *(csv_line(row) for row in rows)]).encode(
            "utf-8", "ignore"
        )
        with pytest.raises(SheetRefused, match="处错误"):
            rows_of(SimpleUploadedFile("清单.csv", content), paper)
        asked += len(rows) - 1
    assert asked >= 300


def csv_line(row: dict) -> str:
    return ",".join('"' + row.get(name, "").replace('"', '""') + '"' for name in LABELS)


def test_without_a_script_the_rows_join_what_was_typed(as_user, clerk, confirmed):
    data = makers.posted([makers.item(content="已填的一行")], [makers.fund(confirmed)], action="sheet")
    page = "/plans/new/?kind=project&blank=1"
    file = {"sheet": SimpleUploadedFile("清单.xlsx", sheet(GOOD | {"content": "导入的一行"}))}
    text = as_user(clerk).post(page, data | file).text
    assert 'value="已填的一行"' in text
    assert 'value="导入的一行"' in text
    assert 'name="items-TOTAL_FORMS" value="2"' in text
    file = {"sheet": SimpleUploadedFile("清单.xlsx", sheet(GOOD | {"quantity": "0"}))}
    text = as_user(clerk).post(page, data | file).text
    assert "E2：数量须大于 0。" in text
    assert 'value="已填的一行"' in text
    assert "请先选择要导入的 Excel 文件" in as_user(clerk).post(page, data).text
    assert not Plan.objects.exists()


def test_a_saved_plan_too_takes_rows_without_a_script(as_user, unit, clerk, confirmed):
    paper = makers.plan(unit, clerk, confirmed)
    row = makers.item() | {"id": paper.items.get().pk}
    given = {"initial": {"items": 1}, "version": paper.version, "action": "sheet"}
    data = makers.posted([row], **given) | {
        "sheet": SimpleUploadedFile("a.xlsx", sheet(GOOD | {"content": "第二行"}))
    }
    text = as_user(clerk).post(f"/plans/{paper.pk}/edit/", data).text
    assert 'value="第二行"' in text
    assert paper.items.count() == 1


# --- out ----------------------------------------------------------------------------------------------


def test_the_template_is_the_heads_alone(as_user, clerk, confirmed):
    answer = as_user(clerk).get("/plans/items.xlsx?empty=1&kind=project")
    assert cells(answer.content) == [list(LABELS.values())]


def test_what_is_typed_goes_out_and_comes_back_the_same(as_user, clerk, confirmed):
    items = [
        makers.item(content="=1+1", unit_price="0.125", quantity="100.5", requirement="一\n二", is_core="on"),
        makers.item(entry_mode="by_total", unit_price="", total_price="10,000.00", quantity="3"),
        makers.item(content="删掉的", DELETE="on"),
        {"category": "", "content": "", "entry_mode": "by_unit"},
    ]
    client = as_user(clerk)
    content = client.post("/plans/items.xlsx?kind=project", makers.posted(items)).content
    rows = cells(content)
    assert [row[1] for row in rows[1:]] == ["=1+1", "教学用台式计算机"]
    assert rows[1][LABELS_AT["is_core"]] == "是"
    found = sent(client, content)["rows"]
    assert [row["unit_price"] for row in found] == ["0.125", ""]
    assert [row["quantity"] for row in found] == ["100.5", "3"]
    assert found[0]["requirement"] == "一\n二"


LABELS_AT = {name: place for place, name in enumerate(LABELS)}


def test_a_saved_plan_goes_out(as_user, unit, clerk, reviewer, stranger, confirmed):
    paper = makers.plan(
        unit, clerk, confirmed, item={"quantity": Decimal("2.5"), "unit_price": Decimal("240000")}
    )
    address = f"/plans/items.xlsx?plan={paper.pk}"
    row = cells(as_user(clerk).get(address).content)[1]
    assert row[:4] == ["A02010105 台式计算机", "教学用台式计算机", "单价×数量", 240000]
    assert row[4:7] == [2.5, "批", 600000]
    assert as_user(stranger).get(address).status_code == 404
    assert as_user(reviewer).get(address).status_code == 403
    assert as_user(reviewer).post(ADDRESS).status_code == 403
    assert as_user(stranger).post(f"/plans/items/?plan={paper.pk}").status_code == 404


@pytest.mark.parametrize("value", NASTY)
def test_whatever_is_typed_can_go_out(as_user, clerk, confirmed, value):
    items = [makers.item() | dict.fromkeys(LABELS, value)]
    answer = as_user(clerk).post("/plans/items.xlsx?kind=project", makers.posted(items))
    assert answer.status_code == 200
    assert zipfile.is_zipfile(io.BytesIO(answer.content))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5,000.00", 5000),
        ("0.125", "0.125"),
        ("12.5", Decimal("12.5")),
        ("1e999", "1e999"),
        ("NaN", "NaN"),
        ("", ""),
    ],
)
def test_a_number_is_a_number_where_nothing_is_lost(text, number):
    assert as_number(text) == number


def test_what_excel_computed_is_read_with_fifteen_digits():
    assert figure("0.30000000000000004") == "0.3"
    assert figure("12345678.123456") == "12345678.123456"
