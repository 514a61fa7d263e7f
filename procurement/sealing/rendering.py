"""From a stored paper to PDF bytes; the same row gives the same bytes, in any process, on any day."""

import hashlib
from functools import cache
from importlib.metadata import version

import segno
from django.conf import settings
from django.template.loader import render_to_string

from . import drawing, registry


def render(paper) -> bytes:
    """The unsigned PDF. Nothing is read but the row: no clock, no database, no setting."""
    return drawing.paint(html(paper))


def html(paper) -> str:
    """The text that is set; what people typed is escaped by the template."""
    template = registry.find(paper.template)
    return render_to_string(template.html, {**template.context(paper.snapshot), "seal": Seal(paper)})


class Seal:
    """What the frame of every sealed paper shows besides its content."""

    def __init__(self, paper):
        self.title, self.number, self.revision = paper.title, paper.number, paper.revision
        self.code, self.url, self.mark = paper.code, paper.verify_url, paper.mark
        self.address = paper.verify_url.partition("?")[0]
        self.at = paper.ordered_at

    @property
    def qr(self) -> str:
        """The verify address as a picture that needs no fetching."""
        return segno.make(self.url, error="m").svg_data_uri(border=0, scale=4, dark="#151515")


@cache
def renderer() -> str:
    """Which programs and sheets drew it: only under the same ones must the bytes be the same."""
    sheets = sorted((settings.BASE_DIR / "static/css").glob("paper*.css"))
    pages = sorted((settings.BASE_DIR / "templates").glob("*/paper*.html"))
    drawn = hashlib.sha256(b"".join(path.read_bytes() for path in [*sheets, *pages])).hexdigest()
    programs = " ".join(f"{name} {version(name)}" for name in ("weasyprint", "pydyf", "pylopdf-fonts-zh-cn"))
    return f"{programs} pango {pango()} sheet {drawn[:12]}"


def pango() -> str:
    """The version of the library that breaks the lines."""
    from weasyprint.text.ffi import pango as library

    number = library.pango_version()
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"
