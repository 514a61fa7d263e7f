"""Settings of the whole project, read from the environment; no file is edited to deploy it."""

import ipaddress
import os
import sys
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from procurement import clock
from procurement.schedule import PRACTISED, SCHEDULE, relays

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
MODE = os.environ.get("PROCUREMENT_MODE", "production")
if MODE not in ("production", "demo", "test"):
    raise ImproperlyConfigured(f"PROCUREMENT_MODE must be production, demo or test, not {MODE!r}")
PRODUCTION = MODE == "production"
PRACTICE = os.environ.get("PRACTICE", "") == "1"  # the manual as exercises (docs/adr/0012)
if PRODUCTION and (PRACTICE or os.environ.get(clock.VARIABLE)):
    raise ImproperlyConfigured(f"PRACTICE, {clock.VARIABLE}: for the demo; in production a day lasts a day")


def env(name: str, default: str | None = None) -> str:
    """An environment value; without a default it is required in production."""
    value = os.environ.get(name, default)
    if value is None:
        if PRODUCTION:
            raise ImproperlyConfigured(f"{name} is required")
        return ""
    return value


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in env(name, default).split(",") if word.strip()]


def networks(name: str) -> list[str]:
    """Addresses and networks, checked here so that a slip stops the start and not a request."""
    found = words(name)
    for one in found:
        try:
            one == "unix" or ipaddress.ip_network(one)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: {error}") from error
    return found


