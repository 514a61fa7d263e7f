"""One login, from the posted token to the open session, and its line in the login log."""

import ipaddress
import logging
import secrets
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import LoginLog, UserCertificate

from . import bindings, challenge, sessions, trust
from .errors import CAKeyError
from .path import VerifiedCertificate
from .verify import verify_token

log = logging.getLogger("accounts.cakey")
WINDOW = timedelta(minutes=5)
FAILURES_PER_ADDRESS = 60  # one address may be a whole unit's
FAILURES_PER_SESSION = 10
NO_FAILURE = ("OK", "BREAKGLASS_OK", "GRACE_USED", "RATE_LIMITED")


def log_in(request, token: str, nonce: str) -> UserCertificate:
    """Verify and open the session; raises CAKeyError after writing it to the log.

    The error carries `reference`, which the page shows and the log finds again.
    """
    attempt = Attempt(request)
    try:
        attempt.check_rate()
        binding = attempt.verify(token, nonce)
    except CAKeyError as error:
        error.reference = attempt.note(error.code, detail=error.detail)
        raise
    sessions.begin(request, binding, attempt.issuers, address=attempt.address)
    attempt.note("OK", user=binding.user)
    return binding


class Attempt:
    """What is known of one attempt while it is being judged."""

    def __init__(self, request):
        self.session_key = request.session.session_key or ""
        self.address = client_address(request)
        self.certificate: VerifiedCertificate | None = None

    @property
    def issuers(self) -> list[str]:
        return [trust.fingerprint(ca) for ca in self.certificate.chain[1:]]

    @property
    def browser(self) -> str:
        return challenge.sha256(self.session_key)[:16]

    def check_rate(self) -> None:
        recent = LoginLog.objects.filter(at__gte=timezone.now() - WINDOW).exclude(code__in=NO_FAILURE)
        if recent.filter(browser=self.browser).count() >= FAILURES_PER_SESSION:
            raise CAKeyError("RATE_LIMITED", "session")
        if self.address and recent.filter(address=self.address).count() >= FAILURES_PER_ADDRESS:
            raise CAKeyError("RATE_LIMITED", "address")

    def verify(self, token: str, nonce: str) -> UserCertificate:
        """Nonce first and gone, then token, path, revocation, binding."""
        at = timezone.now()
        origin = challenge.consume(nonce, self.session_key)
        self.certificate = verify_token(token, nonce=nonce, origin=origin, at=at, **trust.trusted())
        if trust.check_revocation(self.certificate, at):
            self.note("GRACE_USED")
        return bindings.find(self.certificate)

    def note(self, code: str, *, user=None, detail: str = "", method: str = "cakey") -> str:
        reference = secrets.token_hex(4).upper()
        sha256 = self.certificate.sha256 if self.certificate else ""
        LoginLog.objects.create(
            user=user, code=code, sha256=sha256, reference=reference, address=self.address,
            browser=self.browser, detail=clean(detail), method=method,
        )  # fmt: skip
        log.info("login %s reference %s", code, reference)
        return reference


def clean(text: str) -> str:
    """Text for a log line: no control characters, not long."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:200]


def client_address(request) -> str | None:
    """Whose request it is: the peer, or whom our own proxies name; behind a Unix socket alone there is none.

    Each proxy adds at the end of X-Forwarded-For the peer it saw, so the list is read from there for as long
    as the one who says so is ours; what stands before that anybody may have made up.
    """
    peer = as_address(request.META.get("REMOTE_ADDR", ""))
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while hops and trusted(peer):
        if (before := as_address(hops.pop().strip())) is None:
            break
        peer = before
    return str(peer) if peer else None


def as_address(text: str):
    """An IP address without its zone and without IPv6's clothing; None when it is not one."""
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def trusted(peer) -> bool:
    """One of TRUSTED_PROXIES; a Unix socket only when that says `unix`."""
    if peer is None:
        return "unix" in settings.TRUSTED_PROXIES
    return any(peer in ipaddress.ip_network(one) for one in settings.TRUSTED_PROXIES if one != "unix")
