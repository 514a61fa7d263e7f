"""Browser sessions as a login leaves them: bound to a certificate that the middleware checks."""

import hashlib
import secrets
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from accounts.cakey import sessions
from accounts.models import CertificateSession, TrustedCA, UserCertificate


def certificate_of(user) -> UserCertificate:
    """The active binding of a test user; made at the first login."""
    now = timezone.now()
    return UserCertificate.objects.get_or_create(
        user=user,
        defaults={
            "sha256": hashlib.sha256(user.username.encode()).hexdigest(),
            "serial": f"{user.pk:040x}",
            "issuer_spki_sha256": "0" * 64,
            "common_name": user.name,
            "not_before": now - timedelta(days=1),
            "not_after": now + timedelta(days=300),
            "status": UserCertificate.Status.ACTIVE,
            "reference": f"T{user.pk}",
            "bound_at": now,
        },
    )[0]


def authority() -> TrustedCA:
    """The authority those certificates are said to come from."""
    return TrustedCA.objects.get_or_create(
        sha256="a" * 64,
        defaults={"name": "测试颁发机构", "not_after": timezone.now() + timedelta(days=3000)},
    )[0]


def logged_in(user) -> Client:
    """A client whose session says what a key login writes into it."""
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=sessions.BACKEND)
    binding, now, identifier = certificate_of(user), timezone.now(), secrets.token_urlsafe(16)
    CertificateSession.objects.create(session_hash=sessions.sha256(identifier), certificate=binding)
    session = client.session
    session[sessions.KEY] = {
        "method": "cakey", "id": identifier, "sha256": binding.sha256, "serial": binding.serial,
        "issuers": [authority().sha256], "auth_time": now.timestamp(),
        "not_after": binding.not_after.timestamp(),
    }  # fmt: skip
    session.save()
    return client
