"""Which web sites may ask: a list an administrator installs, exact text against exact text."""

from collections.abc import Iterable
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Origins:
    """The allow-list; https only, http on loopback (and on practice sites) with `dev`."""

    def __init__(self, allowed: Iterable[str], *, dev: bool = False, practice: Iterable[str] = ()):
        self.allowed = frozenset(allowed)
        self.practice = frozenset(practice)
        for origin in self.allowed | self.practice:
            check(origin, loopback_http=dev, any_http=origin in self.practice)

    def allow(self, origin: str) -> bool:
        return origin in self.allowed or origin in self.practice

    def real_sites(self) -> list[str]:
        """https origins that are not practice sites: no page may send a PIN from there."""
        return sorted(o for o in self.allowed if o.startswith("https:") and o not in self.practice)


def check(origin: str, *, loopback_http: bool, any_http: bool) -> None:
    """Raises ValueError unless `origin` is scheme://host[:port] and safe enough."""
    parts = urlsplit(origin)
    if f"{parts.scheme}://{parts.netloc}" != origin or not parts.hostname or "@" in parts.netloc:
        raise ValueError(f"not an origin: {origin!r}")
    loopback = parts.hostname in LOOPBACK
    if parts.scheme != "https" and not (
        parts.scheme == "http" and (any_http or (loopback_http and loopback))
    ):
        raise ValueError(f"https required: {origin!r}")