def database(url: str) -> dict:
    """Django's database dictionary of a postgresql:// address; `?host=` names a socket folder."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or query.pop("host", ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 0 if PRODUCTION or MODE == "demo" else 60,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {"pool": {"min_size": 2, "max_size": 4, "timeout": 10}} if MODE != "test" else {},
    }


DEBUG = False
SECRET_KEY = env("SECRET_KEY", None if PRODUCTION else "not-secret-" + "0123456789abcdef" * 4)
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "" if PRODUCTION else "*")
ROOT_URLCONF = "procurement.urls"
WSGI_APPLICATION = "procurement.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "guardian",
    "django_htmx",
    "csp",
    "accounts",
    "procurement.reference",
    "procurement.flow",
    "budgets",
    "notices",
    "procurement.sealing",
    "intents",
    "plans",
    "tasks",
    "contracts.suppliers",
    "contracts",
    "contracts.statistics",
    "procurement.overview",
    "procurement.practice",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tasks.callbacks.CallbackMiddleware",  # machines, signed: above whatever guards a browser's cookies
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.cakey.middleware.CAKeySessionMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.posts.CurrentPostMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "procurement.flow.pages.PageMiddleware",
    "procurement.practice.visits.VisitMiddleware",  # idle outside practice mode
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "procurement.flow.context.shell",
                "procurement.handbook.context.help_link",
                "procurement.practice.context.bar",
            ],
            "builtins": ["procurement.flow.templatetags.paper"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database(env("DATABASE_URL", "postgresql:///procurement"))}

# Accounts: business users come in by CA key only; a post is a guardian permission on an organisation.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.cakey.backend.CAKeyBackend", "accounts.posts.PostBackend"]
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
CAKEY_ORIGINS = words("CAKEY_ORIGINS", "" if PRODUCTION else "http://127.0.0.1:8000")
PUBLIC_BASE_URL = env("PUBLIC_BASE_URL", CAKEY_ORIGINS[0] if CAKEY_ORIGINS else "")  # printed as QR
CAKEY_AGENT_PORTS = [int(port) for port in words("CAKEY_AGENT_PORTS", "24815,24816,24817,24818,24819")]
CAKEY_RELAY_URL = env("CAKEY_RELAY_URL", "")
if PRODUCTION and CAKEY_RELAY_URL:
    raise ImproperlyConfigured("CAKEY_RELAY_URL is for the demo: in production no PIN may reach the server")

# Every decision of a person bears the signature of his key (docs/adr/0014); most tests are about other things
DECISION_SIGNATURES = env("DECISION_SIGNATURES", "0" if MODE == "test" else "1") == "1"

# Sessions (security.md §8)
SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-gp_sid" if SECURE else "gp_sid"
CSRF_COOKIE_NAME = "__Host-gp_csrf" if SECURE else "gp_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 8 * 3600
CSRF_FAILURE_VIEW = "procurement.flow.pages.csrf_failure"

# Transport and headers
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
# Whose X-Forwarded-For is believed: addresses, networks, `unix` for a socket. Rate limits count by address.
TRUSTED_PROXIES = networks("TRUSTED_PROXIES")
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
AGENT_SOURCES = [f"http://127.0.0.1:{port}" for port in CAKEY_AGENT_PORTS]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *AGENT_SOURCES],
        "frame-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# Language: the pages are Chinese (stack.md §8)
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = env("STATIC_ROOT", str(VAR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static", ("manual", BASE_DIR / "docs" / "manual" / "pictures")]
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = env("MEDIA_ROOT", str(VAR / "media"))
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_HANDLERS = [
    "notices.objections.files.Ceiling",
    "procurement.sealing.uploads.Ceiling",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

FILING_NEEDS_THIRTY_DAYS = env("FILING_NEEDS_THIRTY_DAYS", "") == "1"  # else a hint (财库〔2020〕10号)
ANNOUNCEMENT_UNIT_REVIEW = env("ANNOUNCEMENT_UNIT_REVIEW", "1") == "1"  # else the clerk alone

SINGLE_SOURCE_DAYS = int(env("SINGLE_SOURCE_DAYS", "5"))  # working days, never fewer than five
SINGLE_SOURCE_UNIT_REVIEW = env("SINGLE_SOURCE_UNIT_REVIEW", "") == "1"  # the manual names the office only

# Outside systems and the server's own key
PORTAL_URL = env("PORTAL_URL", "http://127.0.0.1:9100")
PORTAL_PUBLIC_URL = env("PORTAL_PUBLIC_URL", "")  # where the portal says its pages are, if elsewhere
PORTAL_TIMEOUT = 10.0  # seconds
PORTAL_CHECK_RATE = float(env("PORTAL_CHECK_RATE", "20"))  # notices read back a second, by night
OUTBOX_LEASE_SECONDS = 60
OUTBOX_DELAYS = [60, 5 * 60, 15 * 60, 3600, 2 * 3600, 4 * 3600, 6 * 3600]  # before tries 2 to 8
EXECUTORS = {  # those who carry out task books by a system of their own: address, PEM file of certificates
    channel: {
        "url": env(f"EXECUTOR_{channel.upper()}_URL", None if PRODUCTION else f"{PORTAL_URL}/{channel}"),
        "pages": env(f"EXECUTOR_{channel.upper()}_PUBLIC_URL", ""),  # where its pages are, if elsewhere
        "certificates": env(
            f"EXECUTOR_{channel.upper()}_CERTIFICATES",
            None if PRODUCTION else str(VAR / "executors" / f"{channel}.pem"),
        ),
    }
    for channel in words("EXECUTORS", "" if PRODUCTION else "huicai,wancai,trading,agency")
}
EXECUTOR_TIMEOUT = 10.0  # seconds
FINANCE_FEED_URL = env("FINANCE_FEED_URL", PORTAL_URL + "/finance/quotas")
RESEARCH_IMPORT_FILING = env("RESEARCH_IMPORT_FILING", "1") == "1"  # 财库〔2016〕194号, plans/approvals.py
PKCS11_MODULE = env("PKCS11_MODULE", "/usr/lib/softhsm/libsofthsm2.so")
PKCS11_PIN_FILE = env("PKCS11_PIN_FILE", str(VAR / "server-hsm.pin"))
PORTAL_TOKEN_LABEL = env("PORTAL_TOKEN_LABEL", "server-hsm")
PORTAL_KEY_LABEL = env("PORTAL_KEY_LABEL", "portal-2026")

CELERY_BROKER_URL = env("REDIS_URL", "redis+socket:///tmp/procurement-redis.sock")
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2}  # a hanging broker must not hold a request
CELERY_TASK_ROUTES = {
    "notices.jobs.*": {"queue": "hsm"},
    "tasks.jobs.*": {"queue": "hsm"},
    "procurement.sealing.jobs.sign": {"queue": "hsm"},
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = SCHEDULE | relays(EXECUTORS)
if PRACTICE:
    CELERY_BEAT_SCHEDULE |= PRACTISED

SUPPORT_PHONE = "0551-68150640"
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
TESTING = "pytest" in sys.modules
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING" if TESTING else "INFO"},
}
