"""Only harmless structure of a notice's HTML survives: an allow-list, re-written tag by tag."""

import re
from html import escape
from html.parser import HTMLParser

ALLOWED = frozenset({"table", "thead", "tbody", "tr", "th", "td", "p", "h1", "h2", "h3", "h4"}) | frozenset(
    {"ul", "ol", "li", "strong", "br", "section", "dl", "dt", "dd"}
)
VOID = frozenset({"br"})
DROPPED = frozenset(
    {"script", "style", "iframe", "object", "template", "noscript", "textarea", "title", "svg"}
)
CLASS = re.compile(r"^[A-Za-z][A-Za-z0-9_ -]{0,100}$")


class Sanitiser(HTMLParser):
    """Writes allowed tags anew, escapes all text, balances what was left open."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.open: list[str] = []
        self.dropping: list[str] = []

    def handle_starttag(self, tag, attrs):
        if self.dropping:
            if tag == self.dropping[-1]:
                self.dropping.append(tag)
        elif tag in DROPPED:
            self.dropping.append(tag)
        elif tag in ALLOWED:
            self.out.append(f"<{tag}{class_of(attrs)}>")
            if tag not in VOID:
                self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        if tag not in DROPPED:  # <script/> opens nothing here, and has nothing to show
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if self.dropping:
            if tag == self.dropping[-1]:
                self.dropping.pop()
        elif tag in self.open:
            while (last := self.open.pop()) != tag:
                self.out.append(f"</{last}>")
            self.out.append(f"</{tag}>")

    def handle_data(self, data):
        if not self.dropping:
            self.out.append(escape(data))

    def result(self) -> str:
        self.close()
        return "".join(self.out) + "".join(f"</{tag}>" for tag in reversed(self.open))


def class_of(attrs) -> str:
    value = dict(attrs).get("class") or ""
    return f' class="{escape(value)}"' if CLASS.match(value) else ""


def clean(html: str) -> str:
    """Safe HTML of an untrusted fragment."""
    parser = Sanitiser()
    parser.feed(html)
    return parser.result()
