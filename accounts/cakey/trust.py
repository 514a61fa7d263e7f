"""The trusted authorities as rows: anchors for the verifier, and what their lists say of a certificate."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from django.db import transaction

from accounts.models import RevocationFile, RevocationList, RevokedSerial, TrustedCA

from .path import VerifiedCertificate
from .revocation import check_crl, decide


def hexadecimal(serial: int) -> str:
    return f"{serial:X}"


def fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


def to_pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def load(ca: TrustedCA) -> x509.Certificate:
    return x509.load_pem_x509_certificate(ca.certificate.encode())


def add_ca(
    certificate: x509.Certificate, name: str, role: str = TrustedCA.Role.ANCHOR, **values
) -> TrustedCA:
    """Trust an authority from now on (again, if it was switched off)."""
    values |= {"name": name, "role": role, "certificate": to_pem(certificate), "enabled": True}
    values["not_after"] = certificate.not_valid_after_utc
    return TrustedCA.objects.update_or_create(sha256=fingerprint(certificate), defaults=values)[0]


def trusted() -> dict[str, list[x509.Certificate]]:
    """`anchors` and `intermediates` for the verifier; only from rows, never fetched."""
    found = {"anchors": [], "intermediates": []}
    for ca in TrustedCA.objects.filter(enabled=True):
        found["anchors" if ca.role == TrustedCA.Role.ANCHOR else "intermediates"].append(load(ca))
    return found


@transaction.atomic
def import_crl(ca: TrustedCA, data: bytes, at: datetime) -> RevocationList:
    """Take in a newer list; rows replace rows. Raises CAKeyError CRL_*."""
    TrustedCA.objects.select_for_update().get(pk=ca.pk)
    last = RevocationList.objects.filter(ca=ca).first()
    crl = check_crl(data, issuer=load(ca), previous_number=int(last.number) if last else None, at=at)
    RevokedSerial.objects.filter(ca=ca).delete()
    RevokedSerial.objects.bulk_create(
        RevokedSerial(ca=ca, serial=hexadecimal(row.serial), revoked_at=row.revoked_at, reason=row.reason)
        for row in crl.rows
    )
    values = {
        "number": crl.number, "this_update": crl.this_update, "next_update": crl.next_update,
        "sha256": crl.sha256, "imported_at": at,
    }  # fmt: skip
    RevocationFile.objects.update_or_create(ca=ca, defaults={"content": data})
    return RevocationList.objects.update_or_create(ca=ca, defaults=values)[0]


def check_revocation(verified: VerifiedCertificate, at: datetime) -> bool:
    """Every certificate below the anchor against its issuer's list; True if grace time was used.

    Raises CAKeyError CERT_REVOKED (detail: when and why) or REVOCATION_UNAVAILABLE.
    """
    links = zip(verified.chain, verified.chain[1:], strict=False)
    used_grace = [check_one(certificate, issuer, at) for certificate, issuer in links]
    return any(used_grace)


def check_one(certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    ca = TrustedCA.objects.select_related("revocation_list").get(sha256=fingerprint(issuer))
    stored = getattr(ca, "revocation_list", None)
    revoked = ca.revoked_serials.filter(serial=hexadecimal(certificate.serial_number)).exists()
    return decide(
        policy=ca.policy, next_update=stored.next_update if stored else None, revoked=revoked, at=at
    )  # fmt: skip
