"""A way into the portal without a second login: a ticket signed by the supervision system, good once.

The ticket is a JWS (RFC 7515, ES256) whose `kid` names a trusted certificate. Written from the RFC, apart
from who issues it: each proves the other.
"""

import base64
import binascii
import hashlib
import json
import secrets
import sqlite3
import time
from dataclasses import dataclass

from .database import Database
from .signatures import BadSignature, TrustStore, check_key

LONGEST = 120  # seconds a ticket may be good for
SKEW = 5  # seconds two clocks may differ
SESSION = 30 * 60
TEXTS = ("iss", "aud", "sub", "jti", "name", "post", "unit", "uscc")
SCHEMA = """
CREATE TABLE IF NOT EXISTS ticket (nonce TEXT PRIMARY KEY, used_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS entrance (
    id TEXT PRIMARY KEY, sub TEXT NOT NULL, name TEXT NOT NULL, post TEXT NOT NULL,
    unit TEXT NOT NULL, uscc TEXT NOT NULL, until INTEGER NOT NULL
);
"""


class BadTicket(Exception):
    """Nobody is let in; the text says why."""


@dataclass(frozen=True)
class Visitor:
    """Whom a ticket names."""

    sub: str
    name: str
    post: str
    unit: str
    uscc: str


def part(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadTicket("凭证格式不对") from None


def content(raw: bytes) -> dict:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadTicket("凭证格式不对")
    return found


def read(token: str, audience: str, trust: TrustStore, now: float | None = None) -> dict:
    """The claims of a genuine ticket for us that is good now; BadTicket otherwise."""
    if len(token) > 4096 or token.count(".") != 2 or not token.isascii():
        raise BadTicket("凭证格式不对")
    head, body, signature = token.split(".")
    header = content(part(head))
    if header.get("alg") != "ES256" or header.get("typ") != "portal-ticket+jwt":
        raise BadTicket("凭证的类型或签名算法不受支持")
    try:
        check_key(trust.find(str(header.get("kid"))), f"{head}.{body}".encode(), part(signature))
    except BadSignature as error:
        raise BadTicket(str(error)) from None
    claims = content(part(body))
    check_claims(claims, audience, time.time() if now is None else now)
    return claims


def check_claims(claims: dict, audience: str, now: float) -> None:
    if not all(isinstance(claims.get(name), str) for name in TEXTS) or not claims["jti"] or not claims["sub"]:
        raise BadTicket("凭证内容不全")
    if claims["aud"] != audience:
        raise BadTicket("凭证不是发给本网的")
    issued, ends = claims.get("iat"), claims.get("exp")
    if type(issued) is not int or type(ends) is not int or not 0 < ends - issued <= LONGEST:
        raise BadTicket("凭证的有效时间不合规定")
    if not issued - SKEW <= now < ends:
        raise BadTicket("凭证已过期")


class Entrances(Database):
    """Which tickets were used, and who is inside."""

    schema = SCHEMA

    def redeem(self, claims: dict) -> str:
        """Let the visitor in, once: the secret of the session. The nonce is kept before anything else."""
        now, secret = int(time.time()), secrets.token_urlsafe(32)
        row = {name: claims[name] for name in ("sub", "name", "post", "unit", "uscc")}
        row |= {"id": hashed(secret), "until": now + SESSION}
        try:
            with self.lock:
                self.connection.execute("INSERT INTO ticket VALUES (?, ?)", (claims["jti"], now))
        except sqlite3.IntegrityError:
            raise BadTicket("凭证已经使用过，每张凭证只能使用一次") from None
        with self.lock:
            self.connection.execute(
                "INSERT INTO entrance (id, sub, name, post, unit, uscc, until) "
                "VALUES (:id, :sub, :name, :post, :unit, :uscc, :until)",
                row,
            )
        return secret

    def visitor(self, secret: str) -> Visitor | None:
        sql = "SELECT sub, name, post, unit, uscc FROM entrance WHERE id = ? AND until > ?"
        row = self.row(sql, hashed(secret), int(time.time()))
        return Visitor(**row) if row else None

    def notices(self, visitor: Visitor) -> list[sqlite3.Row]:
        """The newest of the visitor's own unit."""
        own, value = ("uscc", visitor.uscc) if visitor.uscc else ("unit", visitor.unit)
        sql = f"SELECT id, title, kind, published_at FROM notice WHERE {own} = ? ORDER BY id DESC LIMIT 20"  # noqa: S608
        return self.rows(sql, value)


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
