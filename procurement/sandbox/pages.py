"""The public pages: list with search, one notice, not found. Text is escaped here and nowhere else."""

import json
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from .files import listed
from .sanitise import clean

FOLDER = Path(__file__).parent / "pages"
KINDS = {
    "intent": "采购意向",
    "singlesourcenotice": "单一来源公示",
    "objectionanswer": "异议答复公告",
    "announcement": "采购公告",
    "result": "结果公告",
    "correction": "更正公告",
    "termination": "终止公告",
    "acceptance": "验收结果公告",
    "supervision": "监督处理公告",
    "contract": "合同公告",
}
SIZE = 20
FOLLOWING = {"correction": "更正", "termination": "终止"}  # what such a notice does to an earlier one
FOLLOWED = {"correction": "已更正，请与更正公告一并阅读", "termination": "的采购活动已终止"}


def template(name: str) -> Template:
    return Template((FOLDER / f"{name}.html").read_text())


def page(title: str, content: str, words: str = "") -> str:
    """The whole page around some content."""
    return template("layout").substitute(title=escape(title), content=content, words=escape(words))


def label(kind: str) -> str:
    return KINDS.get(kind, "信息公告")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def link(query: dict, **changes) -> str:
    kept = {name: value for name, value in {**query, **changes}.items() if value not in ("", None)}
    return escape("/?" + urlencode(kept) if kept else "/")


def number(text: str, default: int = 1) -> int:
    return max(1, min(int(text), 100_000)) if text.isascii() and text.isdecimal() else default


def listing(store, query: dict[str, str]) -> str:
    """The list, newest first, by words and kind."""
    words, kind, at = query.get("q", "")[:100], query.get("kind", ""), number(query.get("page", ""))
    rows, total = store.search(words, kind, at, SIZE)
    now = {"q": words, "kind": kind}
    content = template("list").substitute(
        tabs=tabs(store, now),
        heading=f"“{escape(words)}”的查询结果" if words else escape(label(kind) if kind else "最新公告"),
        total=total,
        rows="".join(map(entry, rows)) or template("empty").substitute(),
        pager=pager(now, at, total),
        words=escape(words),
        kind=escape(kind),
    )
    return page("公告查询" if words else "首页", content, words)


def tabs(store, now: dict) -> str:
    counts = store.kinds()
    items = [("", "全部公告", sum(counts.values()))]
    items += [(kind, name, counts.get(kind, 0)) for kind, name in KINDS.items()]
    return "".join(
        f'<li><a href="{link(now, kind=kind)}"{" aria-current=page" if kind == now["kind"] else ""}>'
        f"{name}<span>{count}</span></a></li>"
        for kind, name, count in items
    )


def entry(row) -> str:
    at = moment(row["published_at"])
    return template("entry").substitute(
        id=row["id"],
        title=escape(row["title"]),
        unit=escape(row["unit"]),
        kind=label(row["kind"]),
        iso=at.isoformat(),
        day=f"{at:%d}",
        month=f"{at:%Y-%m}",
        year=row["fiscal_year"],
        state=state_tag(row),
        old=" pt-old" if row["newer"] else "",
    )


def state_tag(row) -> str:
    if row["newer"]:
        return '<span class="pt-tag pt-tag-off">已被代替</span>'
    if row["kind"] in FOLLOWING:
        return f'<span class="pt-tag pt-tag-change">{FOLLOWING[row["kind"]]}</span>'
    if row["withdrawal"]:
        return '<span class="pt-tag pt-tag-off">撤销</span>'
    return '<span class="pt-tag pt-tag-change">变更</span>' if row["supersedes"] else ""


def pager(now: dict, at: int, total: int) -> str:
    last = max(1, -(-total // SIZE))
    if last == 1:
        return ""
    before = f'<a rel="prev" href="{link(now, page=at - 1)}">上一页</a>' if at > 1 else ""
    after = f'<a rel="next" href="{link(now, page=at + 1)}">下一页</a>' if at < last else ""
    return f'<nav class="pt-pager" aria-label="分页">{before}<span>第 {at} / {last} 页</span>{after}</nav>'


def notice(store, row) -> str:
    """One notice; a superseded one points to what replaced it."""
    at = moment(row["published_at"])
    content = template("notice").substitute(
        title=escape(row["title"]),
        kind=label(row["kind"]),
        kind_link=link({}, kind=row["kind"]),
        unit=escape(row["unit"]),
        uscc=escape(row["uscc"]) or "—",
        iso=at.isoformat(),
        at=f"{at:%Y年%m月%d日 %H:%M}",
        year=row["fiscal_year"],
        warning=warning(store, row),
        article=clean(row["html"]),
        number=escape(row["key"]),
        digest=escape(row["sha256"]),
        attachments=listed(row),
        paper=paper(row),
    )
    return page(row["title"], content)


def warning(store, row) -> str:
    """What a reader must know before the text."""
    if newer := store.replacement(row["key"]):
        verb = FOLLOWED.get(newer["kind"], "已被撤销" if newer["withdrawal"] else "已变更，以新公告为准")
        return banner("off", f"本公告{verb}。", newer["id"], newer["title"])
    older = store.by_key(row["supersedes"]) if row["supersedes"] else None
    if older is not None:
        verb = FOLLOWING.get(row["kind"], "撤销" if row["withdrawal"] else "代替")
        return banner("change", f"本公告{verb}此前发布的公告。", older["id"], older["title"])
    return ""


def banner(kind: str, text: str, notice_id: int, title: str) -> str:
    return template("banner").substitute(kind=kind, text=text, id=notice_id, title=escape(title))


def paper(row) -> str:
    """Where the sender's sealed paper of this notice can be verified."""
    about = json.loads(row["data"]).get("paper")
    address, code = (
        (str(about.get(name, "")) for name in ("address", "code")) if isinstance(about, dict) else ("", "")
    )
    if not address.startswith(("http://", "https://")):
        return "无"
    return f'<a href="{escape(address)}" rel="noreferrer">校验码 {escape(code)}，查验公告文件</a>'


def missing() -> str:
    return page("页面不存在", template("missing").substitute())
