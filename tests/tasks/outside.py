"""The executors of the tests: their keys, what we know of them, and the sandbox that plays them."""

import json
import uuid
from pathlib import Path

import pytest
from django.test import Client

from notices.jobs import SIGNER
from tests.notices.conftest import hsm
from tests.sandbox.running import Outside, Sender

__all__ = ["hsm", "keys", "known", "outside", "program", "report", "result"]
ROLES = ("huicai", "wancai", "trading", "agency")
TODAY = "2026-11-20"


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """Each executor's own key; the folder is what the sandbox signs with and what we trust."""
    folder = tmp_path_factory.mktemp("executors")
    found = {role: Sender(role) for role in ROLES}
    for role, sender in found.items():
        sender.kept_in(folder, role)
    return found | {"folder": folder}


@pytest.fixture
def known(keys, settings):
    """What our settings say of the executors; nobody listens there."""
    settings.EXECUTORS = connected("http://127.0.0.1:9", keys["folder"])
    return keys


def connected(url: str, folder: Path) -> dict:
    return {
        role: {"url": f"{url}/{role}", "pages": "", "certificates": str(folder / f"{role}.pem")}
        for role in ROLES
    }


@pytest.fixture
def program(tmp_path_factory, hsm, keys, live_server):
    """The running sandbox, which reports to the running site; empty for each test, as the database is."""
    callback = f"{live_server.url}/tasks/callbacks"
    running = Outside(tmp_path_factory.mktemp("outside"), hsm.trust, keys["folder"], callback).start()
    yield running
    running.stop()


@pytest.fixture
def outside(program, hsm, keys, settings, monkeypatch, broker):
    """The sandbox as the executors of this process, whose relays sign with the server's token."""
    monkeypatch.setenv("SOFTHSM2_CONF", str(hsm.conf))
    settings.PKCS11_PIN_FILE = str(hsm.pin_file)
    settings.EXECUTORS = connected(program.url, keys["folder"])
    yield program
    program.fault("none")
    SIGNER.close()


def event(book, kind: str, sequence: int = 1, **content) -> dict:
    """One event as an executor sends it."""
    number = book if isinstance(book, str) else book.number
    return {
        "event": uuid.uuid4().hex, "book": number, "kind": kind, "sequence": sequence,
        "occurred_at": f"{TODAY}T10:00:00+08:00",
    } | content  # fmt: skip


def report(
    sender: Sender, channel: str, content, *, body: bytes | None = None, path="", created=None, **changed
):
    """POST it to the callbacks, signed; `changed` replaces headers afterwards."""
    body = json.dumps(content).encode() if body is None else body
    path = path or f"/tasks/callbacks/{channel}/"
    name = str(content.get("event", "x")) if isinstance(content, dict) else "x"
    headers = sender.headers(name, body, path=path, created=created) | changed
    return Client().post(
        f"/tasks/callbacks/{channel}/", body, content_type="application/json", headers=headers
    )


def line(item, quantity: str, price: str, total: str, **fields) -> dict:
    return {
        "plan_item": item.pk if item else None, "name": "教学用台式计算机", "brand": "示例", "model": "T1",
        "quantity": quantity, "unit_price": price, "total": total,
    } | fields  # fmt: skip


def result(book, amount: str = "900.00", number: str = "DD-1", quantity: str = "1", **fields) -> dict:
    """A mall order, or the award of a package."""
    return {
        "result_no": number, "result_date": TODAY, "amount": amount,
        "suppliers": [{"name": "安徽示例科技有限公司", "uscc": "91340000MB00000012", "is_winner": True}],
        "lines": [line(book and book.approved_plan.items.get(), quantity, amount, amount)],
    } | fields  # fmt: skip


def failed(number: str = "FB-1", **fields) -> dict:
    """A round nobody won."""
    return {
        "result_no": number, "result_date": TODAY, "failed": True, "bidders": 2,
        "failure_reason": "有效投标人不足三家",
    } | fields  # fmt: skip
