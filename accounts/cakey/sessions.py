"""A browser session that was opened with a certificate: how it starts, lives and ends."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login
from django.core.cache.backends.locmem import LocMemCache
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import CertificateSession, RevokedSerial, TrustedCA, UserCertificate

from .challenge import sha256

KEY = "cakey"
BACKEND = "accounts.cakey.backend.CAKeyBackend"
IDLE = timedelta(minutes=30)
SKEW = 300  # seconds a clock may be corrected by
LONGEST = timedelta(hours=8)
BREAKGLASS_LIFE = timedelta(minutes=30)
REMEMBERED = 30  # seconds a process may believe what it last read
TOUCH_EVERY = timedelta(seconds=60)
MEMORY = LocMemCache("cakey-sessions", {"TIMEOUT": REMEMBERED, "OPTIONS": {"MAX_ENTRIES": 20_000}})


@dataclass(frozen=True)
class Standing:
    """What the rows say of a session at the moment they were read."""

    user: int
    sha256: str
    trouble: str
    seen_at: datetime


def begin(request, binding: UserCertificate, issuers: list[str], *, address: str | None) -> None:
    """Log in with a fresh session key; the session is bound to the certificate from here on."""
    now = timezone.now()
    login(request, binding.user, backend=BACKEND)
    if getattr(settings, "CAKEY_SINGLE_SESSION", settings.MODE != "demo"):
        end_all(binding, "another login")  # one session per certificate; practice keys are shared
    identifier = secrets.token_urlsafe(32)
    CertificateSession.objects.create(session_hash=sha256(identifier), certificate=binding, address=address)
    request.session[KEY] = {
        "method": "cakey", "id": identifier, "sha256": binding.sha256, "serial": binding.serial,
        "issuers": issuers, "auth_time": now.timestamp(), "not_after": binding.not_after.timestamp(),
    }  # fmt: skip
    request.session.set_expiry(int(min(LONGEST, binding.not_after - now).total_seconds()))


def begin_breakglass(request, user) -> None:
    """The emergency login: half an hour, no certificate."""
    now = timezone.now()
    login(request, user, backend=BACKEND)
    until = (now + BREAKGLASS_LIFE).timestamp()
    request.session[KEY] = {"method": "breakglass", "auth_time": now.timestamp(), "not_after": until}
    request.session.set_expiry(int(BREAKGLASS_LIFE.total_seconds()))


def trouble_with(request, *, touch: bool = True) -> str:
    """Why this session must end now; "" while it may go on."""
    facts, now = request.session.get(KEY), timezone.now()
    if facts is None:
        return "SESSION_WITHOUT_CERTIFICATE"
    if now.timestamp() >= facts["not_after"]:
        return "SESSION_CERT_EXPIRED"
    back = now.timestamp() + SKEW < facts["auth_time"]  # set back, the clock would lengthen the session
    if back or now.timestamp() >= facts["auth_time"] + LONGEST.total_seconds():
        return "SESSION_TOO_OLD"
    return "" if facts["method"] == "breakglass" else trouble_in_rows(request.user, facts, now, touch)


def trouble_in_rows(user, facts: dict, now: datetime, touch: bool) -> str:
    standing = recall(facts)
    if standing is None or standing.user != user.pk or standing.sha256 != facts["sha256"]:
        return "SESSION_CERT_UNBOUND"
    if standing.trouble:
        return standing.trouble
    if now - standing.seen_at > IDLE:
        return "SESSION_IDLE"
    if touch and now - standing.seen_at > TOUCH_EVERY:
        CertificateSession.objects.filter(session_hash=sha256(facts["id"])).update(seen_at=now)
        MEMORY.delete(facts["id"])
    return ""


def recall(facts: dict) -> Standing | None:
    """The standing of a session, at most half a minute old."""
    standing = MEMORY.get(facts["id"])
    if standing is None:
        standing = read(facts)
        if standing is not None:
            MEMORY.set(facts["id"], standing)
    return standing


def read(facts: dict) -> Standing | None:
    """The session's row, its certificate, and what has become of its authorities meanwhile."""
    revoked = RevokedSerial.objects.filter(
        ca__sha256=facts["issuers"][0], serial=OuterRef("certificate__serial")
    )
    row = (
        CertificateSession.objects.select_related("certificate")
        .annotate(is_revoked=Exists(revoked))
        .filter(session_hash=sha256(facts["id"]))
        .first()
    )
    if row is None:
        return None
    return Standing(row.certificate.user_id, row.certificate.sha256, trouble_of(row, facts), row.seen_at)


def trouble_of(row: CertificateSession, facts: dict) -> str:
    if row.is_revoked:
        return "SESSION_CERT_REVOKED"
    if row.certificate.status != UserCertificate.Status.ACTIVE:
        return "SESSION_CERT_UNBOUND"
    trusted = TrustedCA.objects.filter(sha256__in=facts["issuers"], enabled=True).count()
    if trusted < len(facts["issuers"]):
        return "SESSION_CERT_UNBOUND"
    return "SESSION_ENDED" if row.ended_at else ""


def end(request, reason: str) -> None:
    """Mark this browser's session as ended (the caller logs out)."""
    facts = request.session.get(KEY) or {}
    if "id" in facts:
        live = CertificateSession.objects.filter(session_hash=sha256(facts["id"]), ended_at__isnull=True)
        live.update(ended_at=timezone.now(), ended_because=reason[:40])
        MEMORY.delete(facts["id"])


def end_all(binding: UserCertificate, reason: str) -> None:
    """End every session of a certificate; this process forgets at once, others within 30 seconds."""
    live = CertificateSession.objects.filter(certificate=binding, ended_at__isnull=True)
    if live.update(ended_at=timezone.now(), ended_because=reason[:40]):
        MEMORY.clear()
