"""The executors' HTTP face: an interface for orders, and pages for the people who carry them out."""

import hashlib
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from .. import web
from ..signatures import BadSignature, TrustStore, verify
from ..store import Conflict
from . import forms, pages
from .roles import ROLES
from .store import Impossible, Store

HERE = Path(__file__).parent


class Executors(web.Program):
    """The program's state: orders, whom we believe, and who reports back."""

    def __init__(self, address, store: str, trust: str, control_token: str = "", public_url: str = ""):
        super().__init__(address, Handler, control_token, public_url)
        self.store, self.trust, self.sender = Store(store), TrustStore(trust), None

    def stats(self) -> dict:
        receipts = self.store.receipts()
        return {**super().stats(), "receipts": receipts, "reports": self.store.reports()}


class Handler(web.Handler):
    """What the executors answer."""

    server: Executors
    role: str

    def missing(self) -> None:
        self.html(404, pages.missing())

    def of_role(self, rest: str) -> None:
        """/<role>/…: the same for all whom we play."""
        self.role, _, rest = rest.partition("/")
        if self.role not in ROLES:
            return self.missing()
        for verb, prefix, action in OF_ROLE:
            if verb == self.command.replace("HEAD", "GET") and (
                rest == prefix or (prefix.endswith("/") and rest.startswith(prefix))
            ):
                return action(self, rest.removeprefix(prefix))
        self.missing()

    # ── interface ──
    def receive(self, _rest: str) -> None:
        """POST /<role>/api/orders."""
        try:
            verify("POST", urlsplit(self.path).path, self.headers, self.body, self.server.trust)
        except BadSignature as error:
            self.server.count("bad_signatures")
            return self.json(401, {"error": str(error)})
        fault = self.server.faults.next("publish")
        if fault is None:
            return self.json(*self.take())
        self.server.count(f"fault_{fault['mode']}")
        self.misbehave(fault, self.take() if fault["stored"] else (200, {}))

    def take(self) -> tuple[int, dict]:
        """201 at first, 200 and the same answer for a repeated key, 409 for another body."""
        key, sha256 = self.headers["Idempotency-Key"] or "", hashlib.sha256(self.body).hexdigest()
        try:
            content = forms.order(self.body, key)
            row, new = self.server.store.take(self.role, key, sha256, content)
        except ValueError as error:
            return 422, {"error": str(error)}
        except Conflict:
            return 409, {"error": "该编码已用于另一份内容"}
        return 201 if new else 200, self.receipt(row)

    def receipt(self, row) -> dict:
        task = self.server.store.by_number(self.role, row["number"])
        page = f"/tasks/{task['id']}/" if task else "/"
        url = f"{self.server.url}/{self.role}{page}"
        return {"id": f"{self.role}-{row['id']}", "url": url, "key": row["key"], "sha256": row["sha256"]}

    def lookup(self, key: str) -> None:
        """GET /<role>/api/orders/by-key/KEY: has it arrived?"""
        self.server.count("lookups")
        if fault := self.server.faults.next("lookup"):
            return self.misbehave(fault, (404, {"error": "没有该任务书"}))
        row = self.server.store.message(self.role, key)
        self.json(200, self.receipt(row)) if row else self.json(404, {"error": "没有该任务书"})

    # ── pages ──
    def home(self, _rest: str) -> None:
        self.html(200, pages.home({role: self.server.store.counts(role) for role in ROLES}))

    def listing(self, _rest: str) -> None:
        state, store = self.query.get("state", ""), self.server.store
        rows, counts = store.tasks(self.role, state), store.counts(self.role)
        self.html(200, pages.listing(self.role, rows, counts, state))

    def task(self, rest: str) -> None:
        if row := self.asked(rest.rstrip("/")):
            self.show(row)

    def asked(self, number: str):
        known = number.isascii() and number.isdecimal() and len(number) < 16
        row = self.server.store.task(self.role, int(number)) if known else None
        if row is None:
            self.missing()
        return row

    def show(self, row, status: int = 200, sentence: str = "", typed: dict | None = None) -> None:
        events = self.server.store.events(row["id"])
        self.html(status, pages.task(self.role, row, events, sentence, typed or {}))

    def act(self, rest: str) -> None:
        """POST /<role>/tasks/<id>/<verb>."""
        number, _, verb = rest.partition("/")
        if not self.from_our_page():
            return self.html(403, pages.missing("请从本系统的页面提交。"))
        row = self.asked(number)
        if row is None:
            return
        try:
            typed = {
                name: [value.strip() for value in values]
                for name, values in parse_qs(self.body.decode(), True, max_num_fields=2000).items()
            }
        except ValueError:
            return self.show(row, 400, "提交的内容无法识别。")
        if verb == "resend":
            self.server.store.hurry(row["id"])
        elif not self.decide(row, verb, typed):
            return
        self.server.sender.bell.set()
        self.see(f"/{self.role}/tasks/{number}/")

    def decide(self, row, verb: str, typed: dict) -> bool:
        """Do it, or show the page again with what was typed and what is wrong."""
        try:
            kind, content = forms.read(verb, row, typed, ROLES[self.role].mall)
            self.server.store.act(self.role, row["id"], kind, **content)
        except (ValueError, Impossible) as error:
            self.show(row, 422, str(error), typed)
            return False
        return True

    def from_our_page(self) -> bool:
        """No other site may press our buttons: the browser says where a form came from."""
        site, origin = self.headers.get("Sec-Fetch-Site", "same-origin"), self.headers.get("Origin", "")
        return site in ("same-origin", "none") and (
            not origin or urlsplit(origin).netloc == self.headers.get("Host", "")
        )

    def see(self, path: str) -> None:
        self.send(303, b"", "text/plain", {"Location": path})

    def style(self, _rest: str) -> None:
        self.file(HERE / "pages/executors.css", "text/css; charset=utf-8")

    # ── control ──
    def report(self, role: str) -> None:
        """POST /control/events/<role>: report any content at all, truthfully signed."""
        if not self.allowed():
            return self.json(403, {"error": "没有控制权限"})
        self.server.store.owe(role, json.loads(self.body))
        self.server.sender.bell.set()
        self.json(200, {})


OF_ROLE = [
    ("POST", "api/orders", Handler.receive),
    ("GET", "api/orders/by-key/", Handler.lookup),
    ("GET", "", Handler.listing),
    ("GET", "tasks/", Handler.task),
    ("POST", "tasks/", Handler.act),
]
Handler.routes = [
    ("GET", "/", Handler.home),
    ("GET", "/static/executors.css", Handler.style),
    *web.control_routes(),
    ("POST", "/control/events/", Handler.report),
    *((method, f"/{role}/", lambda handler, rest, role=role: handler.of_role(f"{role}/{rest}"))
      for role in ROLES for method in ("GET", "POST")),
]  # fmt: skip
