"""The difference between what was sent and what stands at the portal, for people."""

import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from procurement.flow.snapshots import Change

from .article import lines

AROUND = 1  # unchanged lines shown on either side of a change
LABELS = {
    "title": "公告标题", "kind": "公告类别", "unit.name": "采购单位", "unit.uscc": "统一社会信用代码",
    "fiscal_year": "预算年度", "supersedes": "被代替的公告", "key": "公告编码",
}  # fmt: skip

OF_A_FILE = {"name": "文件名", "size": "大小", "mime": "格式", "sha256": "校验值"}
ATTACHMENT = re.compile(rf"data\.attachments\[(\d+)\]\.({'|'.join(OF_A_FILE)})")


class Line(NamedTuple):
    """A line of the article: " " unchanged, "-" only ours, "+" only the portal's, "…" left out."""

    mark: str
    text: str


def flat(value: Any, path: str = "") -> dict[str, str]:
    """{"unit.name": …}: every leaf of a body by its path."""
    if isinstance(value, dict) and value:
        pairs = [(f"{path}.{name}" if path else str(name), part) for name, part in sorted(value.items())]
    elif isinstance(value, list) and value:
        pairs = [(f"{path}[{place}]", part) for place, part in enumerate(value, 1)]
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return {path: "" if value in (None, {}, []) else text}
    return {leaf: text for name, part in pairs for leaf, text in flat(part, name).items()}


def changes(ours: dict, theirs: dict) -> list[Change]:
    """Every field but the article that differs; what stands there besides our fields, too."""
    before, after = (
        flat({name: part for name, part in body.items() if name != "html"}) for body in (ours, theirs)
    )
    names = [*before, *(name for name in after if name not in before)]
    differing = [name for name in names if before.get(name, "") != after.get(name, "")]
    return [Change(label(name), before.get(name, ""), after.get(name, "")) for name in differing]


def label(name: str) -> str:
    """A field of the body in Chinese."""
    if found := ATTACHMENT.fullmatch(name):
        return f"附件 {found[1]} 的{OF_A_FILE[found[2]]}"
    return LABELS.get(name, f"数据 {name}")


def article(ours: str, theirs: str) -> list[Line]:
    """The article line by line, changes with a little around them; only markup differs: the markup itself."""
    if ours == theirs:
        return []
    before, after = lines(ours), lines(theirs)
    if before == after:
        before, after = (text.replace("><", ">\n<").splitlines() for text in (ours, theirs))
    return list(hunks(before, after))


def hunks(before: list[str], after: list[str]) -> Iterator[Line]:
    matcher, end = SequenceMatcher(None, before, after, autojunk=False), 0
    for group in matcher.get_grouped_opcodes(AROUND):
        if group[0][1] > end:
            yield Line("…", "")
        for tag, old, old_end, new, new_end in group:
            if tag == "equal":
                yield from (Line(" ", text) for text in before[old:old_end])
            else:
                yield from (Line("-", text) for text in before[old:old_end])
                yield from (Line("+", text) for text in after[new:new_end])
        end = group[-1][2]
    if end < len(before):
        yield Line("…", "")
