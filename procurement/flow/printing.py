"""The one renderer of printed papers: HTML to PDF, able to reach nothing (security.md §7.1)."""

import atexit
import threading
from functools import cache
from importlib.resources import files
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

# Pango's font map is shared by all renderings of a process and no two threads may use it at once.
LOCK = threading.Lock()


class Unprintable(Exception):
    """The paper would have to fetch something."""


@cache
def toolkit():
    """Fonts, style sheet and fetcher, made once a process; WeasyPrint takes seconds to import."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    fonts = FontConfiguration()
    folder = files("pylopdf_fonts_zh_cn")
    faces = "".join(
        f"@font-face{{font-family:'{family}';src:url('{path.as_uri()}')}}"
        for family, path in font_files(folder).items()
    )
    sheets = ["paper.css", "paper-sealed.css"]
    css = "".join((settings.BASE_DIR / "static" / "css" / name).read_text() for name in sheets)
    local = URLFetcher(allowed_protocols=["file"], allow_redirects=False)
    sheet = CSS(string=faces + css, font_config=fonts, url_fetcher=local)  # our own text only
    closed = URLFetcher(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)
    return fonts, sheet, closed


atexit.register(toolkit.cache_clear)  # while the libraries its fonts are freed with are still loaded


def font_files(folder) -> dict[str, Any]:
    """Song for the text, Hei for headings: the roles of an official document."""
    found = sorted(folder.rglob("*.otf"))
    return {
        "Noto Serif SC": next(path for path in found if "Serif" in path.name),
        "Noto Sans SC": next(path for path in found if "Sans" in path.name),
    }


def render_pdf(template: str | list[str], context: dict[str, Any]) -> bytes:
    """A template as PDF bytes. User text is escaped by the template; Unprintable if it names an address."""
    return paint(render_to_string(template, context))


def paint(text: str) -> bytes:
    """Finished HTML as PDF bytes, drawn by this process."""
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    with LOCK:
        fonts, sheet, closed = toolkit()
        try:
            return HTML(string=text, url_fetcher=closed).write_pdf(stylesheets=[sheet], font_config=fonts)
        except FatalURLFetchingError as error:  # a BaseException: it would end the worker
            raise Unprintable(str(error)) from error
