"""Certificate revocation lists: what a list must satisfy before it is believed, and what to do with it.

OCSP is left out: every authority here publishes a list, and a list is checked without any request
leaving the server while somebody logs in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.x509 import ExtensionNotFound

from .errors import CAKeyError

GRACE = timedelta(hours=4)
LARGEST = 64 * 2**20
HARD, LENIENT = "hard", "grace"


@dataclass(frozen=True)
class RevokedRow:
    """One entry of a list."""

    serial: int
    revoked_at: datetime
    reason: str


@dataclass(frozen=True)
class RevocationData:
    """A list that was signed by its issuer, is newer than the last one and not out of date."""

    number: int
    this_update: datetime
    next_update: datetime
    sha256: str
    rows: tuple[RevokedRow, ...]


def check_crl(
    data: bytes, *, issuer: x509.Certificate, previous_number: int | None, at: datetime
) -> RevocationData:
    """Verify a DER or PEM list before it is stored; raises CAKeyError CRL_*."""
    crl = load(data)
    if crl.issuer != issuer.subject:
        raise CAKeyError("CRL_ISSUER")
    check_signature(crl, issuer)
    check_kind(crl)
    number = crl_number(crl)
    if previous_number is not None and number < previous_number:
        raise CAKeyError("CRL_NUMBER", f"{number} < {previous_number}")
    check_dates(crl, at)
    sha256 = Hash(SHA256())
    sha256.update(data)
    return RevocationData(
        number, crl.last_update_utc, crl.next_update_utc, sha256.finalize().hex(), tuple(read_rows(crl))
    )


def load(data: bytes) -> x509.CertificateRevocationList:
    if len(data) > LARGEST:
        raise CAKeyError("CRL_TOO_LARGE")
    pem = data.lstrip().startswith(b"-----BEGIN")
    try:
        crl = (x509.load_pem_x509_crl if pem else x509.load_der_x509_crl)(data)
        list(crl.extensions)
    except ValueError as error:
        raise CAKeyError("CRL_MALFORMED") from error
    return crl


def check_signature(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> None:
    try:
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
        may_sign = usage.crl_sign
    except ExtensionNotFound:
        may_sign = True
    try:
        valid = crl.is_signature_valid(issuer.public_key())
    except (TypeError, ValueError, UnsupportedAlgorithm):
        valid = False
    if not (valid and may_sign):
        raise CAKeyError("CRL_SIGNATURE")


def check_kind(crl: x509.CertificateRevocationList) -> None:
    """Delta and indirect lists say less than the whole; their extensions are critical for that reason."""
    for extension in crl.extensions:
        if extension.critical:
            raise CAKeyError("CRL_CRITICAL_EXT", extension.oid.dotted_string)


def crl_number(crl: x509.CertificateRevocationList) -> int:
    try:
        return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except ExtensionNotFound as error:
        raise CAKeyError("CRL_NUMBER", "missing") from error


def check_dates(crl: x509.CertificateRevocationList, at: datetime) -> None:
    if crl.next_update_utc is None or crl.next_update_utc <= at:
        raise CAKeyError("CRL_STALE")
    if crl.last_update_utc > at:
        raise CAKeyError("CRL_FUTURE")


def read_rows(crl: x509.CertificateRevocationList) -> Iterator[RevokedRow]:
    for entry in crl:
        try:
            reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value
        except ExtensionNotFound:
            reason = "unspecified"
        except ValueError as error:
            raise CAKeyError("CRL_MALFORMED") from error
        yield RevokedRow(entry.serial_number, entry.revocation_date_utc, reason)


def decide(*, policy: str, next_update: datetime | None, revoked: bool, at: datetime) -> bool:
    """Is a certificate usable? Returns True if the grace time was used; raises CAKeyError else.

    `next_update` is that of the stored list (None: there is none), `revoked` what the list says.
    """
    if revoked:
        raise CAKeyError("CERT_REVOKED")
    if next_update is None:
        raise CAKeyError("REVOCATION_UNAVAILABLE", "no list")
    if at < next_update:
        return False
    if policy == LENIENT and at < next_update + GRACE:
        return True
    raise CAKeyError("REVOCATION_UNAVAILABLE", "list out of date")
