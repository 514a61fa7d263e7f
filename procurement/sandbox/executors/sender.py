"""Reports events back: signed by the executor's own key, retried until they are answered."""

import base64
import hashlib
import http.client
import json
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

COVERED = '("@method" "@path" "content-digest" "idempotency-key")'
LONGEST = 60  # seconds between two tries
AGAIN = (401, 408, 425, 429)  # of the 4xx, worth trying again: a clock may be set, a certificate laid down
TIMEOUT = 10


class Key:
    """One executor's key and certificate."""

    def __init__(self, folder: Path, role: str):
        self.key = serialization.load_pem_private_key((folder / f"{role}.key").read_bytes(), None)
        certificate = x509.load_pem_x509_certificates((folder / f"{role}.pem").read_bytes())[0]
        self.keyid = certificate.fingerprint(hashes.SHA256()).hex()

    def headers(self, path: str, event: str, body: bytes) -> dict[str, str]:
        digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
        line = f'{COVERED};created={int(time.time())};keyid="{self.keyid}";alg="ecdsa-p256-sha256"'
        base = (
            f'"@method": POST\n"@path": {path}\n"content-digest": {digest}\n'
            f'"idempotency-key": {event}\n"@signature-params": {line}'
        )
        r, s = utils.decode_dss_signature(self.key.sign(base.encode(), ec.ECDSA(hashes.SHA256())))
        signature = base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": event,
            "Content-Digest": digest,
            "Signature-Input": f"sig1={line}",
            "Signature": f"sig1=:{signature}:",
        }


class Sender(threading.Thread):
    """One thread: the oldest due report first, later ones wait for nobody."""

    def __init__(self, server, keys: str, callback: str, retry: float):
        super().__init__(daemon=True)
        self.server, self.keys, self.retry = server, Path(keys), retry
        self.address, self.ending = urlsplit(callback.rstrip("/")), False
        server.sender = self
        self.bell = threading.Event()

    def run(self) -> None:
        while not self.ending:
            self.bell.clear()
            for row in self.server.store.due():
                if not self.ending:
                    self.report(row)
            self.bell.wait(min(self.retry, 0.5))

    def stop(self) -> None:
        self.ending = True
        self.bell.set()
        self.join(TIMEOUT + 1)

    def report(self, row) -> None:
        """One try, with whatever fault was ordered for it."""
        fault = self.server.faults.next("callback")
        mode = fault["mode"] if fault else ""
        if mode:
            self.server.count(f"callback_{mode}")
        if mode == "reorder":  # held back until a later report of the same order has gone out
            return self.server.store.settle(row["id"], next_at=time.time() + fault["seconds"])
        status, answer = self.post(row, mode)
        if mode == "twice":
            status, answer = self.post(row)
        if mode == "lost":
            status, answer = 0, "应答丢失"
        self.written(row, status, answer)

    def written(self, row, status: int, answer: str) -> None:
        store, tries = self.server.store, row["attempts"] + 1
        if 200 <= status < 300:
            store.settle(row["id"], state="sent", attempts=tries, answer=answer)
            self.release(row)
        elif 400 <= status < 500 and status not in AGAIN:
            store.settle(row["id"], state="refused", attempts=tries, answer=f"{status} {answer}")
        else:
            after = min(LONGEST, self.retry * 2 ** min(tries - 1, 10))
            store.settle(
                row["id"], attempts=tries, answer=f"{status or ''} {answer}", next_at=time.time() + after
            )

    def release(self, row) -> None:
        """What was held back for this one follows."""
        sql = "UPDATE event SET next_at = 0 WHERE state = 'due' AND attempts = 0 AND task = ? AND id < ?"
        self.server.store.rows(sql, row["task"], row["id"])

    def post(self, row, mode: str = "") -> tuple[int, str]:
        """(status, sentence); 0 when there was no answer."""
        body, path = row["body"].encode(), f"{self.address.path}/{row['role']}/"
        try:
            event = str(json.loads(body).get("event", row["event"]))
            headers = Key(self.keys, row["role"]).headers(path, event, body)
            if mode in ("garbage", "bad_signature"):
                self.exchange(path, b"\x00\xff{]" if mode == "garbage" else body, self.spoil(headers))
            self.server.count("callbacks")
            return self.exchange(path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            return 0, f"没有应答（{type(error).__name__}）"

    def spoil(self, headers: dict[str, str]) -> dict[str, str]:
        return headers | {"Signature": "sig1=:" + "A" * 86 + "==:"}

    def exchange(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        secure = self.address.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(self.address.hostname, self.address.port, timeout=TIMEOUT)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, sentence(answer.read(64 * 1024))
        finally:
            connection.close()


def sentence(content: bytes) -> str:
    """The supervision system's own words."""
    try:
        answer = json.loads(content)
        return str(answer.get("error") or answer.get("sentence") or answer.get("verdict") or "")[:200]
    except (ValueError, AttributeError):
        return ""
