"""Attachments, spreadsheets, printed papers: what comes in is checked, what goes out reaches nothing."""

import io
import threading
import zipfile
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from procurement.flow import attachments, printing
from procurement.flow.attachments import Attachment
from procurement.flow.export import workbook
from tests.papers import entry

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def archive(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr(name, "x")
    return buffer.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("论证意见.pdf", PDF),
        ("照片.JPEG", b"\xff\xd8\xff\xe0" + b"0" * 40),
        ("图.png", PNG),
        ("老表.xls", attachments.OLD_OFFICE),
        ("表.xlsx", archive("xl/workbook.xml")),
        ("文.docx", archive("word/document.xml")),
        ("版.ofd", archive("OFD.xml")),
        ("包.zip", archive("a.txt")),
    ],
)
def test_the_nine_formats_are_taken_in(db, unit, clerk, name, content):
    taken = Attachment.receive(entry(unit, clerk), upload(name, content), "fund_proof", clerk)
    assert taken.name == name
    assert taken.file.name.split("/")[-1].isalnum()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.exe", b"MZ", "不是可上传的格式"),
        ("a", PDF, "不是可上传的格式"),
        ("a.pdf.html", PDF, "不是可上传的格式"),
        ("a.svg", b"<svg/>", "不是可上传的格式"),
        ("a.xlsm", archive("xl/x"), "不是可上传的格式"),
        ("空.pdf", b"", "空文件"),
        ("假.pdf", b"<html>", "不符"),
        ("假.png", PDF, "不符"),
        ("假.jpg", b"GIF89a", "不符"),
        ("假.xlsx", archive("word/x"), "不符"),
        ("坏.zip", b"PK\x03\x04broken", "不符"),
        ("假.doc", b"{\\rtf", "不符"),
        ("坏.ofd", b"PK", "不符"),
        ("大.pdf", PDF + b"0" * attachments.FILE_LIMIT, "20 MB"),
    ],
)
def test_everything_else_is_refused_with_a_sentence(db, unit, clerk, name, content, says):
    with pytest.raises(ValidationError, match=says):
        Attachment.receive(entry(unit, clerk), upload(name, content), "fund_proof", clerk)


def test_a_paper_holds_no_more_than_its_limit(db, unit, clerk, monkeypatch):
    monkeypatch.setattr(attachments, "PAPER_LIMIT", 60)
    paper = entry(unit, clerk)
    Attachment.receive(paper, upload("一.pdf", PDF.ljust(50)), "fund_proof", clerk)
    with pytest.raises(ValidationError, match="合计不能超过"):
        Attachment.receive(paper, upload("二.pdf", PDF.ljust(50)), "fund_proof", clerk)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\temp\\表.pdf", "表.pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
    ],
)
def test_a_file_name_loses_folders_and_direction_marks(name, kept):
    assert attachments.clean_name(name) == kept


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x")',
    "http://x.example",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_in_a_spreadsheet_stays_text(text):
    sheet = openpyxl.load_workbook(
        io.BytesIO(workbook("表", ["名称", "金额"], [[text, Decimal("1.50")]]))
    ).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == (text, "s")
    assert sheet["A2"].hyperlink is None
    assert (sheet["B2"].value, sheet["B2"].number_format) == (1.5, "#,##0.00")


@pytest.fixture
def listener():
    """A server on loopback that remembers who called."""
    calls = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            calls.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", calls
    server.shutdown()
    server.server_close()


REACHES = [
    '<img src="{url}/a">',
    '<link rel="attachment" href="{url}/b">',
    '<link rel="attachment" href="file:///etc/passwd">',
    "<style>@import url({url}/c);</style>",
    "<style>body{{background:url({url}/d)}}</style>",
    '<img src="file:///etc/passwd">',
    '<object data="{url}/e"></object>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}/f"/></svg>',
    '<embed src="{url}/g">',
    '<link rel="stylesheet" href="{url}/h">',
    '<a rel="attachment" href="{url}/i">x</a>',
    "<style>@font-face{{font-family:x;src:url({url}/j)}}*{{font-family:x}}</style>",
]


@pytest.mark.parametrize("payload", REACHES)
def test_a_printed_paper_reaches_nothing_even_from_markup(listener, payload, tmp_path, settings):
    url, calls = listener
    (tmp_path / "hostile.html").write_text(f"<html><body>{payload.format(url=url)}</body></html>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    try:
        pdf = printing.render_pdf("hostile.html", {})
    except printing.Unprintable:
        pdf = b""
    assert calls == []
    assert b"/EmbeddedFile" not in pdf
    assert b"root:" not in pdf


def test_typed_text_is_text_in_a_printed_paper(listener, tmp_path, settings):
    url, calls = listener
    (tmp_path / "paper.html").write_text("<html><body><p>{{ text }}</p></body></html>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    pdf = printing.render_pdf("paper.html", {"text": "".join(REACHES).format(url=url)})
    assert pdf.startswith(b"%PDF-")
    assert calls == []
