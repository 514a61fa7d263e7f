"""The interface to a system outside: what is sent, how it is signed, what its answers mean."""

import base64
import http.client
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from .signer import PublicationSigner

COVERED = '("@method" "@path" "content-digest" "idempotency-key")'
LIMIT = 64 * 1024  # bytes of an answer worth reading


@dataclass(frozen=True)
class Sent:
    """It has arrived; the far end says under which number and address."""

    id: str
    url: str


@dataclass(frozen=True)
class Retry:
    """Certainly not taken; try again, not before `after` seconds if given."""

    why: str
    after: float | None = None


@dataclass(frozen=True)
class Refused:
    """The far end will never take this."""

    why: str


@dataclass(frozen=True)
class Unknown:
    """Perhaps arrived, perhaps not: ask by key before sending again."""

    why: str


@dataclass(frozen=True)
class Absent:
    """Asked by key: it never arrived."""


Outcome = Sent | Retry | Refused | Unknown | Absent


class Client:
    """One kept-alive connection to a far end; for one relay run, not for sharing between threads."""

    who = "对方"  # as the sentences kept with a delivery call it
    thing = "单据"
    collection = "/"  # below the address; items are sent here, and found by key
    most = LIMIT  # bytes of an answer of this far end

    def __init__(self, signer: PublicationSigner, address: str, timeout: float):
        self.signer, self.address, self.timeout = signer, urlsplit(address), timeout
        self.connection: http.client.HTTPConnection | None = None

    @property
    def public_host(self) -> str | None:
        """Where its pages may stand."""
        return self.address.hostname

    def send(self, key: str, content: bytes, sha256: str) -> Outcome:
        """Send one item; SignerUnavailable when it cannot be signed."""
        headers = self.signed_headers(self.collection, key, sha256) | {"Content-Type": "application/json"}
        status, answer, again = self.exchange("POST", self.collection, content, headers)
        if status is None:
            return answer
        if status in (200, 201):
            return self.receipt(answer, key, sha256)
        return self.verdict(status, answer, again)

    def prepare(self, content: bytes, still_ours) -> Outcome | None:
        """What has to be there before the item itself; None once it is. `still_ours` prolongs the lease."""

    def verdict(self, status: int, answer: Any, again: float | None) -> Outcome:
        """What a refusal means."""
        if status == 429:
            return Retry(f"{self.who}限流（429）", again)
        if status in (401, 403):
            return Retry(f"{self.who}不认可签名（{status}）：{reason(answer)}")
        if status in (400, 404, 405, 409, 411, 413, 415, 422):
            return Refused(f"{self.who}拒绝（{status}）：{reason(answer)}")
        return Unknown(f"{self.who}返回 {status}")

    def find(self, key: str, sha256: str) -> Outcome:
        """Has it arrived?"""
        status, answer, _again = self.exchange(
            "GET", f"{self.collection}/by-key/{quote(key, safe='')}", None, {}
        )
        if status is None:
            return Unknown(answer.why)
        if status == 404:
            return Absent()
        if status == 200:
            return self.receipt(answer, key, sha256)
        return Unknown(f"按编码查询时{self.who}返回 {status}")

    def receipt(self, answer: Any, key: str, sha256: str) -> Outcome:
        """Believe a receipt only if it is one, of this content, with an address of the far end itself."""
        if not isinstance(answer, dict) or answer.get("error"):
            return Unknown(f"{self.who}应答无法识别：{reason(answer)}")
        number, url = str(answer.get("id") or ""), str(answer.get("url") or "")
        if not number or len(number) > 80 or not self.own_address(url):
            return Unknown(f"{self.who}应答缺少{self.thing}编号或地址")
        if answer.get("key", key) != key or answer.get("sha256", sha256) != sha256:
            return Refused(f"{self.who}处同一编码的内容与本系统不一致")
        return Sent(number, url)

    def own_address(self, url: str) -> bool:
        """Shown to users as a link: never anything but a page of the far end."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return len(url) <= 300 and parts.scheme in ("http", "https") and parts.hostname == self.public_host

    def signed_headers(self, path: str, key: str, sha256: str) -> dict[str, str]:
        """RFC 9421 over method, path, digest and idempotency key."""
        digest = f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:"
        line = f'{COVERED};created={int(time.time())};keyid="{self.signer.keyid}";alg="ecdsa-p256-sha256"'
        base = (
            f'"@method": POST\n"@path": {self.path(path)}\n"content-digest": {digest}\n'
            f'"idempotency-key": {key}\n"@signature-params": {line}'
        )
        signature = base64.b64encode(self.signer.sign(base.encode())).decode()
        return {
            "Idempotency-Key": key,
            "Content-Digest": digest,
            "Signature-Input": f"sig1={line}",
            "Signature": f"sig1=:{signature}:",
        }

    def path(self, path: str) -> str:
        return self.address.path.rstrip("/") + path

    def exchange(self, method: str, path: str, body: bytes | None, headers: dict, take=None):
        """(status, JSON or None, Retry-After) or (None, outcome, None) when there was no whole answer.

        `take` makes something else than JSON of the parts of the answer.
        """
        try:
            self.connect()
        except OSError as error:
            return None, Retry(f"无法连接{self.who}（{type(error).__name__}）"), None
        try:
            self.connection.request(method, self.path(path), body, headers)
            response = self.connection.getresponse()
            found = take(self.parts(response)) if take else parse(b"".join(self.parts(response)))
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return None, Unknown(f"{self.who}没有应答（{type(error).__name__}）"), None
        return response.status, found, seconds(response.headers.get("Retry-After"))

    def connect(self) -> None:
        if self.connection is None:
            secure = self.address.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            self.connection = kind(self.address.hostname, self.address.port, timeout=self.timeout)
        if self.connection.sock is None:
            self.connection.connect()

    def parts(self, response) -> Iterator[bytes]:
        """The answer piece by piece, unless it is endless or drips."""
        deadline, size = time.monotonic() + self.timeout, 0
        while part := response.read1(LIMIT):
            size += len(part)
            if size > self.most or time.monotonic() > deadline:
                raise http.client.HTTPException("answer too long or too slow")
            yield part
        response.read()  # nothing is left, but only this tells http.client that the connection is free again

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()


def parse(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def reason(answer: Any) -> str:
    """The far end's own words, cut short; they are shown as text."""
    return str(answer.get("error", ""))[:120] if isinstance(answer, dict) else "不是规定的格式"


def seconds(header: str | None) -> float | None:
    """Retry-After in seconds, at most six hours; a date or rubbish counts as none."""
    return min(float(header), 6 * 3600) if header and header.isascii() and header.isdecimal() else None
