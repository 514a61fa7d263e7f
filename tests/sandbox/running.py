"""The sandbox as a process of its own, and a sender that signs by RFC 9421 with a key in memory."""

import base64
import hashlib
import http.client
import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "control-of-the-tests"
COVERED = '("@method" "@path" "content-digest" "idempotency-key")'


@dataclass
class Answer:
    """One HTTP answer, read whole."""

    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode()


class Sandbox:
    """The running program and how to talk to it."""

    module, more = "procurement.sandbox", ()

    def __init__(self, folder: Path, trust: Path):
        self.store, self.trust, self.port, self.process = folder / "portal.sqlite3", trust, 0, None

    def start(self) -> "Sandbox":
        command = [sys.executable, "-m", self.module, "--port", str(self.port), *self.more]
        command += ["--store", str(self.store), "--trust", str(self.trust), "--control-token", TOKEN]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        self.port = int(self.url.rsplit(":", 1)[1])
        return self

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)
        self.process.stdout.close()

    def request(self, method: str, path: str, body: bytes | None = None, timeout=60, **headers) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers) -> Answer:
        return self.request("GET", path, **headers)

    def fault(self, mode: str, **order) -> None:
        body = json.dumps({"mode": mode, **order}).encode()
        assert self.request("POST", "/control/faults", body, X_Control_Token=TOKEN).status == 200

    def tamper(self, key: str, **order) -> None:
        """Change, remove or smuggle in a notice (or a file, by its hash) behind the senders' back."""
        body = json.dumps({"key": key, **order}).encode()
        answer = self.request("POST", "/control/notices", body, X_Control_Token=TOKEN)
        assert answer.json == {"changed": 1}, answer.text

    def stats(self) -> dict:
        return self.get("/control/stats", X_Control_Token=TOKEN).json


class Outside(Sandbox):
    """The executors as a running program, and a person in front of their pages."""

    module = "procurement.sandbox.executors"

    def __init__(self, folder: Path, trust: Path, keys: Path, callback: str):
        super().__init__(folder, trust)
        self.more = ("--keys", str(keys), "--callback", callback, "--retry", "0.1")

    def press(self, role: str, task: int, verb: str, **typed) -> Answer:
        """Submit a form of the page of one order."""
        body = urlencode({name.replace("_at_", "-"): value for name, value in typed.items()}).encode()
        return self.request("POST", f"/{role}/tasks/{task}/{verb}", body)

    def task(self, role: str, number: str) -> int | None:
        """The id of the order with this number, as its list shows it."""
        found = re.search(
            rf'href="/{role}/tasks/(\d+)/">(?:(?!</article>).)*?{number}', self.get(f"/{role}/").text, re.S
        )
        return int(found[1]) if found else None

    def report(self, role: str, content: dict) -> None:
        """Let it report any content at all, truthfully signed."""
        body = json.dumps(content).encode()
        assert self.request("POST", f"/control/events/{role}", body, X_Control_Token=TOKEN).status == 200


class Sender:
    """A system with a P-256 key and a certificate."""

    def __init__(self, name: str = "portal-2026"):
        self.key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        self.certificate = x509.CertificateBuilder(
            subject, subject, self.key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=9)
        ).sign(self.key, hashes.SHA256())

    @property
    def keyid(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    def trusted_by(self, folder: Path, name: str = "") -> None:
        pem = self.certificate.public_bytes(serialization.Encoding.PEM)
        (folder / f"{name or self.keyid[:8]}.pem").write_bytes(pem)

    def kept_in(self, folder: Path, name: str) -> None:
        """Key and certificate as files: the sandbox signs with them."""
        plain, form = serialization.NoEncryption(), serialization.PrivateFormat.PKCS8
        (folder / f"{name}.key").write_bytes(self.key.private_bytes(serialization.Encoding.PEM, form, plain))
        self.trusted_by(folder, name)

    def headers(self, key: str, body: bytes, path="/api/notices", created: int | None = None) -> dict:
        digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
        line = f'{COVERED};created={created or int(time.time())};keyid="{self.keyid}";alg="ecdsa-p256-sha256"'
        base = f'"@method": POST\n"@path": {path}\n"content-digest": {digest}\n"idempotency-key": {key}\n'
        base += f'"@signature-params": {line}'
        r, s = utils.decode_dss_signature(self.key.sign(base.encode(), ec.ECDSA(hashes.SHA256())))
        signature = base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()
        return {
            "Idempotency-Key": key,
            "Content-Digest": digest,
            "Signature-Input": f"sig1={line}",
            "Signature": f"sig1=:{signature}:",
        }

    def send(self, sandbox: Sandbox, content: dict, timeout=60, **changed) -> Answer:
        body = json.dumps(content, ensure_ascii=False).encode()
        headers = self.headers(content["key"], body) | changed
        return sandbox.request("POST", "/api/notices", body, timeout, **headers)


def a_notice(key: str = "intent-1-1", **changes) -> dict:
    """A whole notice as the system sends it."""
    return {
        "key": key,
        "kind": "intent",
        "title": "安徽示例大学2026年11月政府采购意向",
        "unit": {"name": "安徽示例大学", "uscc": "12340000MB0000001X"},
        "fiscal_year": 2026,
        "html": "<p>为便于供应商及时了解政府采购信息，现公开如下：</p>",
        "data": {},
        "supersedes": None,
    } | changes
