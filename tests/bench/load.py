"""Browsers without a screen: kept-alive connections, each sends its next request when the answer is whole."""

import http.client
import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass
class Outcome:
    """What came back in one run."""

    seconds: float
    statuses: Counter = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)

    def rate(self, status: int) -> float:
        return self.statuses[status] / self.seconds


class Connection:
    """One browser on one connection; the next request comes from `make`, None ends it."""

    def __init__(self, port: int, make: Callable[[], bytes | None]):
        self.port, self.make, self.socket = port, make, None

    def begin(self, selector) -> bool:
        """Send the next request; false when there is none."""
        request = self.make()
        if request is None:
            return False
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(self.socket, selectors.EVENT_READ, self)
        self.since, self.answer = time.perf_counter(), b""
        self.socket.sendall(request)
        return True

    def receive(self, selector) -> int | None:
        """The status once the answer is whole."""
        part = self.socket.recv(65536)
        self.answer += part
        head, found, body = self.answer.partition(b"\r\n\r\n")
        if not part and not found:
            raise ConnectionError(f"port {self.port} hung up after {self.answer[:200]!r}")
        length = LENGTH.search(head) if found else None
        if not found or (part and (length is None or len(body) < int(length[1]))):
            return None
        if not part or b"\r\nconnection: close" in head.lower():
            self.close(selector)
        return int(head[9:12])

    def close(self, selector) -> None:
        selector.unregister(self.socket)
        self.socket.close()
        self.socket = None


def run(port: int, makers: list[Callable[[], bytes | None]], seconds: float) -> Outcome:
    """Everybody at once for some seconds, or until nobody has anything more to ask."""
    outcome, selector = Outcome(seconds), selectors.DefaultSelector()
    began = time.perf_counter()
    busy = sum(connection.begin(selector) for connection in [Connection(port, make) for make in makers])
    while busy:
        for key, _ in selector.select(timeout=30):
            connection = key.data
            status = connection.receive(selector)
            if status is None:
                continue
            now = time.perf_counter()
            outcome.statuses[status] += 1
            outcome.times.append(now - connection.since)
            if now - began > seconds or not connection.begin(selector):
                busy -= 1
                if connection.socket:
                    connection.close(selector)
    outcome.seconds = time.perf_counter() - began
    selector.close()
    return outcome


class Browser:
    """A logged-in session: its cookies and its CSRF token, taken from a page as a browser does."""

    def __init__(self, port: int, session: str, page: str = ""):
        self.port, self.cookie, self.token = port, f"gp_sid={session}", ""
        if page:
            self.visit(page)

    def visit(self, page: str) -> None:
        """Open a page with a form and keep its token and the cookie beside it."""
        text, headers = self.answer(page)
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
        if not found:
            raise ConnectionError(f"{page}: no form in {text[:300]}")
        csrf = re.search(r"gp_csrf=(\w+)", headers)
        self.token, self.cookie = found[1], f"{self.cookie}; gp_csrf={csrf[1]}"

    def read(self, page: str) -> str:
        """The text of a page, outside any measurement."""
        return self.answer(page)[0]

    def answer(self, page: str) -> tuple[str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", page, headers={"Cookie": self.cookie})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        if response.status != 200:
            raise ConnectionError(
                f"{page}: {response.status} {response.headers.get('Location')} {text[:300]}"
            )
        return text, str(response.headers)

    def get(self, path: str) -> bytes:
        """The bytes of one request for a page."""
        return self.head("GET", path).encode() + b"\r\n"

    def post(self, path: str, **fields) -> bytes:
        """The bytes of one form, with the headers a browser sends."""
        body = urlencode({"csrfmiddlewaretoken": self.token, **fields}).encode()
        return self.send(path, body, "application/x-www-form-urlencoded")

    def send(self, path: str, body: bytes, kind: str) -> bytes:
        head = self.head("POST", path) + f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body

    def head(self, method: str, path: str) -> str:
        host = f"127.0.0.1:{self.port}"
        origin = f"Origin: http://{host}\r\n" if method == "POST" else ""
        return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{origin}Cookie: {self.cookie}\r\n"
