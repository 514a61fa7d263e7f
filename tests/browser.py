"""A real browser for tests: `from tests.browser import *` in a conftest; pages' complaints fail the test."""

import os
import re
import shutil
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pylopdf_fonts_zh_cn
import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.core import signals

from . import patience
from .waiting import until

__all__ = [
    "axe", "base_url", "browser_context_args", "browser_type_launch_args", "complaints", "fits",
    "new_context", "until",
]  # fmt: skip

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <alias binding="strong"><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <alias binding="strong"><family>serif</family><prefer><family>Noto Serif SC</family></prefer></alias>
</fontconfig>
"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE = "document.documentElement.scrollWidth <= innerWidth"
AXE_OPTIONS = {
    "runOnly": WCAG,
    "resultTypes": ["violations"],
    "preload": False,
}  # no foreign sheets, no media
RUN_AXE = "([part, options]) => axe.run(part || document, options).then(({violations}) => ({violations}))"
LOOPBACK = ("127.0.0.1", "localhost")
PARTS_OF_A_PAGE = ("stylesheet", "script", "font", "image")

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the synchronous API runs a loop in our thread
patience.teach()


def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert found, "no Chromium: ./run setup test"
    return found


@pytest.fixture(scope="session")
def base_url():
    """Instead of the plugin's own, at which pytest 9.2 warns; addresses are given in full."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fontconfig")
    fonts = Path(pylopdf_fonts_zh_cn.__file__).parent
    (folder / "fonts.conf").write_text(FONTS.format(fonts=fonts, cache=folder / "cache"))
    env = {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}
    return {**browser_type_launch_args, "executable_path": chromium(), "args": FLAGS, "env": env}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1440, "height": 900},
        "reduced_motion": "reduce",
    }


class Complaints(list):
    """What went wrong in any page of the test; `forgive` what the test itself provokes."""

    def __init__(self):
        super().__init__()
        self.forgiven: list[str] = []
        self.over = False

    def forgive(self, pattern: str) -> None:
        self.forgiven.append(pattern)

    def standing(self) -> list[str]:
        return [text for text in self if not any(re.search(one, text) for one in self.forgiven)]

    def append(self, text: str) -> None:
        if not self.over:
            super().append(text)

    def watch(self, context) -> None:
        context.on("console", self.hear)
        context.on("weberror", lambda one: self.append(f"script error: {one.error}"))
        context.on("request", self.leave)
        context.on("response", self.answer)

    def hear(self, message) -> None:
        """Errors of scripts and of the content policy; refused requests are judged in `answer`."""
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.append(f"console: {message.text}")

    def leave(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOOPBACK:
            self.append(f"request to another host: {request.url}")

    def answer(self, response) -> None:
        missing = response.status >= 400 and response.request.resource_type in PARTS_OF_A_PAGE
        if response.status >= 500 or missing:
            self.append(f"{response.status}: {response.url}")


class Site:
    """What the site in this process is answering: a browser that has gone leaves its requests behind."""

    def __init__(self):
        self.answering: set[int] = set()
        signals.request_started.connect(self.begin)
        signals.request_finished.connect(self.end)

    def begin(self, **_) -> None:
        """The test's own client asks in the main thread, and may leave a stream unread."""
        if threading.current_thread() is not threading.main_thread():
            self.answering.add(threading.get_ident())

    def end(self, **_) -> None:
        self.answering.discard(threading.get_ident())

    def quiet(self) -> bool:
        return not self.answering


SITE = Site()


@pytest.fixture
def complaints():
    """Fails the test when a page complained: console errors, CSP reports, 5xx, missing parts, other hosts."""
    heard = Complaints()
    yield heard
    assert until(SITE.quiet), "the site still answers: the database cannot be emptied under it"
    assert heard.standing() == [], heard.standing()


@pytest.fixture
def new_context(complaints, new_context):
    """pytest-playwright's contexts (and so `context`, `page`), watched; at the end nothing is asked anew."""
    opened = []

    def watched(**options):
        context = new_context(**options)
        patience.give_time(context)
        complaints.watch(context)
        opened.append(context)
        context.on("close", lambda _: opened.remove(context))
        return context

    yield watched
    complaints.over = True
    for context in opened:
        context.set_offline(True)


def fits(page) -> bool:
    """Nothing is wider than the screen."""
    return until(lambda: page.evaluate(WIDE), 10)


@pytest.fixture(scope="session")
def axe():
    """`axe(page)` fails with a readable report unless the page passes WCAG 2.2 A and AA."""
    script = Axe().axe_script

    def check(page, *, include=None):
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
        results = AxeResults(page.evaluate(RUN_AXE, [include, AXE_OPTIONS]))
        assert results.violations_count == 0, results.generate_report()

    return check
