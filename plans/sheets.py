"""采购清单 as a spreadsheet, out of the form and into it: errors by cell, and nothing is saved here."""

import zipfile
from decimal import Decimal, InvalidOperation
from io import BytesIO

from django.core.exceptions import ValidationError
from django.forms import BooleanField, ChoiceField

from budgets.tables import FILE_LIMIT, BadTable, Row, read
from procurement.flow.export import workbook
from procurement.reference.fields import KnownCategories
from procurement.reference.money import plain
from procurement.reference.prices import CENT

from .forms.items import FOLD, IMPORT_FIELDS, LINE, PlanItemForm

NAMES = [*LINE, *FOLD, *IMPORT_FIELDS]
FIELDS = PlanItemForm.base_fields
LABELS = {name: str(FIELDS[name].label) for name in NAMES}
NEEDED = ["category", "content", "quantity", "measure"]
BOXES = [name for name in NAMES if isinstance(FIELDS[name], BooleanField)]
CHOICES = [name for name in NAMES if isinstance(FIELDS[name], ChoiceField)]
FIGURES = ["unit_price", "quantity", "total_price"]
MOST = 500  # rows of a plan
WORDS = {"是": "on", "√": "on", "1": "on", "true": "on", "否": "", "×": "", "0": "", "false": "", "": ""}


class SheetRefused(Exception):
    """Nothing was taken in; `faults` says why, cell by cell."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__(f"发现 {len(faults)} 处错误，未导入任何一行。")


# --- into the form -----------------------------------------------------------------------------------------


def rows_of(upload, paper) -> list[dict[str, str]]:
    """The items of an uploaded table as the form's fields; SheetRefused with everything that is wrong."""
    try:
        rows = opened(upload)
    except BadTable as broken:
        raise SheetRefused([str(broken)]) from None
    items = [typed(row) for row in rows]
    known = KnownCategories([item["category"] for item in items])
    pairs = zip(rows, items, strict=True)
    faults = [fault for row, item in pairs for fault in wrong(row, item, paper, known)]
    if faults:
        raise SheetRefused(faults)
    return items


def opened(upload) -> list[Row]:
    """Rows of the file; macros, other formats, too much of anything are refused unread."""
    suffix = upload.name.rsplit(".", 1)[-1].lower()
    if suffix in ("xlsm", "xlsb", "xls"):
        raise BadTable("只能导入 xlsx 或 csv 文件；含宏的或旧版工作簿请用 Excel、WPS 另存为 xlsx 后再上传。")
    if upload.size > FILE_LIMIT:
        raise BadTable(f"文件有 {upload.size / 2**20:.1f} MB，最多 {FILE_LIMIT // 2**20} MB。")
    content = upload.read()
    if suffix == "xlsx" and has_macros(content):
        raise BadTable("工作簿含有宏，不能导入，请另存为不含宏的 xlsx 后再上传。")
    rows = read(upload.name, content)
    if not rows:
        raise BadTable("文件中没有数据行，请按模板从第二行开始填写。")
    if missing := [LABELS[name] for name in NEEDED if LABELS[name] not in rows[0].letters]:
        raise BadTable(f"缺少列：{'、'.join(missing)}。请下载模板，不要改动第一行的表头。")
    if len(rows) > MOST:
        raise BadTable(f"一份计划最多 {MOST} 项，文件中有 {len(rows)} 行。")
    return rows


def has_macros(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return any("vbaproject" in name.lower() for name in archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return False  # `read` says what is wrong with it


def typed(row: Row) -> dict[str, str]:
    """One row as a clerk would have typed it; what is not understood stays as it is, to be complained of."""
    item = {name: row.values.get(label, "") for name, label in LABELS.items()}
    for name in BOXES:
        item[name] = WORDS.get(item[name].lower(), item[name])
    for name in CHOICES:
        item[name] = next((key for key, label in FIELDS[name].choices if label == item[name]), item[name])
    for name in FIGURES:
        item[name] = figure(item[name])
    if not item["entry_mode"]:
        only_total = item["total_price"] and not item["unit_price"]
        item["entry_mode"] = "by_total" if only_total else "by_unit"
    return item


def figure(text: str) -> str:
    """A computed 0.30000000000000004 is what Excel shows as 0.3: fifteen digits."""
    whole, _, fraction = text.partition(".")
    if len(fraction) > 9 and whole.isdecimal() and fraction.isdecimal() and text.isascii():
        return f"{Decimal(f'{float(text[:40]):.15g}'):f}"
    return text


def wrong(row: Row, item: dict[str, str], paper, known: KnownCategories):
    """Sentences with the address of the cell they are about."""
    for name in BOXES:
        if item[name] not in ("", "on"):
            yield f"{row.address(LABELS[name])}：{LABELS[name]}请填写“是”或“否”。"
    form = PlanItemForm(item, paper=paper, categories=known)
    for name, messages in form.errors.items():
        place = row.address(LABELS.get(name, ""))
        yield from (f"{place}：{message}" for message in messages)
    if contradicts(item, form):
        told = plain(form.cleaned_data["total_price"])
        yield f"{row.address(LABELS['total_price'])}：总价与单价×数量不符，应为 {told}，请核对。"


def contradicts(item: dict[str, str], form: PlanItemForm) -> bool:
    """A total beside price and quantity that tells another story."""
    if form.errors or item["entry_mode"] != "by_unit" or not item["total_price"]:
        return False
    try:
        told = form.fields["total_price"].to_python(item["total_price"]).quantize(CENT)
    except (ValidationError, InvalidOperation):
        return True
    return told != form.cleaned_data["total_price"]


# --- out of the form ---------------------------------------------------------------------------------------


def sheet_of(form) -> bytes:
    """The rows of a form, typed or saved, in the columns of the template; none: the empty template."""
    lines = form.line_sets["items"].forms if form else []
    rows = [line for line in lines if not blank(line)]
    return workbook("采购清单", [LABELS[name] for name in NAMES], (cells(line) for line in rows))


def blank(line) -> bool:
    typed_in = (line[name].value() for name in ("category", "content", *FIGURES))
    return bool(line["DELETE"].value()) or not any(typed_in)


def cells(line: PlanItemForm) -> list:
    return [shown(name, line[name].value()) for name in NAMES]


def shown(name: str, value):
    if name in BOXES:
        return "是" if value and value != "off" else "否"
    if name in CHOICES:
        return str(dict(FIELDS[name].choices).get(value, value or "")) if value else ""
    return as_number(value) if name in FIGURES else str(value or "")


def as_number(value):
    """A number where a spreadsheet keeps it exactly, else the text."""
    text = str(value if value is not None else "").strip()
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return text
    exact = number.is_finite() and abs(number) < 10**12 and number == number.quantize(CENT)
    if exact and number == int(number):
        return int(number)
    return number if exact else text
