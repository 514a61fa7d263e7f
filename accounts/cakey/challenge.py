"""Nonces: given out, bound to one browser session and one purpose, and consumed exactly once.

They live in PostgreSQL, not in Redis: an outage of the cache must not switch replay protection off.
"""

import base64
import hashlib
import secrets
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from accounts.models import LoginChallenge

from .errors import CAKeyError

LIFE = timedelta(seconds=300)
LIVE_PER_SESSION = 5
LIVE_PER_ADDRESS = 200  # a whole unit may sit behind one address
LOGIN = "login"

CONSUME = """
    DELETE FROM accounts_loginchallenge WHERE digest = %s
    RETURNING session_hash, purpose, origin, expires_at
"""


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def give(session_key: str, *, origin: str, purpose: str = LOGIN, address: str | None = None) -> str:
    """A fresh nonce (256 bits, 44 base64 characters); raises CAKeyError RATE_LIMITED."""
    now = timezone.now()
    LoginChallenge.objects.filter(expires_at__lt=now).delete()
    if address and LoginChallenge.objects.filter(address=address).count() >= LIVE_PER_ADDRESS:
        raise CAKeyError("RATE_LIMITED", "challenges")
    drop_oldest(sha256(session_key))
    nonce = base64.b64encode(secrets.token_bytes(32)).decode()
    LoginChallenge.objects.create(
        digest=sha256(nonce), session_hash=sha256(session_key), purpose=purpose, origin=origin,
        address=address, created_at=now, expires_at=now + LIFE,
    )  # fmt: skip
    return nonce


def drop_oldest(session_hash: str) -> None:
    """Leave room for one more of the five a session may have out."""
    live = LoginChallenge.objects.filter(session_hash=session_hash).order_by("-created_at")
    surplus = list(live.values_list("pk", flat=True)[LIVE_PER_SESSION - 1 :])
    if surplus:
        LoginChallenge.objects.filter(pk__in=surplus).delete()


def consume(nonce: str, session_key: str, *, purpose: str = LOGIN) -> str:
    """Take the nonce out of the store and return its origin; of two parallel calls one gets it.

    It is gone before anything is checked, so a wrong guess burns it: CHALLENGE_MISSING,
    CHALLENGE_SESSION_MISMATCH, CHALLENGE_PURPOSE or CHALLENGE_EXPIRED.
    """
    with connection.cursor() as cursor:
        cursor.execute(CONSUME, [sha256(nonce)])
        row = cursor.fetchone()
    if row is None:
        raise CAKeyError("CHALLENGE_MISSING")
    session_hash, its_purpose, origin, expires_at = row
    if session_hash != sha256(session_key):
        raise CAKeyError("CHALLENGE_SESSION_MISMATCH")
    if its_purpose != purpose:
        raise CAKeyError("CHALLENGE_PURPOSE")
    if expires_at <= timezone.now():
        raise CAKeyError("CHALLENGE_EXPIRED")
    return origin
