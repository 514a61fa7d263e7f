"""Fetch a revocation list from the one address its authority's row names; never during a login."""

import urllib.request
from urllib.parse import urlsplit

from .errors import CAKeyError
from .revocation import LARGEST

SECONDS = 20


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could lead anywhere, so it is an error."""

    def redirect_request(self, *arguments, **options):
        return None


OPENER = urllib.request.build_opener(NoRedirect)


def fetch(url: str) -> bytes:
    """Raises CAKeyError CRL_FETCH or CRL_TOO_LARGE."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise CAKeyError("CRL_FETCH", "not http")
    try:
        with OPENER.open(url, timeout=SECONDS) as answer:
            data = answer.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise CAKeyError("CRL_FETCH", str(error)) from error
    if len(data) > LARGEST:
        raise CAKeyError("CRL_TOO_LARGE")
    return data
