"""The provincial portal as a far end."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

from procurement.flow.attachments import FILE_LIMIT

from . import enclosures
from .client import Absent, Client, Outcome, Refused, Retry
from .signer import PublicationSigner

LARGEST = FILE_LIMIT + 2**20  # bytes of a notice or an attachment read back: more than the portal takes
FILES = "/api/files"
MOST = 200  # attachments of one notice worth reading back


@dataclass(frozen=True)
class Copy:
    """A notice as it stands at the portal now."""

    key: str
    id: str
    url: str
    sender: str  # the certificate it was sent under
    content: dict[str, Any]


@dataclass(frozen=True)
class Listed:
    """Keys of one page of the portal's list, and where the next begins; nothing there at the end."""

    keys: list[str]
    after: str


@dataclass(frozen=True)
class Unread:
    """No answer of the agreed form: nothing can be said."""

    why: str
    down: bool = False  # not even a connection


class Portal(Client):
    """Notices go there."""

    who, thing, collection = "门户", "公告", "/api/notices"
    most = LARGEST

    def __init__(self, signer: PublicationSigner):
        super().__init__(signer, settings.PORTAL_URL, settings.PORTAL_TIMEOUT)

    @property
    def public_host(self) -> str | None:
        return urlsplit(settings.PORTAL_PUBLIC_URL or settings.PORTAL_URL).hostname

    # --- attachments --------------------------------------------------------------------------------

    def prepare(self, content: bytes, still_ours: Callable[[], bool]) -> Outcome | None:
        """Attachments go ahead under their hash: sent twice they are still there once."""
        for sha256 in enclosures.hashes(content):
            if not still_ours():
                return Retry("另一个进程已接手这份公告")
            if (outcome := self.bring(sha256)) is not None:
                return outcome
        return None

    def bring(self, sha256: str) -> Outcome | None:
        """None once the portal has this file; the notice itself has certainly not been sent meanwhile."""
        status, answer, _again = self.exchange("GET", f"{FILES}/{sha256}", None, {})
        if status == 200:
            return None
        if status != 404:
            return Retry(answer.why if status is None else f"查询附件时门户返回 {status}")
        content = enclosures.read(sha256)
        if content is None:
            return Refused(f"附件（SHA-256 {sha256[:12]}…）的文件缺失或已损坏")
        headers = self.signed_headers(FILES, sha256, sha256) | {"Content-Type": "application/octet-stream"}
        status, answer, again = self.exchange("POST", FILES, content, headers)
        if status is None:
            return Retry(answer.why)
        if status in (200, 201) and isinstance(answer, dict) and answer.get("sha256") == sha256:
            return None
        outcome = self.verdict(status, answer, again)
        return outcome if isinstance(outcome, Refused | Retry) else Retry(f"附件没有送达：{outcome.why}")

    def hash_as_published(self, number: str, place: int) -> str | Unread:
        """Of the attachment everybody can download; empty when the portal does not have it."""
        path = f"{self.collection}/{quote(number, safe='')}/files/{place}"
        status, found, _again = self.exchange("GET", path, None, {}, hashed)
        if status is None:
            return Unread(found.why, isinstance(found, Retry))
        return found if status == 200 else "" if status == 404 else Unread(f"读附件时门户返回 {status}")

    # --- reading back -------------------------------------------------------------------------------

    def read_back(self, key: str) -> Copy | Absent | Unread:
        """The whole notice as the public sees it."""
        path = f"{self.collection}/by-key/{quote(key, safe='')}?{urlencode({'view': 'content'})}"
        status, answer, _again = self.exchange("GET", path, None, {})
        if status is None:
            return Unread(answer.why, isinstance(answer, Retry))
        if status == 404 and isinstance(answer, dict) and answer.get("error"):
            return Absent()
        if status != 200 or not isinstance(answer, dict) or answer.get("key") != key:
            return Unread(f"读回公告时门户返回 {status}")
        number, url = str(answer.get("id") or ""), str(answer.get("url") or "")
        content = answer.get("content")
        if not (number and len(number) <= 80 and self.own_address(url) and isinstance(content, dict)):
            return Unread("门户应答不是规定的格式")
        for place, file in enumerate(enclosures.named(content)[:MOST], 1):
            found = self.hash_as_published(number, place)
            if isinstance(found, Unread):
                return found
            file["sha256"] = found  # what is there, whatever the portal says of it
        return Copy(key, number, url, str(answer.get("sender") or "")[:64], content)

    def listing(self, sender: str, after: str) -> Listed | Unread:
        """A page of what stands there under one certificate; a portal without such a list lists nothing."""
        query = urlencode({"sender": sender, "after": after})
        status, answer, _again = self.exchange("GET", f"{self.collection}?{query}", None, {})
        if status is None:
            return Unread(answer.why, isinstance(answer, Retry))
        if status in (404, 405, 501):
            return Listed([], "")
        keys = answer.get("keys") if status == 200 and isinstance(answer, dict) else None
        if not isinstance(keys, list) or not all(isinstance(key, str) and len(key) <= 80 for key in keys):
            return Unread(f"读取清单时门户返回 {status}")
        return Listed(keys, str(answer.get("after") or "")[:30] if keys else "")


def hashed(parts) -> str:
    """SHA-256 of an answer that need not fit into memory."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
    return found.hexdigest()
