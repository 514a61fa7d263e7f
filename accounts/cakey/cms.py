"""Decision signatures as detached CMS over canonical JSON (ca-key.md §9): pure, without Django and network.

`openssl cms -verify -cades` accepts them, so nobody has to trust this program to check what it signed.
"""

import json
from datetime import UTC, datetime

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from .algorithms import CURVES, SUITES, Suite, digest, raw_to_der, strong_key
from .errors import CAKeyError
from .path import ChainValidator, VerifiedCertificate

BY_CURVE = dict(zip((curve.name for curve in CURVES), ("ES256", "ES384", "ES512"), strict=True))


def canonical(content: dict) -> str:
    """RFC 8785 for what we put in: keys sorted, no blanks, no fractions."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def suite_of(certificate: x509.Certificate) -> Suite:
    """The one suite a key signs decisions with."""
    key = strong_key(certificate)
    return SUITES[BY_CURVE[key.curve.name] if isinstance(key, ec.EllipticCurvePublicKey) else "RS256"]


def attributes(content: str, certificate: x509.Certificate) -> bytes:
    """What gets signed, a function of content and certificate alone: whoever has both can make it again."""
    suite = suite_of(certificate)
    named = {"certs": [{"cert_hash": certificate.fingerprint(SHA256())}]}
    said = {
        "content_type": "data",
        "message_digest": digest(suite.hash, content.encode()),
        "signing_time": cms.Time({"utc_time": moment(content)}),
        "signing_certificate_v2": tsp.SigningCertificateV2(named),
    }
    return cms.CMSAttributes([{"type": name, "values": [value]} for name, value in said.items()]).dump()


def moment(content: str) -> datetime:
    """The server's time in the content."""
    try:
        return datetime.strptime(json.loads(content)["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except (ValueError, TypeError, KeyError) as error:
        raise CAKeyError("DECISION_MALFORMED", "at") from error


def check_signature(content: str, certificate: x509.Certificate, signature: bytes) -> None:
    """The raw signature a certificate key gave; raises CAKeyError SIG_*."""
    suite_of(certificate).verify(strong_key(certificate), signature, attributes(content, certificate))


def assemble(content: str, verified: VerifiedCertificate, signature: bytes) -> bytes:
    """The detached CMS, with the chain below the anchor inside."""
    suite = suite_of(verified.certificate)
    path = [to_asn1(one) for one in verified.chain[:-1]]
    algorithm = f"{suite.hash.name}_{'ecdsa' if suite.curve else 'rsa'}"
    signer = {
        "version": "v1",
        "sid": {
            "issuer_and_serial_number": {"issuer": path[0].issuer, "serial_number": path[0].serial_number}
        },
        "digest_algorithm": {"algorithm": suite.hash.name},
        "signed_attrs": cms.CMSAttributes.load(attributes(content, verified.certificate)),
        "signature_algorithm": {"algorithm": algorithm},
        "signature": raw_to_der(signature) if suite.curve else signature,
    }
    data = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": suite.hash.name}],
        "encap_content_info": {"content_type": "data"},
        "certificates": path,
        "signer_infos": [signer],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)}).dump()


def to_asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def verify(
    signed: bytes,
    content: str,
    *,
    anchors: list[x509.Certificate],
    intermediates: list[x509.Certificate] = (),
) -> VerifiedCertificate:
    """The signer, if this CMS is a signature of exactly this content, valid when it was made.

    Raises CAKeyError. Revocation is the caller's affair: it was judged, and noted, at the time of signing.
    """
    try:
        signer, certificate = read(signed)
        raw = raw_signature(signer["signature"].native, suite_of(certificate))
        said = signer["signed_attrs"].untag().dump()
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise CAKeyError("CMS_MALFORMED") from error
    if said != attributes(content, certificate):
        raise CAKeyError("SIG_INVALID", "attributes")
    check_signature(content, certificate, raw)
    return ChainValidator(anchors, intermediates).validate(certificate, moment(content))


def read(signed: bytes) -> tuple[cms.SignerInfo, x509.Certificate]:
    """The one signer of a detached signature, and the certificate it names."""
    info = cms.ContentInfo.load(signed, strict=True)
    data = info["content"]
    if info["content_type"].native != "signed_data" or len(data["signer_infos"]) != 1:
        raise ValueError("not one signature")
    if data["encap_content_info"]["content"].native is not None:
        raise ValueError("not detached")
    signer = data["signer_infos"][0]
    named = signer["sid"].chosen
    own = [
        one.chosen
        for one in data["certificates"]
        if (one.chosen.issuer, one.chosen.serial_number) == (named["issuer"], named["serial_number"].native)
    ]
    return signer, x509.load_der_x509_certificate(own[0].dump())


def raw_signature(signature: bytes, suite: Suite) -> bytes:
    if not suite.curve:
        return signature
    octets = (suite.curve.key_size + 7) // 8
    return b"".join(number.to_bytes(octets, "big") for number in decode_dss_signature(signature))
