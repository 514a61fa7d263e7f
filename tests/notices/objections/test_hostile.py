"""Hostile papers on the public page: refused with a sentence, or kept where they can do nothing."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from notices.models import Objection, ObjectionFile
from notices.objections import files
from tests.notices.single import makers as notices

from . import makers

pytestmark = pytest.mark.django_db
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog"


def archive(*names: str, size: int = 1) -> bytes:
    """A zip with entries of those names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name in names:
            pack.writestr(name, b"0" * size)
    return made.getvalue()


REFUSED = [
    ("证明.pdf.exe", b"MZ\x90"), ("证明.exe", PDF), ("证明", PDF), (".pdf", b""), ("证明.pdf", b""),
    ("证明.pdf", b"MZ\x90 program"), ("证明.pdf", SVG), ("证明.svg", SVG), ("证明.html", b"<script>alert(1)"),
    ("证明.pdf", b"<!doctype html><script>alert(1)</script>" + PDF), ("证明.pdf", b"\n" * 2000 + PDF),
    ("证明.pdf", EICAR), ("证明.pdf", archive("a.txt")), ("证明.zip", archive("../../etc/cron.d/x")),
    ("证明.docx", archive("word/document.xml", "word/vbaProject.bin")),
    ("证明.xlsm", archive("xl/workbook.xml")),
    ("证明.ofd", archive("OFD.xml", size=2**20)), ("证明.pdf\x00.exe", b"MZ"), ("证明.pdf", b"%PDF"),
    ("证明.pdf", PDF + bytes(files.LIMIT)), ("证明.png", b"\x89PNG\r\n\x1a\n" + bytes(64)),
    ("证明.jpg", b"\xff\xd8\xff\xe0" + bytes(64)), ("证明.PDF ", SVG), ("证明.pdf;.svg", SVG),
]  # fmt: skip
NEUTRAL = [
    ("脚本.pdf", PDF + b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj"),
    ("启动.pdf", PDF + b"/OpenAction<</S/Launch/F(cmd.exe)>>>>endobj"),
    ("加密.pdf", PDF + b">>endobj trailer<</Encrypt 5 0 R>>"),
    ("混合.pdf", PDF + b">>endobj<script>alert(1)</script>"),
    ("病毒.pdf", PDF + b">>endobj " + EICAR),
    ("../../../etc/passwd.pdf", PDF), ("C:\\windows\\a.pdf", PDF), ("\u202efdp.exe.pdf", PDF),
    ("<img src=x onerror=alert(1)>.pdf", PDF), ("\"; filename=\"a.exe.pdf", PDF), ("长" * 300 + ".pdf", PDF),
]  # fmt: skip


@pytest.fixture
def paper(calendar, unit, clerk, officer):
    return notices.published(unit, clerk, officer)


def press(paper, number: int, name: str, content: bytes):
    """Everybody from an address of his own: the limit is another test's."""
    client = Client(REMOTE_ADDR=f"198.51.100.{number}", raise_request_exception=False)
    upload = SimpleUploadedFile("x.pdf", content)
    upload._name = name  # as a hostile client names it: Django's own uploads are cleaned before
    typed = makers.typed(name=f"来访者 {number}") | {"papers": [upload]}
    return client.post(f"/notices/public/{paper.number}/", typed)


def test_what_is_no_pdf_is_refused_and_leaves_nothing(paper):
    for number, (name, content) in enumerate(REFUSED):
        answer = press(paper, number, name, content)
        assert answer.status_code == 200, name
        assert answer.context["form"].errors["papers"], name
        assert makers.REASON in answer.text
    assert not Objection.objects.exists()
    assert not ObjectionFile.objects.exists()


def test_what_is_a_pdf_is_kept_under_a_random_name_and_only_ever_downloaded(paper, as_user, officer):
    office = as_user(officer)
    for number, (name, content) in enumerate(NEUTRAL):
        answer = press(paper, number, name, content)
        assert answer.status_code == 302, (name, answer.status_code)
        kept = ObjectionFile.objects.latest("pk")
        assert kept.file.name.rsplit("/", 1)[1].isalnum()
        assert not set(kept.name) & set("/\\\r\n\x00\u202e")
        taken = office.get(f"/notices/objections/{kept.objection_id}/files/{kept.pk}/")
        assert taken["Content-Disposition"].startswith("attachment")
        assert taken["Content-Type"] == "application/pdf"
        assert taken["X-Content-Type-Options"] == "nosniff"
        assert taken["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert b"".join(taken.streaming_content) == content
        assert "<img src=x" not in office.get(f"/notices/objections/{kept.objection_id}/").text
