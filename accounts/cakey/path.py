"""From a person's certificate to a trusted root: our own checks of the leaf, then the path."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import ExtensionNotFound, ObjectIdentifier, oid
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from .algorithms import strong_key
from .errors import CAKeyError

# Mobile-ID profiles: their key is in a phone, not in a certificate key under the holder's hand.
DISALLOWED_POLICIES = frozenset(
    f"1.3.6.1.4.1.10015.1.3{version}" for version in ("", ".1", ".2", ".3")
)  # fmt: skip
UNDERSTOOD = frozenset(
    {
        oid.ExtensionOID.BASIC_CONSTRAINTS, oid.ExtensionOID.KEY_USAGE, oid.ExtensionOID.EXTENDED_KEY_USAGE,
        oid.ExtensionOID.CERTIFICATE_POLICIES, oid.ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        oid.ExtensionOID.AUTHORITY_KEY_IDENTIFIER, oid.ExtensionOID.SUBJECT_KEY_IDENTIFIER,
    }
)  # fmt: skip
LONGEST_CHAIN = 3


@dataclass(frozen=True)
class VerifiedCertificate:
    """A certificate that leads to an anchor; `chain` runs from it to the anchor."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def sha256(self) -> str:
        return self.certificate.fingerprint(SHA256()).hex()


@dataclass(frozen=True)
class ChainValidator:
    """Trust in a list of anchors at one moment; the moment is an argument, so tests need no clock."""

    anchors: Iterable[x509.Certificate]
    intermediates: Iterable[x509.Certificate] = ()
    disallowed_policies: frozenset[str] = field(default=DISALLOWED_POLICIES)

    def validate(self, leaf: x509.Certificate, at: datetime) -> VerifiedCertificate:
        """Raises CAKeyError CERT_* or CA_EXPIRED; the person's own certificate is judged first."""
        if at.tzinfo is None:
            raise ValueError("`at` must be an aware datetime")
        extensions = read_extensions(leaf)
        check_purpose(extensions)
        check_policies(extensions, self.disallowed_policies)
        strong_key(leaf)
        check_validity(leaf, at)
        return VerifiedCertificate(leaf, self._path(leaf, at))

    def _path(self, leaf: x509.Certificate, at: datetime) -> tuple[x509.Certificate, ...]:
        anchors = list(self.anchors)
        if not anchors:
            raise CAKeyError("CERT_UNTRUSTED", "no anchors")
        builder = (
            PolicyBuilder().store(Store(anchors)).time(at.astimezone(UTC)).max_chain_depth(LONGEST_CHAIN)
        )
        verifier = builder.extension_policies(
            ca_policy=CA_POLICY, ee_policy=LEAF_POLICY
        ).build_client_verifier()
        try:
            return tuple(verifier.verify(leaf, list(self.intermediates)).chain)
        except VerificationError as error:
            if self._issuer_out_of_date(leaf, at):
                raise CAKeyError("CA_EXPIRED") from error
            raise CAKeyError("CERT_UNTRUSTED", str(error)) from error

    def _issuer_out_of_date(self, certificate: x509.Certificate, at: datetime, depth: int = 0) -> bool:
        """True if a real issuer on the way up is outside its validity (told apart for the log)."""
        issuers = [ca for ca in (*self.anchors, *self.intermediates) if issued(ca, certificate)]
        if any(not in_force(ca, at) for ca in issuers):
            return True
        return depth < LONGEST_CHAIN and any(
            self._issuer_out_of_date(ca, at, depth + 1) for ca in issuers if ca.subject != ca.issuer
        )


def issuing(policy, certificate, constraints: x509.BasicConstraints | None) -> None:
    if constraints is None or not constraints.ca:
        raise ValueError("issuer is not a CA")


def signing(policy, certificate, usage: x509.KeyUsage | None) -> None:
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("issuer may not sign certificates")


# The library's default profile is the web's (SAN demanded, EKU not critical): people's certificates differ.
CA_POLICY = (
    ExtensionPolicy.permit_all()
    .require_present(x509.BasicConstraints, Criticality.AGNOSTIC, issuing)
    .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, signing)
)
LEAF_POLICY = ExtensionPolicy.permit_all()


def issued(ca: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(ca)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def in_force(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def read_extensions(leaf: x509.Certificate) -> x509.Extensions:
    try:
        extensions = leaf.extensions
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise CAKeyError("CERT_UNPARSABLE", "extensions") from error
    for extension in extensions:
        if extension.critical and extension.oid not in UNDERSTOOD:
            raise CAKeyError("CERT_CRITICAL_EXT", extension.oid.dotted_string)
    return extensions


def find(extensions: x509.Extensions, kind):
    try:
        return extensions.get_extension_for_class(kind).value
    except ExtensionNotFound:
        return None


def check_purpose(extensions: x509.Extensions) -> None:
    """Not a CA; key usage present with digitalSignature; extended key usage absent or clientAuth."""
    constraints = find(extensions, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        raise CAKeyError("CERT_IS_CA")
    usage = find(extensions, x509.KeyUsage)
    if usage is None:
        raise CAKeyError("CERT_KU_MISSING")
    if usage.key_cert_sign:
        raise CAKeyError("CERT_IS_CA", "keyCertSign")
    if not usage.digital_signature:
        raise CAKeyError("CERT_KU_WRONG")
    extended = find(extensions, x509.ExtendedKeyUsage)
    if extended is not None and oid.ExtendedKeyUsageOID.CLIENT_AUTH not in extended:
        raise CAKeyError("CERT_EKU_WRONG")


def check_policies(extensions: x509.Extensions, disallowed: frozenset[str]) -> None:
    policies = find(extensions, x509.CertificatePolicies) or ()
    for policy in policies:
        identifier: ObjectIdentifier = policy.policy_identifier
        if identifier.dotted_string in disallowed:
            raise CAKeyError("CERT_POLICY_DISALLOWED", identifier.dotted_string)


def check_validity(leaf: x509.Certificate, at: datetime) -> None:
    if at < leaf.not_valid_before_utc:
        raise CAKeyError("CERT_NOT_YET_VALID")
    if at > leaf.not_valid_after_utc:
        raise CAKeyError("CERT_EXPIRED")
