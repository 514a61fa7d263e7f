"""The provincial portal as a far end."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

from .client import Absent, Client, Retry
from .signer import PublicationSigner

LARGEST = 4 * 2**20  # bytes of a notice read back: more than the portal takes


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
