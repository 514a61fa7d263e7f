"""The portal's HTTP face: interface for senders, public pages, finance feed, control."""

import hashlib
import hmac
import json
import socket
import struct
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from . import pages
from .faults import Faults
from .signatures import BadSignature, TrustStore, verify
from .store import Conflict, Store, parse

HERE = Path(__file__).parent
STATIC = {
    "/static/portal.css": (HERE.parent.parent / "static/portal.css", "text/css; charset=utf-8"),
    "/static/portal-emblem.svg": (HERE / "pages/emblem.svg", "image/svg+xml"),
    "/static/portal-skyline.svg": (HERE / "pages/skyline.svg", "image/svg+xml"),
    "/favicon.ico": (HERE / "pages/emblem.svg", "image/svg+xml"),
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LIMIT = 2 * 2**20  # bytes of one notice


class Portal(ThreadingHTTPServer):
    """The program's state: store, trust, faults, counts."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address, store: str, trust: str, control_token: str = "", public_url: str = ""):
        super().__init__(address, Handler)
        self.store, self.trust, self.faults = Store(store), TrustStore(trust), Faults()
        self.control_token = control_token
        self.url = (public_url or f"http://{self.server_address[0]}:{self.server_address[1]}").rstrip("/")
        self.counts, self.lock = Counter(), threading.Lock()

    def count(self, name: str) -> None:
        with self.lock:
            self.counts[name] += 1

    def stats(self) -> dict:
        receipts = self.store.receipts()
        with self.lock:
            counts = dict(self.counts)
        duplicates = sum(receipts.values()) - len(receipts)
        return {**counts, "notices": len(receipts), "duplicates": duplicates, "receipts": receipts}

    def handle_error(self, request, client_address):
        """A sender that hangs up is weather, not an error of ours."""
        self.count("broken_connections")


class Handler(BaseHTTPRequestHandler):
    """One connection; every answer leaves in one write with the strict headers."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "portal", ""
    disable_nagle_algorithm = True
    timeout = 60
    server: Portal

    def do_GET(self):
        self.body = b""
        self.dispatch("GET")

    def do_HEAD(self):
        self.body = b""
        self.dispatch("GET")

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LIMIT:
            self.close_connection = True
            return self.json(413 if length.isdecimal() else 411, {"error": "正文长度缺失或过大"})
        self.body = self.rfile.read(int(length))
        self.dispatch("POST")

    def dispatch(self, method: str) -> None:
        self.server.count(f"requests_{method.lower()}")
        parts = urlsplit(self.path)
        self.query = {name: values[-1] for name, values in parse_qs(parts.query, max_num_fields=20).items()}
        path = unquote(parts.path)
        for verb, prefix, action in ROUTES:
            if verb == method and (
                path == prefix or (prefix.endswith("/") and prefix != "/" and path.startswith(prefix))
            ):
                return action(self, path.removeprefix(prefix))
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
            notice, new = self.server.store.publish(parse(self.body, key, sha256, sender))
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

    def misbehave(self, fault: dict, answer: tuple[int, dict]) -> None:
        mode = fault["mode"]
        if mode == "500":
            self.json(500, {"error": "系统繁忙"})
        elif mode == "429":
            self.json(429, {"error": "请求过于频繁"}, {"Retry-After": str(fault["retry_after"])})
        elif mode == "error_body":
            self.json(200, {"error": "入库失败，请联系管理员", "code": "E5001"})
        elif mode == "garbage":
            self.send(200, b"\x00\xff<html>\xe9\x94 502 {]", "application/json")
        elif mode == "slow":
            self.server.faults.released.wait(fault["seconds"])
            self.json(*answer)
        else:
            self.hang_up(mode, fault["seconds"])

    def hang_up(self, mode: str, seconds: float) -> None:
        """timeout: never an answer; reset: the connection is torn down at once (RST)."""
        self.close_connection = True
        if mode == "timeout":
            self.server.faults.released.wait(seconds)
        else:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def lookup_key(self, key: str) -> None:
        """GET /api/notices/by-key/KEY: has it arrived?"""
        self.server.count("lookups")
        if fault := self.server.faults.next("lookup"):
            self.server.count(f"fault_{fault['mode']}")
            return self.misbehave(fault, (404, {"error": "没有该公告"}))
        self.found(self.server.store.by_key(key))

    def lookup_id(self, number: str) -> None:
        self.found(self.server.store.by_id(int(number)) if number.isascii() and number.isdecimal() else None)

    def found(self, notice) -> None:
        if notice is None:
            self.json(404, {"error": "没有该公告"})
        else:
            self.json(200, self.receipt(notice) | {"title": notice["title"], "kind": notice["kind"]})

    # ── public ──
    def index(self, _rest: str) -> None:
        self.html(200, pages.listing(self.server.store, self.query))

    def notice(self, number: str) -> None:
        known = len(number) < 16 and number.isascii() and number.isdecimal()
        notice = self.server.store.by_id(int(number)) if known else None
        if notice is None:
            return self.html(404, pages.missing())
        self.html(200, pages.notice(self.server.store, notice))

    def static(self, _rest: str) -> None:
        path, kind = STATIC[urlsplit(self.path).path]
        self.send(200, path.read_bytes(), kind, {"Cache-Control": "max-age=60"})

    # ── finance feed, control ──
    def quotas(self, _rest: str) -> None:
        """GET /finance/quotas?year=: the integrated budget system's quotas of a year."""
        rows = json.loads((HERE / "quotas.json").read_text())
        year = self.query.get("year", "")
        self.json(200, [row for row in rows if not year or str(row["fiscal_year"]) == year])

    def control(self, command: str) -> None:
        token = self.headers.get("X-Control-Token", "")
        if not self.server.control_token or not hmac.compare_digest(
            token.encode(), self.server.control_token.encode()
        ):
            return self.json(403, {"error": "没有控制权限"})
        if command == "stats":
            return self.json(200, self.server.stats())
        try:
            self.server.faults.order(self.body)
        except (ValueError, TypeError, KeyError):
            return self.json(400, {"error": "看不懂的故障指令"})
        self.json(200, {"faults": self.server.faults.orders})

    # ── answers ──
    def json(self, status: int, content, headers: dict | None = None) -> None:
        self.send(status, json.dumps(content, ensure_ascii=False).encode(), "application/json", headers)

    def html(self, status: int, text: str) -> None:
        self.send(status, text.encode(), "text/html; charset=utf-8")

    def send(self, status: int, content: bytes, kind: str, headers: dict | None = None) -> None:
        self.send_response(status)
        about = {"Content-Type": kind, "Content-Length": str(len(content)), **HEADERS, **(headers or {})}
        for name, value in about.items():
            self.send_header(name, value)
        self._headers_buffer.append(b"\r\n" + (b"" if self.command == "HEAD" else content))
        self.flush_headers()

    def log_message(self, *_args) -> None:
        """Silent: the counts say what happened."""


ROUTES = [
    ("POST", "/api/notices", Handler.receive),
    ("GET", "/api/notices/by-key/", Handler.lookup_key),
    ("GET", "/api/notices/", Handler.lookup_id),
    ("GET", "/finance/quotas", Handler.quotas),
    ("GET", "/control/stats", lambda handler, _rest: handler.control("stats")),
    ("POST", "/control/faults", lambda handler, _rest: handler.control("faults")),
    *(("GET", path, Handler.static) for path in STATIC),
    ("GET", "/notices/", Handler.notice),
    ("GET", "/", Handler.index),
]
