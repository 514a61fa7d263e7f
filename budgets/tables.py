"""Reading an uploaded table into rows that know their cell addresses; bombs are refused unopened."""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime

import openpyxl
from openpyxl.utils import get_column_letter

FILE_LIMIT = 10 * 2**20
UNPACKED_LIMIT = 50 * 2**20  # security.md 7.3
RATIO_LIMIT = 100
ENTRY_LIMIT = 200
ROW_LIMIT = 5000
COLUMN_LIMIT = 60
if not openpyxl.DEFUSEDXML:
    raise ImportError("defusedxml must be installed: an uploaded workbook is hostile until read")


class BadTable(Exception):
    """The file cannot be read as a table; the text says why and what to do."""


@dataclass(frozen=True)
class Row:
    """One row: values by header, and where they stand."""

    number: int
    values: dict[str, str]
    letters: dict[str, str]

    def address(self, header: str) -> str:
        return (
            f"{self.letters.get(header, '第')}{self.number}"
            if header in self.letters
            else f"第 {self.number} 行"
        )


def read(name: str, content: bytes) -> list[Row]:
    """Rows of an xlsx or CSV file below its header row."""
    if len(content) > FILE_LIMIT:
        raise BadTable(f"文件有 {len(content) / 2**20:.1f} MB，最多 {FILE_LIMIT // 2**20} MB。")
    suffix = name.rsplit(".", 1)[-1].lower()
    if suffix == "xlsx":
        return labelled(sheet_rows(content))
    if suffix == "csv":
        return labelled(csv_rows(content))
    raise BadTable("请上传 xlsx 或 csv 文件。")


def check_archive(content: bytes) -> None:
    """Look at the list of contents before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise BadTable("文件不是有效的 xlsx 工作簿，请用 Excel 或 WPS 另存为 xlsx 后再上传。") from None
    packed = max(sum(entry.compress_size for entry in entries), 1)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRY_LIMIT or unpacked > UNPACKED_LIMIT or unpacked / packed > RATIO_LIMIT:
        raise BadTable("文件展开后过大，已拒绝打开。请只保留需要导入的数据后再上传。")


def sheet_rows(content: bytes) -> list[list[str]]:
    """The first sheet as text; dates as ISO, formulas as their stored results."""
    check_archive(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # the file's own claim about its size is not believed
        rows = [
            [text(value) for value in row]
            for row in sheet.iter_rows(max_row=ROW_LIMIT + 2, max_col=COLUMN_LIMIT, values_only=True)
        ]
        book.close()
    except Exception as broken:  # openpyxl raises whatever its XML met: KeyError, TypeError, ParseError …
        raise BadTable("工作簿已损坏，无法读取，请重新导出后再上传。") from broken
    return rows


def text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        return value.isoformat()[:10]
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value).strip()


def csv_rows(content: bytes) -> list[list[str]]:
    """UTF-8, or GB18030 as Excel in China saves it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            decoded = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadTable("文件编码无法识别，请另存为 UTF-8 编码的 csv 或 xlsx。")
    rows = []
    try:
        for row in csv.reader(io.StringIO(decoded, newline="")):
            rows.append([cell.strip() for cell in row[:COLUMN_LIMIT]])
            if len(rows) > ROW_LIMIT + 1:
                break
    except csv.Error:
        raise BadTable("csv 格式有误，请检查引号是否成对。") from None
    return rows


def labelled(rows: list[list[str]]) -> list[Row]:
    """Rows with their header names; empty rows are left out, their numbers stay those of the file."""
    if len(rows) > ROW_LIMIT + 1:
        raise BadTable(f"一次最多导入 {ROW_LIMIT} 行，请分成几个文件。")
    if not rows or not any(rows[0]):
        raise BadTable("第一行应为表头，请按模板填写。")
    header = rows[0]
    letters = {name: get_column_letter(place) for place, name in enumerate(header, 1) if name}
    return [
        Row(number, dict(zip(header, row, strict=False)), letters)
        for number, row in enumerate(rows[1:], 2)
        if any(row)
    ]
