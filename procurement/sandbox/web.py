"""What every stand-in has: one handler a connection, strict headers, faults and counts on demand."""

import hmac
import json
import socket
import struct
import sys
import threading
import traceback
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from .faults import Faults

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LIMIT = 2 * 2**20  # bytes of one request


class Program(ThreadingHTTPServer):
    """The program's state: trust, faults, counts."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address, handler, control_token: str = "", public_url: str = ""):
        super().__init__(address, handler)
        self.faults, self.control_token = Faults(), control_token
        self.url = (public_url or f"http://{self.server_address[0]}:{self.server_address[1]}").rstrip("/")
        self.counts, self.lock = Counter(), threading.Lock()

    def count(self, name: str) -> None:
        with self.lock:
            self.counts[name] += 1

    def stats(self) -> dict:
        with self.lock:
            return dict(self.counts)

    def handle_error(self, request, client_address):
        """A sender that hangs up is weather, not an error of ours; anything else is."""
        self.count("broken_connections")
        if not isinstance(sys.exception(), OSError):
            traceback.print_exc()


class Handler(BaseHTTPRequestHandler):
    """One connection; every answer leaves in one write with the strict headers."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "portal", ""
    disable_nagle_algorithm = True
    timeout = 60
    routes: list = []  # (method, path or prefix ending in /, action)
    limits: dict[str, int] = {}
    server: Program

    def do_GET(self):
        self.body = b""
        self.dispatch("GET")

    def do_HEAD(self):
        self.body = b""
        self.dispatch("GET")

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > self.limits.get(self.path, LIMIT):
            self.close_connection = True
            return self.json(413 if length.isdecimal() else 411, {"error": "正文长度缺失或过大"})
        self.body = self.rfile.read(int(length))
        self.dispatch("POST")

    def dispatch(self, method: str) -> None:
        self.server.count(f"requests_{method.lower()}")
        parts = urlsplit(self.path)
        self.query = {name: values[-1] for name, values in parse_qs(parts.query, max_num_fields=20).items()}
        path = unquote(parts.path)
        for verb, prefix, action in self.routes:
            if verb == method and (
                path == prefix or (prefix.endswith("/") and prefix != "/" and path.startswith(prefix))
            ):
                return action(self, path.removeprefix(prefix))
        self.missing()

    # ── faults ──
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

    # ── control ──
    def allowed(self) -> bool:
        """Only with the token, and only where one was set."""
        token, wanted = self.headers.get("X-Control-Token", ""), self.server.control_token
        return bool(wanted) and hmac.compare_digest(token.encode(), wanted.encode())

    def control(self, command: str) -> None:
        if not self.allowed():
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

    def file(self, path, kind: str) -> None:
        self.send(200, path.read_bytes(), kind, {"Cache-Control": "max-age=60"})


def control_routes() -> list:
    """What a test or a demonstrator may ask for, with the token."""
    return [
        ("GET", "/control/stats", lambda handler, _rest: handler.control("stats")),
        ("POST", "/control/faults", lambda handler, _rest: handler.control("faults")),
    ]
