"""Break glass: a one-time password for an administrator, made at the server's console."""

import logging
import secrets
from datetime import timedelta

from django.utils import timezone

from accounts.models import BreakGlass

from .challenge import sha256
from .entry import Attempt
from .errors import CAKeyError
from .sessions import begin_breakglass

log = logging.getLogger("accounts.breakglass")


def make(user, minutes: int) -> str:
    """A password for one login within so many minutes; only its hash is kept."""
    if not (user.is_active and user.is_superuser):
        raise ValueError("only an active administrator may break glass")
    password = secrets.token_urlsafe(24)
    until = timezone.now() + timedelta(minutes=minutes)
    BreakGlass.objects.create(user=user, digest=sha256(password), expires_at=until)
    log.critical("BREAK GLASS: one-time password made for %s, valid until %s", user.username, until)
    return password


def use(request, password: str) -> None:
    """Open the session; of two parallel uses one wins. Raises CAKeyError BREAKGLASS_REFUSED, RATE_LIMITED."""
    attempt = Attempt(request)
    try:
        attempt.check_rate()
        row = take(password)
    except CAKeyError as error:
        attempt.note(error.code, method="breakglass")
        raise
    begin_breakglass(request, row.user)
    attempt.note("BREAKGLASS_OK", user=row.user, method="breakglass")
    log.critical("BREAK GLASS: %s logged in from %s", row.user.username, attempt.address)


def take(password: str) -> BreakGlass:
    now = timezone.now()
    rows = BreakGlass.objects.filter(digest=sha256(password), user__is_active=True, user__is_superuser=True)
    if not rows.filter(used_at__isnull=True, expires_at__gt=now).update(used_at=now):
        raise CAKeyError("BREAKGLASS_REFUSED")
    return rows.select_related("user").get()
