"""The server does not start with login settings that would be unsafe."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register

SESSION = "accounts.cakey.middleware.CAKeySessionMiddleware"
AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
PASSWORDS = "django.contrib.auth.backends.ModelBackend"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@register(Tags.security)
def check_cakey(app_configs=None, **kwargs) -> list[Error]:
    return [*origin_errors(), *relay_errors(), *door_errors()]


def origin_errors():
    """cakey.E001 none, E002 not an origin, E003 not https."""
    if not settings.CAKEY_ORIGINS:
        yield Error("CAKEY_ORIGINS is empty: no login could be verified.", id="cakey.E001")
    for origin in settings.CAKEY_ORIGINS:
        parts = urlsplit(origin)
        if f"{parts.scheme}://{parts.netloc}" != origin or not parts.hostname or "@" in origin:
            yield Error(f"{origin!r} is not scheme://host[:port].", id="cakey.E002")
        elif parts.scheme != "https" and settings.MODE == "production":
            yield Error(f"{origin!r} must be https in production.", id="cakey.E003")


def relay_errors():
    """cakey.E004 relay outside the demo, E005 relay to another machine."""
    if not settings.CAKEY_RELAY_URL:
        return
    if settings.MODE == "production":
        yield Error("CAKEY_RELAY_URL: in production no PIN may reach the server.", id="cakey.E004")
    if urlsplit(settings.CAKEY_RELAY_URL).hostname not in LOOPBACK:
        yield Error("CAKEY_RELAY_URL must be the demo's own agent on loopback.", id="cakey.E005")


def door_errors():
    """cakey.E006 ports, E007 middleware missing or misplaced, E008 a password door."""
    ports = settings.CAKEY_AGENT_PORTS
    if not ports or not all(1024 <= port <= 65535 for port in ports):
        yield Error("CAKEY_AGENT_PORTS needs ports from 1024 to 65535.", id="cakey.E006")
    order = [name for name in settings.MIDDLEWARE if name in (SESSION, AUTHENTICATION)]
    if order != [AUTHENTICATION, SESSION]:
        yield Error("CAKeySessionMiddleware must follow AuthenticationMiddleware.", id="cakey.E007")
    if PASSWORDS in settings.AUTHENTICATION_BACKENDS:
        yield Error("ModelBackend would let people in by password.", id="cakey.E008")
