"""W6: task-book papers a worker draws, first and warm, beside plain WeasyPrint; peak memory of a long one."""

import os
import re
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from accounts.cakey import authority as ca
from notices.signer import Pkcs11Signer
from procurement.flow import printing
from procurement.sealing import drawing, pades, registry, rendering
from tests.tasks import paper_samples as samples

from .measure import Report, Row, check, interleave
from .programs import HOME, ROOT

SIZES = {1: 6, 20: 3, 200: 1}  # rows of the book -> papers in one repetition
HTML = HOME / "w6.html"


@dataclass
class Documents(Row):
    """Rates are small: two decimals."""

    def cells(self) -> list[str]:
        rounded = super().cells()
        middle = [f"{sorted(rates)[len(rates) // 2]:.2f}" for rates in (self.ours, self.theirs)]
        return [*rounded[:2], *middle, *rounded[4:]]


def book(rows: int):
    """An order of a book with so many rows, a third of them without specification."""
    items = [
        samples.item(n, details=[["规格参数", samples.SPEC]] if n % 3 else []) for n in range(1, rows + 1)
    ]
    return samples.paper(samples.snapshot("central", items=items))


def html(paper) -> str:
    """The very text our renderer sets."""
    template = registry.find(paper.template)
    return render_to_string(
        template.html, {**template.context(paper.snapshot), "seal": rendering.Seal(paper)}
    )


def plain(text: str) -> bytes:
    """WeasyPrint as its documentation shows it: fonts and sheets given with each document."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    css = CSS(string=sheet(), font_config=fonts)
    return HTML(string=text).write_pdf(stylesheets=[css], font_config=fonts)


def sheet() -> str:
    """Our own style sheets with the fonts' addresses."""
    from importlib.resources import files

    faces = "".join(
        f"@font-face{{font-family:'{family}';src:url('{path.as_uri()}')}}"
        for family, path in printing.font_files(files("pylopdf_fonts_zh_cn")).items()
    )
    folder = settings.BASE_DIR / "static/css"
    return faces + "".join((folder / name).read_text() for name in ("paper.css", "paper-sealed.css"))


def rate(draw, times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        draw()
    return times / (time.perf_counter() - began)


def run() -> Report:
    report = Report("W6", "Task-book papers: documents a second of one worker")
    for rows, times in SIZES.items():
        warm(report, rows, times)
    first(report)
    memory(report)
    sealed(report)
    report.notes += NOTES
    return report


NOTES = [
    "Ours: template, QR code, layout, PDF, in a fork of a program that keeps fonts and parsed sheet. Plain "
    "WeasyPrint gets the finished HTML and loads fonts and sheet with each document, as its documentation "
    "shows. Pages and text are compared before the clock runs; ours is faster by what is kept, not by "
    "another layout, so the ratio falls towards 1 as the book grows.",
]


def warm(report: Report, rows: int, times: int) -> None:
    """The same document again and again, and the same text out of both."""
    paper = book(rows)
    text = html(paper)
    ours, theirs = read(rendering.render(paper)), read(plain(text))
    check(ours == theirs, f"{rows} rows: pages and text differ")
    ways = {
        "ours": lambda: rate(lambda: rendering.render(paper), times),
        "plain": lambda: rate(lambda: plain(text), times),
    }
    rates = interleave(f"W6 {rows} rows", ways)
    label = f"warm, book of {rows} rows, {ours[0]} pages"
    report.rows.append(Documents(label, "plain WeasyPrint", rates["ours"], rates["plain"], 2))


def read(pdf: bytes) -> tuple[int, str]:
    """Pages and text, as poppler finds them."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.count(b"\f"), done.stdout.decode()


def first(report: Report) -> None:
    """From a process that has rendered nothing yet to its first paper; starting Python is not counted."""
    HTML.write_text(html(book(1)))
    ways = {name: lambda name=name: 1 / float(alone(name, "1").split()[0]) for name in ("ours", "plain")}
    rates = interleave("W6 first", ways)
    report.rows.append(
        Documents("first paper of a worker, 1 row", "plain WeasyPrint", rates["ours"], rates["plain"])
    )


def memory(report: Report) -> None:
    seconds, peak = alone("ours", "200").split()
    base = alone("ours", "1").split()[1]
    report.facts.append(
        f"Peak memory of a worker that draws a book of 200 rows: {int(peak) / 1024:.0f} MB (of 1 row: "
        f"{int(base) / 1024:.0f} MB); as its first paper it takes {float(seconds):.1f} s."
    )


def sealed(report: Report) -> None:
    """Signing what is drawn, beside drawing: pyHanko with a P-256 key on SoftHSM."""
    folder = HOME / "w6"
    shutil.rmtree(folder, ignore_errors=True)
    conf = ca.create_conf(folder / "server")
    ca.make_server_token(ca.create_authority(folder / "authority"), conf, pin="739155")
    (folder / "pin").write_text("739155")
    os.environ["SOFTHSM2_CONF"], settings.PKCS11_PIN_FILE = str(conf), str(folder / "pin")
    key, pdf = Pkcs11Signer(), rendering.render(book(1))
    pades.seal(pdf, key, reason="W6")
    speed = rate(lambda: pades.seal(pdf, key, reason="W6"), 20)
    key.close()
    report.facts.append(f"Signing a paper of 1 row on the token's queue: {speed:.1f} a second.")


def alone(way: str, rows: str) -> str:
    """`seconds kilobytes` of a process of its own."""
    words = [sys.executable, "-m", "tests.bench.w6_alone", way, rows]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def once(way: str, rows: int) -> None:
    """What `alone` runs."""
    paper, text = book(rows), HTML.read_text() if way == "plain" else ""
    began = time.perf_counter()
    plain(text) if way == "plain" else rendering.render(paper)
    taken = time.perf_counter() - began
    # of this process not getrusage: its maximum is inherited from the process that started this one
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]
    if way == "ours":
        drawing.close()  # the fork that drew, the largest of those below this one
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(taken, peak)
