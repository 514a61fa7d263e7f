"""Which user a certificate belongs to: bound by an administrator, never guessed from a name."""

import hashlib
import secrets

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import CertificateEvent, UserCertificate

from . import sessions
from .errors import CAKeyError
from .path import VerifiedCertificate
from .trust import hexadecimal, to_pem

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # read out over the phone: no 0/O, 1/I/L
Status, Kind = UserCertificate.Status, CertificateEvent.Kind


def find(verified: VerifiedCertificate) -> UserCertificate:
    """The active binding of a verified certificate.

    Raises CERT_NOT_BOUND (detail: the reference code of the pending row), CERT_BINDING_SUSPENDED,
    USER_INACTIVE.
    """
    binding = UserCertificate.objects.select_related("user").filter(sha256=verified.sha256).first()
    if binding is None:
        binding = enrol(verified)
    if binding.status == Status.PENDING:
        raise CAKeyError("CERT_NOT_BOUND", binding.reference)
    if binding.status != Status.ACTIVE:
        raise CAKeyError("CERT_BINDING_SUSPENDED", binding.reference)
    if not binding.user.is_active:
        raise CAKeyError("USER_INACTIVE", binding.reference)
    return binding


def enrol(verified: VerifiedCertificate) -> UserCertificate:
    """A pending row for a valid but unknown certificate; the holder reads its code to the administrator."""
    try:
        with transaction.atomic():
            binding, created = UserCertificate.objects.get_or_create(
                sha256=verified.sha256, defaults=describe(verified.certificate, verified.chain[1])
            )
            if created:
                record(binding, Kind.REQUESTED, by=None)
    except IntegrityError as error:  # another certificate with this issuer's serial number is known
        raise CAKeyError("CERT_NOT_BOUND", "serial number in use") from error
    return binding


@transaction.atomic
def bind(user, verified: VerifiedCertificate, *, by=None, detail: str = "") -> UserCertificate:
    """Register a certificate for a user at once (seed, tests, an administrator with the card at hand)."""
    binding = UserCertificate.objects.filter(sha256=verified.sha256).first() or enrol(verified)
    return approve(binding, user, by=by, detail=detail)


def change(binding: UserCertificate, status: str, kind: str, *, by, detail: str = "") -> UserCertificate:
    """One door for every change of a binding: row, event, and the end of its sessions."""
    with transaction.atomic():
        binding.status = status
        binding.save(update_fields=["status", "user", "bound_by", "bound_at"])
        record(binding, kind, by=by, detail=detail)
        if status != Status.ACTIVE:
            sessions.end_all(binding, kind)
    return binding


def approve(binding: UserCertificate, user, *, by, detail: str = "") -> UserCertificate:
    binding.user, binding.bound_by, binding.bound_at = user, by, timezone.now()
    return change(binding, Status.ACTIVE, Kind.BOUND, by=by, detail=detail)


def suspend(binding: UserCertificate, *, by, detail: str = "") -> UserCertificate:
    return change(binding, Status.SUSPENDED, Kind.SUSPENDED, by=by, detail=detail)


def resume(binding: UserCertificate, *, by, detail: str = "") -> UserCertificate:
    return change(binding, Status.ACTIVE, Kind.RESUMED, by=by, detail=detail)


def revoke(binding: UserCertificate, *, by, detail: str = "") -> UserCertificate:
    return change(binding, Status.REVOKED, Kind.REVOKED, by=by, detail=detail)


def record(binding: UserCertificate, kind: str, *, by, detail: str = "") -> None:
    CertificateEvent.objects.create(certificate=binding, kind=kind, by=by, detail=detail[:200])


def describe(certificate: x509.Certificate, issuer: x509.Certificate) -> dict:
    """The columns of a certificate; names are for reading, the key is issuer, serial and fingerprint."""
    spki = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return {
        "certificate": to_pem(certificate),
        "issuer_spki_sha256": hashlib.sha256(issuer.public_key().public_bytes(*spki)).hexdigest(),
        "serial": hexadecimal(certificate.serial_number),
        "common_name": name_part(certificate.subject, NameOID.COMMON_NAME),
        "organization": name_part(certificate.subject, NameOID.ORGANIZATION_NAME),
        "issuer": name_part(certificate.issuer, NameOID.COMMON_NAME),
        "subject": certificate.subject.rfc4514_string().replace("\0", ""),
        "not_before": certificate.not_valid_before_utc,
        "not_after": certificate.not_valid_after_utc,
        "reference": "".join(secrets.choice(LETTERS) for _ in range(8)),
    }


def name_part(name: x509.Name, oid) -> str:
    parts = name.get_attributes_for_oid(oid)
    return str(parts[0].value).replace("\0", "")[:200] if parts else ""
