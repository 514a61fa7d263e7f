"""What the portal has published, in one SQLite file."""

import json
import sqlite3
from dataclasses import dataclass

from procurement import clock

from .database import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS notice (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    kind TEXT NOT NULL, title TEXT NOT NULL, unit TEXT NOT NULL, uscc TEXT NOT NULL,
    fiscal_year INTEGER NOT NULL, html TEXT NOT NULL, data TEXT NOT NULL,
    supersedes TEXT, withdrawal INTEGER NOT NULL,
    sender TEXT NOT NULL, published_at TEXT NOT NULL,
    receipts INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX IF NOT EXISTS notice_newest ON notice (published_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS notice_replacement ON notice (supersedes);
"""
CHANGEABLE = ("title", "unit", "html", "data")
COPIED = ("sha256", "kind", "title", "unit", "uscc", "fiscal_year", "html", "data", "supersedes",
          "withdrawal", "sender", "published_at")  # fmt: skip
LISTED = "id, key, kind, title, unit, fiscal_year, published_at, withdrawal, supersedes"


class Conflict(Exception):
    """The key is known with another body."""


@dataclass(frozen=True)
class Draft:
    """A notice as it was received, checked for shape."""

    key: str
    sha256: str
    kind: str
    title: str
    unit: str
    uscc: str
    fiscal_year: int
    html: str
    data: str
    supersedes: str | None
    withdrawal: bool
    sender: str


class Store(Database):
    """The notices, and what came of them."""

    schema = SCHEMA

    def publish(self, draft: Draft) -> tuple[sqlite3.Row, bool]:
        """The stored notice and whether it is new; the same key again only counts a receipt."""
        fields = {
            **draft.__dict__,
            "published_at": clock.now().astimezone(clock.HEFEI).isoformat(timespec="seconds"),
        }
        names, marks = ", ".join(fields), ", ".join(f":{name}" for name in fields)
        sql = f"INSERT INTO notice ({names}) VALUES ({marks}) ON CONFLICT (key) DO NOTHING"  # noqa: S608
        with self.lock:
            new = self.connection.execute(sql, fields).rowcount == 1
            known = self.connection.execute("SELECT * FROM notice WHERE key = ?", (draft.key,)).fetchone()
            if known["sha256"] != draft.sha256:
                raise Conflict
            if not new:
                self.connection.execute(
                    "UPDATE notice SET receipts = receipts + 1 WHERE id = ?", (known["id"],)
                )
        return known, new

    def by_key(self, key: str) -> sqlite3.Row | None:
        return self.row("SELECT * FROM notice WHERE key = ?", key)

    def by_id(self, number: int) -> sqlite3.Row | None:
        return self.row("SELECT * FROM notice WHERE id = ?", number)

    def replacement(self, key: str) -> sqlite3.Row | None:
        """The newest notice that stands in this one's place."""
        return self.row("SELECT * FROM notice WHERE supersedes = ? ORDER BY id DESC LIMIT 1", key)

    def search(self, words: str, kind: str, page: int, size: int = 20) -> tuple[list[sqlite3.Row], int]:
        """One page of notices, newest first, and how many there are."""
        where, values = ["1=1"], []
        for word in words.split()[:5]:
            where.append("instr(title || ' ' || unit || ' ' || key, ?) > 0")
            values.append(word)
        if kind:
            where.append("kind = ?")
            values.append(kind)
        condition = " AND ".join(where)
        total = self.row(f"SELECT count(*) FROM notice WHERE {condition}", *values)[0]  # noqa: S608
        sql = (
            f"SELECT {LISTED}, (SELECT max(id) FROM notice n WHERE n.supersedes = notice.key) AS newer "  # noqa: S608
            f"FROM notice WHERE {condition} ORDER BY published_at DESC, id DESC LIMIT ? OFFSET ?"
        )
        return self.rows(sql, *values, size, (page - 1) * size), total

    def kinds(self) -> dict[str, int]:
        return dict(map(tuple, self.rows("SELECT kind, count(*) FROM notice GROUP BY kind")))

    def sent_by(self, sender: str, after: int, size: int) -> list[sqlite3.Row]:
        """What one certificate published, in the order of its numbers."""
        sql = "SELECT id, key FROM notice WHERE sender = ? AND id > ? ORDER BY id LIMIT ?"
        return self.rows(sql, sender, after, size)

    def tamper(self, order: dict) -> int:
        """{"key", "set": {column: text}} | {"key", "remove": true} | {"key", "like": key}; rows touched.

        The stored sha256 stays as it was: whoever reads back must not believe it.
        """
        key = str(order["key"])
        with self.lock:
            if order.get("remove"):
                return self.connection.execute("DELETE FROM notice WHERE key = ?", (key,)).rowcount
            if like := order.get("like"):
                names = ", ".join(COPIED)
                sql = f"INSERT INTO notice (key, {names}) SELECT ?, {names} FROM notice WHERE key = ?"  # noqa: S608
                return self.connection.execute(sql, (key, str(like))).rowcount
            changes = {name: order["set"][name] for name in CHANGEABLE if name in order["set"]}
            if not changes or not all(isinstance(text, str) for text in changes.values()):
                raise ValueError("set")
            marks = ", ".join(f"{name} = ?" for name in changes)
            sql = f"UPDATE notice SET {marks} WHERE key = ?"  # noqa: S608 - names from the list above
            return self.connection.execute(sql, (*changes.values(), key)).rowcount

    def receipts(self) -> dict[str, int]:
        """How often each key was received: more than 1 is a duplicate that was not published again."""
        return dict(map(tuple, self.rows("SELECT key, receipts FROM notice")))


def content(row: sqlite3.Row) -> dict:
    """A notice as it stands here now, in the form in which it was sent."""
    return {
        "key": row["key"], "kind": row["kind"], "title": row["title"],
        "unit": {"name": row["unit"], "uscc": row["uscc"]}, "fiscal_year": row["fiscal_year"],
        "html": row["html"], "data": json.loads(row["data"]), "supersedes": row["supersedes"],
    }  # fmt: skip


def parse(body: bytes, key: str, sha256: str, sender: str) -> Draft:
    """The notice in a request; ValueError with a Chinese sentence when its shape is wrong."""
    try:
        content = json.loads(body)
        unit, data = content["unit"], content.get("data", {})
        texts = [content["key"], content["kind"], content["title"], unit["name"], content["html"]]
        supersedes, year = content.get("supersedes"), content["fiscal_year"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"正文不是完整的公告（{type(error).__name__}）") from None
    if not all(isinstance(text, str) and text.strip() for text in texts) or len(content["title"]) > 300:
        raise ValueError("公告标题、单位或正文为空或过长")
    if content["key"] != key or type(year) is not int or not isinstance(data, dict):
        raise ValueError("公告编码、年度或数据不合规定")
    if supersedes is not None and not isinstance(supersedes, str):
        raise ValueError("被代替公告的编码不合规定")
    return Draft(
        key=key, sha256=sha256, kind=content["kind"], title=content["title"].strip(), unit=unit["name"],
        uscc=str(unit.get("uscc", "")), fiscal_year=year, html=content["html"],
        data=json.dumps(data, ensure_ascii=False), supersedes=supersedes,
        withdrawal=data.get("withdrawal") is True, sender=sender,
    )  # fmt: skip
