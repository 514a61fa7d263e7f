"""The same snapshot gives the same bytes: in another process, at another time, under another seed."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from procurement.sealing.models import SealedPaper
from tests.sandbox.running import ROOT
from tests.tasks.paper_samples import KINDS

from .conftest import made, order


def drawn(kinds, **environment) -> list[str]:
    """Each kind drawn by a process of its own."""
    known = {"DJANGO_SETTINGS_MODULE": "procurement.settings", "PROCUREMENT_MODE": "test"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.sealing.drawn", *kinds],
        cwd=ROOT, env=os.environ | known | environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.split()


def test_two_processes_draw_the_same_bytes():
    other = {
        "PYTHONHASHSEED": "4711",
        "TZ": "America/Lima",
        "SOURCE_DATE_EPOCH": "1",
        "LANG": "C",
        "LC_ALL": "C",
    }
    first = drawn(KINDS, PYTHONHASHSEED="1", SECRET_KEY="x" * 60)
    again = drawn(KINDS[::-1], CAKEY_ORIGINS="https://elsewhere.example", **other)
    assert len(set(first)) == len(KINDS)
    assert first == again[::-1]


def test_rerender_finds_everything_as_it_was_sealed(sealing, document):
    made(order(document))
    said = StringIO()
    call_command("rerender", check=True, stdout=said)
    assert "共 1 份，不一致 0 份，由其他版本排版、只核对快照和文件 0 份" in said.getvalue()


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        ("snapshot", "快照已被改动"),
        ("file", "文件缺失或已被改动"),
        ("lost", "文件缺失或已被改动"),
        ("pdf", "重新排版的结果"),
    ],
)
def test_rerender_names_what_was_changed(sealing, document, harm, sentence):
    paper = made(order(document))
    path, rows = Path(paper.file.path), SealedPaper.objects.filter(pk=paper.pk)
    if harm == "snapshot":
        rows.update(snapshot={"text": "改过"})
    elif harm == "file":
        path.write_bytes(path.read_bytes().replace(b"/Keywords", b"/KeyWords"))
    elif harm == "lost":
        path.unlink()
    else:
        rows.update(title="改过的标题")
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("rerender", paper.number, check=True, stdout=said)
    assert sentence in said.getvalue()
    assert paper.number in said.getvalue()


def test_what_another_version_drew_is_counted_and_not_compared(sealing, document):
    made(order(document))
    SealedPaper.objects.update(renderer="weasyprint 12", pdf_sha256="0" * 64)
    said = StringIO()
    call_command("rerender", check=True, stdout=said)
    assert "只核对快照和文件 1 份" in said.getvalue()
