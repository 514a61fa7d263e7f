"""The portal's HTTP face: interface for senders, public pages, finance feed."""

import hashlib
import json
from pathlib import Path
from urllib.parse import urlsplit

from . import files, finance, pages, publishing, web
from .signatures import BadSignature, TrustStore, verify
from .store import Conflict, Store, content, parse
from .tickets import Entrances

HERE = Path(__file__).parent
PAGE = 200  # keys of one page of the list
STATIC = {
    "/static/portal.css": (HERE.parent.parent / "static/portal.css", "text/css; charset=utf-8"),
    "/static/portal-emblem.svg": (HERE / "pages/emblem.svg", "image/svg+xml"),
    "/static/portal-skyline.svg": (HERE / "pages/skyline.svg", "image/svg+xml"),
    "/favicon.ico": (HERE / "pages/emblem.svg", "image/svg+xml"),
}


class Portal(web.Program):
    """The portal's state: what is published, and who may publish."""

    def __init__(self, address, store: str, trust: str, control_token: str = "", public_url: str = ""):
        super().__init__(address, Handler, control_token, public_url)
        self.store, self.files, self.trust = Store(store), files.Files(store), TrustStore(trust)
        self.entrances = Entrances(store)

    def stats(self) -> dict:
        receipts = self.store.receipts()
        duplicates = sum(receipts.values()) - len(receipts)
        return {**super().stats(), "notices": len(receipts), "duplicates": duplicates, "receipts": receipts}


class Handler(web.Handler):
    """What the portal answers."""

    server: Portal

    def missing(self) -> None:
        self.html(404, pages.missing())

    # ── senders ──
    def receive(self, _rest: str) -> None:
        """POST /api/notices."""
        try:
            sender = verify("POST", urlsplit(self.path).path, self.headers, self.body, self.server.trust)
        except BadSignature as error:
            self.server.count("bad_signatures")
            return self.json(401, {"error": str(error)})
        fault = self.server.faults.next("publish")
        if fault is None:
            return self.json(*self.publish(sender))
        self.server.count(f"fault_{fault['mode']}")
        answer = self.publish(sender) if fault["stored"] else (200, {})
        self.misbehave(fault, answer)

    def publish(self, sender: str) -> tuple[int, dict]:
        """Store it: 201 at first, 200 and the same answer for a repeated key, 409 for another body."""
        key, sha256 = self.headers["Idempotency-Key"] or "", hashlib.sha256(self.body).hexdigest()
        try:
            draft = parse(self.body, key, sha256, sender)
            if name := files.missing(self.server.files, draft.data):
                raise ValueError(f"附件“{name}”还没有送达")
            notice, new = self.server.store.publish(draft)
        except ValueError as error:
            self.server.count("bad_requests")
            return 422, {"error": str(error)}
        except Conflict:
            self.server.count("conflicts")
            return 409, {"error": "该公告编码已用于另一份内容"}
        self.server.count("published" if new else "repeated")
        return 201 if new else 200, self.receipt(notice)

    def receipt(self, notice) -> dict:
        return {
            "id": str(notice["id"]),
            "url": f"{self.server.url}/notices/{notice['id']}",
            "key": notice["key"],
            "sha256": notice["sha256"],
            "published_at": notice["published_at"],
        }

    def lookup_key(self, key: str) -> None:
        """GET /api/notices/by-key/KEY: has it arrived? With view=content: how does it stand there now?"""
        what = "copy" if self.query.get("view") == "content" else "lookup"
        self.server.count("copies" if what == "copy" else "lookups")
        answer = self.described(self.server.store.by_key(key), whole=what == "copy")
        if fault := self.server.faults.next(what):
            self.server.count(f"fault_{fault['mode']}")
            return self.misbehave(fault, answer)
        self.json(*answer)

    def described(self, notice, *, whole: bool) -> tuple[int, dict]:
        """What is said of one notice to those who send."""
        if notice is None:
            return 404, {"error": "没有该公告"}
        about = self.receipt(notice) | {"title": notice["title"], "kind": notice["kind"]}
        return 200, about | ({"sender": notice["sender"], "content": content(notice)} if whole else {})

    def list_keys(self, _rest: str) -> None:
        """GET /api/notices?sender=&after=: what stands here under one certificate, by number."""
        if fault := self.server.faults.next("listing"):
            self.server.count(f"fault_{fault['mode']}")
            return self.misbehave(fault, (200, {"keys": []}))
        after = self.query.get("after", "")
        known = int(after) if after.isascii() and after.isdecimal() else 0
        rows = self.server.store.sent_by(self.query.get("sender", ""), known, PAGE)
        self.json(200, {"keys": [row["key"] for row in rows], "after": str(rows[-1]["id"]) if rows else ""})

    def tamper(self, _rest: str) -> None:
        """POST /control/notices: somebody changes, removes or smuggles in a notice behind our back."""
        if not self.allowed():
            return self.json(403, {"error": "没有控制权限"})
        try:
            order = json.loads(self.body)
            if "file" in order:
                changed = self.server.files.tamper(str(order["file"]), order.get("content"))
            else:
                changed = self.server.store.tamper(order)
            self.json(200, {"changed": changed})
        except (ValueError, TypeError, KeyError, AttributeError):
            self.json(400, {"error": "看不懂的篡改指令"})

    def by_number(self, number: str):
        known = number.isascii() and number.isdecimal() and len(number) < 16
        return self.server.store.by_id(int(number)) if known else None

    def lookup_id(self, rest: str) -> None:
        """GET /api/notices/ID, and /api/notices/ID/files/N: the file everybody gets."""
        number, _, place = rest.partition("/files/")
        if place:
            return self.download(number, place)
        self.json(*self.described(self.by_number(number), whole=False))

    def download(self, number: str, place: str) -> None:
        if fault := self.server.faults.next("download"):
            self.server.count(f"fault_{fault['mode']}")
            return self.misbehave(fault, (200, {}))
        files.serve(self, self.by_number(number), place)

    # ── public ──
    def index(self, _rest: str) -> None:
        self.html(200, pages.listing(self.server.store, self.query))

    def notice(self, rest: str) -> None:
        number, _, place = rest.partition("/files/")
        if place:
            return files.serve(self, self.by_number(number), place)
        notice = self.by_number(number)
        if notice is None:
            return self.html(404, pages.missing())
        self.html(200, pages.notice(self.server.store, notice))

    def static(self, _rest: str) -> None:
        self.file(*STATIC[urlsplit(self.path).path])

    # ── finance feed ──
    def quotas(self, _rest: str) -> None:
        """GET /finance/quotas?year=: the integrated budget system's quotas of a year."""
        self.json(200, finance.quotas(self.query.get("year", "")))


Handler.limits = {files.PATH: files.LIMIT}
Handler.routes = [
    ("POST", "/api/notices", Handler.receive),
    ("GET", "/api/notices/by-key/", Handler.lookup_key),
    ("GET", "/api/notices/", Handler.lookup_id),
    ("GET", "/api/notices", Handler.list_keys),
    ("POST", "/control/notices", Handler.tamper),
    ("GET", "/finance/quotas", Handler.quotas),
    *web.control_routes(),
    *(("GET", path, Handler.static) for path in STATIC),
    ("GET", "/notices/", Handler.notice),
    *publishing.ROUTES,
    *files.ROUTES,
    ("GET", "/", Handler.index),
]
