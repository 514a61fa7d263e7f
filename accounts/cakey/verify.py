"""The verifier's public face: pure, without Django and without network; other programs call it too."""

from collections.abc import Iterable
from datetime import datetime

from cryptography import x509

from .algorithms import digest, strong_key, suite
from .errors import CAKeyError
from .path import ChainValidator, VerifiedCertificate
from .token import AuthToken

__all__ = ["CAKeyError", "VerifiedCertificate", "signed_data", "verify_token"]


def verify_token(
    text: str,
    *,
    nonce: str,
    origin: str,
    anchors: list[x509.Certificate],
    intermediates: Iterable[x509.Certificate] = (),
    at: datetime,
) -> VerifiedCertificate:
    """Verify a `web-eid:1.0` token made for this nonce and origin; raises CAKeyError with a stable code.

    `at` must be aware. Revocation is the caller's next step (revocation.py): it needs stored lists.
    """
    token = AuthToken.parse(text)
    algorithm = suite(token.algorithm)
    verified = ChainValidator(anchors, intermediates).validate(token.certificate, at)
    data = signed_data(algorithm.hash, origin, nonce)
    algorithm.verify(strong_key(token.certificate), token.signature, data)
    return verified


def signed_data(algorithm, origin: str, nonce: str) -> bytes:
    """hash(origin) ‖ hash(nonce): neither travels in the token, so nothing unsigned can be believed."""
    return digest(algorithm, origin.encode()) + digest(algorithm, nonce.encode())
