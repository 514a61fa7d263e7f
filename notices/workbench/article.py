"""A stored notice as harmless HTML: an allow-list, written anew element by element, all text escaped.

The stand-in of the portal does the same with what it receives (procurement/sandbox/sanitise.py, written
apart); here it guards our own pages and papers against whatever stands, or was put, into a body.
"""

import re
from html.parser import HTMLParser

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

ALLOWED = frozenset({"table", "thead", "tbody", "tr", "th", "td", "p", "h1", "h2", "h3", "h4"}) | frozenset(
    {"ul", "ol", "li", "strong", "br", "section", "dl", "dt", "dd"}
)
BLOCKS = ALLOWED - {"strong", "br"}
DROPPED = frozenset(
    {"script", "style", "iframe", "object", "template", "noscript", "textarea", "title", "svg"}
)
CLASS = re.compile(r"^[A-Za-z][A-Za-z0-9_ -]{0,100}$")


class Writer(HTMLParser):
    """Builds each element when it closes; what was left open is closed at the end."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str, list]] = [("", "", [])]
        self.dropping: list[str] = []
        self.lines: list[str] = [""]  # the text alone, a line for each block

    def handle_starttag(self, tag, attrs):
        if self.dropping or tag in DROPPED:
            if tag in (DROPPED if not self.dropping else self.dropping[-1:]):
                self.dropping.append(tag)
        elif tag == "br":
            self.open[-1][2].append(format_html("<{}>", tag))
            self.lines.append("")
        elif tag in ALLOWED:
            name = dict(attrs).get("class") or ""
            self.open.append((tag, name if CLASS.match(name) else "", []))
            self.lines += [""] if tag in BLOCKS else []

    def handle_startendtag(self, tag, attrs):
        if tag not in DROPPED:  # <script/> opens nothing here, and has nothing to show
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if self.dropping:
            if tag == self.dropping[-1]:
                self.dropping.pop()
        elif any(tag == one for one, _, _ in self.open[1:]):
            while self.shut() != tag:
                pass
            self.lines += [""] if tag in BLOCKS else []

    def shut(self) -> str:
        """Close the innermost element; its name."""
        tag, name, parts = self.open.pop()
        inside = format_html_join("", "{}", ((part,) for part in parts))
        whole = (
            format_html('<{0} class="{1}">{2}</{0}>', tag, name, inside)
            if name
            else format_html("<{0}>{1}</{0}>", tag, inside)
        )
        self.open[-1][2].append(whole)
        return tag

    def handle_data(self, data):
        if not self.dropping:
            self.open[-1][2].append(data)
            self.lines[-1] += data

    def result(self) -> SafeString:
        self.close()
        while len(self.open) > 1:
            self.shut()
        return format_html_join("", "{}", ((part,) for part in self.open[0][2]))


def written(html: str) -> Writer:
    writer = Writer()
    writer.feed(html)
    return writer


def clean(html: str) -> SafeString:
    """Safe HTML of a stored body."""
    return written(html).result()


def lines(html: str) -> list[str]:
    """What a reader sees of it, line by line."""
    writer = written(html)
    writer.result()
    return [line for line in (" ".join(text.split()) for text in writer.lines) if line]
