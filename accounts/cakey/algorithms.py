"""The nine signature suites of JWA that a token may name, and which keys may use them."""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509 import Certificate

from .errors import CAKeyError

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
RSA_BITS = range(2048, 8193)
RSA_SMALLEST_EXPONENT = 65537


@dataclass(frozen=True)
class Suite:
    """One algorithm name: its hash, and the kind of key it belongs to."""

    name: str
    hash: hashes.HashAlgorithm
    curve: type[ec.EllipticCurve] | None = None

    def fits(self, key: PublicKey) -> bool:
        if self.curve:
            return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, self.curve)
        return isinstance(key, rsa.RSAPublicKey)

    def signature_length(self, key: PublicKey) -> int:
        octets = (key.key_size + 7) // 8
        return 2 * octets if self.curve else octets

    def verify(self, key: PublicKey, signature: bytes, data: bytes) -> None:
        """Raises CAKeyError ALG_KEY_MISMATCH, SIG_LENGTH or SIG_INVALID."""
        if not self.fits(key):
            raise CAKeyError("ALG_KEY_MISMATCH", self.name)
        if len(signature) != self.signature_length(key):
            raise CAKeyError("SIG_LENGTH", str(len(signature)))
        try:
            self._check(key, signature, data)
        except InvalidSignature as error:
            raise CAKeyError("SIG_INVALID") from error

    def _check(self, key: PublicKey, signature: bytes, data: bytes) -> None:
        if self.curve:
            key.verify(raw_to_der(signature), data, ec.ECDSA(self.hash))
        elif self.name.startswith("PS"):
            pss = padding.PSS(padding.MGF1(self.hash), padding.PSS.DIGEST_LENGTH)
            key.verify(signature, data, pss, self.hash)
        else:
            key.verify(signature, data, padding.PKCS1v15(), self.hash)


def digest(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    state = hashes.Hash(algorithm)
    state.update(data)
    return state.finalize()


def raw_to_der(signature: bytes) -> bytes:
    """R‖S as smart cards give it -> the DER sequence the library wants."""
    half = len(signature) // 2
    return encode_dss_signature(
        int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    )


HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
SUITES: dict[str, Suite] = {
    **{
        f"ES{bits}": Suite(f"ES{bits}", HASHES[bits], curve)
        for bits, curve in zip(HASHES, CURVES, strict=True)
    },
    **{f"{kind}{bits}": Suite(f"{kind}{bits}", HASHES[bits]) for kind in ("PS", "RS") for bits in HASHES},
}


def suite(name: str) -> Suite:
    try:
        return SUITES[name]
    except KeyError as error:
        raise CAKeyError("ALG_UNSUPPORTED") from error


def strong_key(certificate: Certificate) -> PublicKey:
    """The certificate's key, if it is of a kind and size we accept; else CAKeyError CERT_KEY_WEAK."""
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CAKeyError("CERT_KEY_WEAK", "unsupported key") from error
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, CURVES):
        return key
    if isinstance(key, rsa.RSAPublicKey) and key.key_size in RSA_BITS:
        exponent = key.public_numbers().e
        if exponent % 2 and exponent >= RSA_SMALLEST_EXPONENT:
            return key
    raise CAKeyError("CERT_KEY_WEAK")
