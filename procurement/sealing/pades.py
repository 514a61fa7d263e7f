"""The seal: a PAdES signature by the key on the server's token, certifying that nothing may change."""

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pkcs11.util.ec import encode_ecdsa_signature
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from accounts.cakey import trust
from accounts.models import TrustedCA
from notices.signer import Pkcs11Signer, SignerUnavailable

FIELD = "ServerSeal"
LONGEST = 72  # bytes of a P-256 signature as DER
SIGNATURE = re.compile(rb"/Contents\s{0,8}<([0-9A-Fa-f]{64,65536})>")


class TokenSigner(signers.Signer):
    """pyHanko's face of the server's token: every private operation is the token's."""

    def __init__(self, key: Pkcs11Signer):
        certificate = x509.load_der_x509_certificate(key.certificate)
        if not certificate.not_valid_before_utc <= datetime.now(UTC) <= certificate.not_valid_after_utc:
            raise SignerUnavailable("服务器签章证书不在有效期内，请更换证书。")
        self.key = key
        store = SimpleCertificateStore.from_certs([load(issuer) for issuer in issuers(certificate)])
        super().__init__(signing_cert=load(certificate), cert_registry=store)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """ECDSA over SHA-256, which Pkcs11Signer makes itself; the token's R‖S becomes DER."""
        return bytes(LONGEST) if dry_run else encode_ecdsa_signature(self.key.sign(data))


def load(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(trust.serialization.Encoding.DER))


def issuers(certificate: x509.Certificate) -> list[x509.Certificate]:
    """The chain above it, as far as the site knows it; embedded, so that a verifier needs the root only."""
    rows = TrustedCA.objects.filter(enabled=True).exclude(certificate="")
    known, chain = [trust.load(row) for row in rows], []
    while certificate.issuer != certificate.subject:
        above = [one for one in known if issued(one, certificate)]
        if not above:
            break
        certificate = above[0]
        chain.append(certificate)
    return chain


def issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    if issuer.subject != certificate.issuer:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, TypeError, ValueError):
        return False
    return True


def seal(pdf: bytes, key: Pkcs11Signer, *, reason: str) -> bytes:
    """The PDF with its signature appended; SignerUnavailable when none can be made now."""
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason,
        certify=True, docmdp_permissions=MDPPerm.NO_CHANGES,
    )  # fmt: skip
    made = BytesIO()
    writer, signer = IncrementalPdfFileWriter(BytesIO(pdf)), TokenSigner(key)
    with ThreadPoolExecutor(1) as apart:  # pyHanko runs an event loop, and the caller's thread may have one
        apart.submit(signers.sign_pdf, writer, meta, signer=signer, output=made).result()
    return made.getvalue()


def signatures(content: bytes) -> list[str]:
    """SHA-256 of each CMS blob that stands in a file, without parsing the file."""
    return [
        hashlib.sha256(cut(bytes.fromhex(hexes(found)))).hexdigest() for found in SIGNATURE.finditer(content)
    ]


def hexes(found: re.Match) -> str:
    text = found[1].decode("ascii")
    return text[: len(text) // 2 * 2]


def cut(blob: bytes) -> bytes:
    """The DER value without the zeros that pad its place."""
    if blob[:2] == b"\x30\x82":
        return blob[: 4 + int.from_bytes(blob[2:4], "big")]
    return blob.rstrip(b"\0")
