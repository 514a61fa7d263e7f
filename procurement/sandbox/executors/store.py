"""Orders, and what is still to be reported on them, in one SQLite file."""

import json
import sqlite3
import time
import uuid

from procurement import clock

from ..database import Database
from ..store import Conflict
from .roles import FROM, STATES

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, role TEXT NOT NULL, key TEXT NOT NULL, sha256 TEXT NOT NULL,
    kind TEXT NOT NULL, number TEXT NOT NULL, reason TEXT NOT NULL, receipts INTEGER NOT NULL DEFAULT 1,
    UNIQUE (role, key)
);
CREATE TABLE IF NOT EXISTS task (
    id INTEGER PRIMARY KEY AUTOINCREMENT, role TEXT NOT NULL, number TEXT NOT NULL, body TEXT NOT NULL,
    state TEXT NOT NULL, note TEXT NOT NULL, sequence INTEGER NOT NULL DEFAULT 0, arrived_at TEXT NOT NULL,
    UNIQUE (role, number)
);
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY AUTOINCREMENT, role TEXT NOT NULL, task INTEGER, event TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'due',
    attempts INTEGER NOT NULL DEFAULT 0, next_at REAL NOT NULL, answer TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS event_due ON event (state, next_at);
"""


class Impossible(Exception):
    """The order is not in a state for this; the text says so."""


def now() -> str:
    return clock.now().astimezone(clock.HEFEI).isoformat(timespec="seconds")


class Store(Database):
    """Orders, their results, and what is to be reported."""

    schema = SCHEMA

    # ── what the supervision system sends ──
    def take(self, role: str, key: str, sha256: str, content: dict) -> tuple[sqlite3.Row, bool]:
        """The stored message and whether it is new; the same key again only counts a receipt."""
        with self.lock, self.connection:
            self.connection.execute("BEGIN IMMEDIATE")
            known = self.message(role, key)
            if known is not None:
                if known["sha256"] != sha256:
                    raise Conflict
                self.connection.execute(
                    "UPDATE message SET receipts = receipts + 1 WHERE id = ?", (known["id"],)
                )
                return known, False
            self.connection.execute(
                "INSERT INTO message (role, key, sha256, kind, number, reason) VALUES (?, ?, ?, ?, ?, ?)",
                (role, key, sha256, content["message"], content["number"], content.get("reason", "")),
            )
            try:
                self.apply(role, content)
            except sqlite3.IntegrityError:
                raise Conflict from None  # that number was another order
            return self.message(role, key), True

    def apply(self, role: str, content: dict) -> None:
        """A withdrawal may overtake its order: whichever comes first, the order ends withdrawn."""
        number = content["number"]
        if content["message"] == "order":
            sql = "SELECT * FROM message WHERE role = ? AND number = ? AND kind = 'withdrawal'"
            gone = self.row(sql, role, number)
            self.connection.execute(
                "INSERT INTO task (role, number, body, state, note, arrived_at) VALUES (?, ?, ?, ?, ?, ?)",
                (role, number, json.dumps(content, ensure_ascii=False), "withdrawn" if gone else "waiting",
                 gone["reason"] if gone else "", now()),
            )  # fmt: skip
        else:
            sql = "UPDATE task SET state = 'withdrawn', note = ? WHERE role = ? AND number = ?"
            self.connection.execute(sql, (content["reason"], role, number))

    def message(self, role: str, key: str) -> sqlite3.Row | None:
        return self.row("SELECT * FROM message WHERE role = ? AND key = ?", role, key)

    # ── what a person does ──
    def tasks(self, role: str, state: str = "") -> list[sqlite3.Row]:
        return self.rows(
            "SELECT * FROM task WHERE role = ? AND (? = '' OR state = ?) ORDER BY id DESC LIMIT 200",
            role, state, state,
        )  # fmt: skip

    def task(self, role: str, number: int) -> sqlite3.Row | None:
        return self.row("SELECT * FROM task WHERE role = ? AND id = ?", role, number)

    def by_number(self, role: str, number: str) -> sqlite3.Row | None:
        return self.row("SELECT * FROM task WHERE role = ? AND number = ?", role, number)

    def counts(self, role: str) -> dict[str, int]:
        return dict(
            map(tuple, self.rows("SELECT state, count(*) FROM task WHERE role = ? GROUP BY state", role))
        )

    def act(self, role: str, task: int, kind: str, **content) -> None:
        """Change the order's state and owe the report, together."""
        with self.lock, self.connection:
            self.connection.execute("BEGIN IMMEDIATE")
            row = self.task(role, task)
            sources, target = FROM[kind]
            if row["state"] not in sources:
                raise Impossible(f"任务书现在是“{STATES[row['state']]}”，不能办理。")
            sequence = row["sequence"] + 1
            sql = "UPDATE task SET state = ?, sequence = ?, note = ? WHERE id = ?"
            self.connection.execute(sql, (target, sequence, content.get("reason", row["note"]), task))
            event = {"event": uuid.uuid4().hex, "book": row["number"], "kind": kind, "sequence": sequence}
            self.owe(role, event | {"occurred_at": now()} | content, task)

    def owe(self, role: str, body: dict, task: int | None = None) -> None:
        text = json.dumps(body, ensure_ascii=False)
        with self.lock:
            self.connection.execute(
                "INSERT INTO event (role, task, event, kind, body, next_at, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (role, task, uuid.uuid4().hex, str(body.get("kind", "")), text, time.time(), now()),
            )

    # ── what the sender needs ──
    def due(self) -> list[sqlite3.Row]:
        return self.rows("SELECT * FROM event WHERE state = 'due' AND next_at <= ? ORDER BY id", time.time())

    def settle(self, event: int, **fields) -> None:
        names = ", ".join(f"{name} = ?" for name in fields)
        sql = f"UPDATE event SET {names} WHERE id = ?"  # noqa: S608 - names are ours
        self.rows(sql, *fields.values(), event)

    def events(self, task: int) -> list[sqlite3.Row]:
        return self.rows("SELECT * FROM event WHERE task = ? ORDER BY id DESC", task)

    def hurry(self, task: int) -> None:
        """Whatever waits or was refused is sent at once."""
        sql = "UPDATE event SET state = 'due', next_at = 0 WHERE task = ? AND state <> 'sent'"
        self.rows(sql, task)

    def receipts(self) -> dict[str, int]:
        return dict(map(tuple, self.rows("SELECT role || '/' || key, receipts FROM message")))

    def reports(self) -> dict[str, int]:
        return dict(map(tuple, self.rows("SELECT state, count(*) FROM event GROUP BY state")))
