"""The left menu, in the manual's order and words, built from what the stages declare."""

from dataclasses import dataclass, field

from accounts.models import Post

ORDER = [
    ("采购预算管理", "coin"),
    ("采购指标", "file-text"),
    ("采购意向管理", "speakerphone"),
    ("单一来源公示", "scale"),
    ("采购计划管理", "clipboard-list"),
    ("采购任务管理", "checklist"),
    ("信息公告发布", "world-upload"),
    ("采购合同管理", "file-text"),
    ("年终结转", "refresh"),
]


@dataclass(frozen=True)
class Entry:
    """One line of the menu: whom it is for, and which waiting papers its badge counts."""

    section: str
    label: str
    url_name: str
    posts: frozenset
    kind: str = ""  # papers of this kind …
    desks: frozenset = field(default_factory=frozenset)  # … on these desks are counted

    def count(self, waiting: dict) -> int:
        """`waiting` maps (kind, desk) to a number of papers."""
        return sum(waiting.get((self.kind, desk), 0) for desk in self.desks)


ENTRIES: list[Entry] = []
READERS = frozenset([Post.VIEWER, Post.AUDITOR])  # see, never act


def register(*entries: Entry) -> None:
    """Called once when the URLs of an app are read."""
    ENTRIES.extend(entry for entry in entries if entry not in ENTRIES)


def sections(post: str) -> list[tuple[str, str, list[Entry]]]:
    """(label, icon, entries) of the sections that have something for this post."""
    found = []
    for label, icon in ORDER:
        entries = [entry for entry in ENTRIES if entry.section == label and post in entry.posts]
        if entries:
            found.append((label, icon, entries))
    return found
