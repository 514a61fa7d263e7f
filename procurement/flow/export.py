"""The one writer of spreadsheets: text stays text, never a formula (security.md §7.2)."""

import datetime
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """An .xlsx of one sheet: a head row, then `rows`; Decimals become numbers with two places."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True, **SAFE}) as book:
        sheet = book.add_worksheet(title[:31])
        head = book.add_format({"bold": True, "bg_color": "#EEF4FD", "border": 1})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet.freeze_panes(1, 0)
        for column, label in enumerate(columns):
            sheet.set_column(column, column, max(12, len(label) * 2.4))
            sheet.write_string(0, column, label, head)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                write(sheet, number, column, value, money)
    return buffer.getvalue()


def write(sheet, row: int, column: int, value: Any, money) -> None:
    if isinstance(value, Decimal):
        sheet.write_number(row, column, float(value), money)  # a spreadsheet knows no Decimal
    elif isinstance(value, int) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, shown(value))


def shown(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return str(value)


def download(name: str, content: bytes) -> HttpResponse:
    """The workbook as a download with a Chinese file name."""
    response = HttpResponse(content, content_type=MIME)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
