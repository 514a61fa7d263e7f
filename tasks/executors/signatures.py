"""Who signed this callback? RFC 9421, ecdsa-p256-sha256, by a certificate we were given for this channel."""

import base64
import binascii
import hashlib
import hmac
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from django.conf import settings

COVERED = ("@method", "@path", "content-digest", "idempotency-key")
SKEW = 300  # seconds a signature may be old or early
INPUT = re.compile(
    r'sig1=(\("@method" "@path" "content-digest" "idempotency-key"\)'
    r';created=(\d{1,12});keyid="([0-9a-f]{64})";alg="ecdsa-p256-sha256")'
)
BYTES = re.compile(r"(?:sig1|sha-256)=:([A-Za-z0-9+/]{1,200}={0,2}):")


class BadSignature(Exception):
    """The request is not proved to come from the executor; the text says why."""


@dataclass(frozen=True)
class Signed:
    """A request that is proved: by which certificate, and the hash of this very signature."""

    keyid: str
    fingerprint: str


def verify(channel: str, path: str, headers, body: bytes) -> Signed:
    """The proof that the executor of this channel sent it, or BadSignature."""
    digest = headers.get("Content-Digest", "")
    if not hmac.compare_digest(octets(digest, "Content-Digest"), hashlib.sha256(body).digest()):
        raise BadSignature("Content-Digest 与正文不符")
    match = INPUT.fullmatch(headers.get("Signature-Input", ""))
    if match is None:
        raise BadSignature("Signature-Input 缺失、格式不对或没有覆盖规定的字段")
    if abs(time.time() - int(match[2])) > SKEW:
        raise BadSignature("签名时间超出允许范围")
    values = ("POST", path, digest, headers.get("Idempotency-Key", ""))
    base = "".join(f'"{name}": {value}\n' for name, value in zip(COVERED, values, strict=True))
    signature = octets(headers.get("Signature", ""), "Signature")
    check(certificate(channel, match[3]), f'{base}"@signature-params": {match[1]}'.encode(), signature)
    return Signed(match[3], hashlib.sha256(signature).hexdigest())


def octets(value: str, name: str) -> bytes:
    """The one byte sequence of a structured field such as `sha-256=:…:`."""
    match = BYTES.fullmatch(value)
    try:
        return base64.b64decode(match[1], validate=True) if match else b""
    except binascii.Error:
        raise BadSignature(f"{name} 不是合法的 Base64") from None


def trusted(channel: str) -> list[x509.Certificate]:
    """The certificates of one executor, read anew each time: two in the file while keys change."""
    return x509.load_pem_x509_certificates(Path(settings.EXECUTORS[channel]["certificates"]).read_bytes())


def certificate(channel: str, keyid: str) -> x509.Certificate:
    now = datetime.now(UTC)
    for one in trusted(channel):
        if one.fingerprint(hashes.SHA256()).hex() == keyid:
            if one.not_valid_before_utc <= now <= one.not_valid_after_utc:
                return one
            raise BadSignature("签名证书不在有效期内")
    raise BadSignature("签名证书不是该执行机构登记的证书")


def check(one: x509.Certificate, message: bytes, signature: bytes) -> None:
    """ecdsa-p256-sha256 is R‖S of 64 bytes (RFC 9421 §3.3.4)."""
    key = one.public_key()
    known = isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1"
    if not known or len(signature) != 64:
        raise BadSignature("签名长度或密钥类型不对")
    halves = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    try:
        key.verify(utils.encode_dss_signature(*halves), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise BadSignature("签名不正确") from None
