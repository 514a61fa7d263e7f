"""Attachments: received under their hash, shown and served only with a notice that names them."""

import hashlib
import json
from html import escape
from urllib.parse import quote, urlsplit

from .database import Database
from .signatures import BadSignature, verify

PATH = "/api/files"
LIMIT = 20 * 2**20  # bytes of one file
KINDS = {b"%PDF-": "application/pdf", b"PK\x03\x04": "application/ofd"}
SCHEMA = """
CREATE TABLE IF NOT EXISTS file (
    sha256 TEXT PRIMARY KEY, mime TEXT NOT NULL, content BLOB NOT NULL, sender TEXT NOT NULL
);
"""


class Files(Database):
    """The files by their hash."""

    schema = SCHEMA

    def keep(self, sha256: str, content: bytes, mime: str, sender: str) -> bool:
        """True when it is new."""
        sql = "INSERT INTO file (sha256, mime, content, sender) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
        with self.lock:
            return self.connection.execute(sql, (sha256, mime, content, sender)).rowcount == 1

    def has(self, sha256: str) -> bool:
        return self.row("SELECT 1 FROM file WHERE sha256 = ?", sha256) is not None

    def find(self, sha256: str):
        return self.row("SELECT mime, content FROM file WHERE sha256 = ?", sha256)

    def tamper(self, sha256: str, content: str | None) -> int:
        """Somebody swaps or removes a file behind our back."""
        if content is None:
            sql, values = "DELETE FROM file WHERE sha256 = ?", (sha256,)
        else:
            sql, values = "UPDATE file SET content = ? WHERE sha256 = ?", (content.encode(), sha256)
        with self.lock:
            return self.connection.execute(sql, values).rowcount


def named(data: str) -> list[dict]:
    """The attachments a notice names: those with a hash."""
    files = json.loads(data).get("attachments")
    whole = (file for file in files if isinstance(file, dict)) if isinstance(files, list) else ()
    return [file for file in whole if isinstance(file.get("sha256"), str)]


def missing(files: Files, data: str) -> str:
    """The name of an attachment that has not arrived; empty when all have."""
    gone = (str(file.get("name", "")) for file in named(data) if not files.has(file["sha256"]))
    return next(gone, "")


# ── senders ──
def receive(handler, _rest: str) -> None:
    """POST /api/files: signed as a notice is; its key is its hash, so twice does no harm."""
    server, sha256 = handler.server, hashlib.sha256(handler.body).hexdigest()
    try:
        sender = verify("POST", urlsplit(handler.path).path, handler.headers, handler.body, server.trust)
    except BadSignature as error:
        server.count("bad_signatures")
        return handler.json(401, {"error": str(error)})
    mime = next((kind for start, kind in KINDS.items() if handler.body.startswith(start)), "")
    if not mime or handler.headers["Idempotency-Key"] != sha256:
        server.count("bad_requests")
        return handler.json(422, {"error": "附件不是 PDF、OFD，或者编码不是它的校验值"})
    fault = server.faults.next("file")
    stored = fault is None or fault["stored"]
    new = server.files.keep(sha256, handler.body, mime, sender) if stored else False
    answer = (201 if new else 200, {"sha256": sha256, "size": len(handler.body)})
    if fault:
        server.count(f"fault_{fault['mode']}")
        return handler.misbehave(fault, answer)
    server.count("files" if new else "files_again")
    handler.json(*answer)


def lookup(handler, sha256: str) -> None:
    """GET /api/files/HASH: is it there?"""
    known = handler.server.files.has(sha256)
    handler.json(*((200, {"sha256": sha256}) if known else (404, {"error": "没有该附件"})))


# ── everybody ──
def serve(handler, notice, place: str) -> None:
    """The attachment of that place of a notice, only ever as a download."""
    files = named(notice["data"]) if notice is not None else []
    number = int(place) if place.isascii() and place.isdecimal() and len(place) < 5 else 0
    about = files[number - 1] if 0 < number <= len(files) else None
    found = handler.server.files.find(about["sha256"]) if about else None
    if found is None:
        return handler.missing()
    name = quote(str(about.get("name", "")))
    handler.send(200, found["content"], found["mime"], {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    })  # fmt: skip


def listed(row) -> str:
    """The attachments at the foot of a notice's page: name, size, hash."""
    items = "".join(
        f'<li><a href="/notices/{row["id"]}/files/{place}">{escape(str(file.get("name", "")))}</a>'
        f" <span>{size(file.get('size'))}</span> <code>SHA-256 {escape(file['sha256'])}</code></li>"
        for place, file in enumerate(named(row["data"]), 1)
    )
    return f'<ul class="pt-files">{items}</ul>' if items else "无"


def size(count) -> str:
    if type(count) is not int:
        return ""
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{max(1, round(count / 1024))} KB"


ROUTES = [("POST", PATH, receive), ("GET", PATH + "/", lookup)]
