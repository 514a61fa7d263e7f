"""RFC 9421: who signed this request? Written from the RFC, apart from the client: each proves the other."""

import base64
import binascii
import hashlib
import hmac
import re
import time
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

COVERED = ("@method", "@path", "content-digest", "idempotency-key")
SKEW = 300  # seconds a signature may be old or early
INPUT = re.compile(r'^sig1=(\((?P<names>[^)]*)\)(?P<params>(?:;[a-z]+=(?:"[^"\\]*"|\d{1,12}))*))$')
PARAM = re.compile(r';([a-z]+)=(?:"([^"\\]*)"|(\d+))')
BYTES = re.compile(r"^(?:sig1|sha-256)=:([A-Za-z0-9+/]+={0,2}):$")


class BadSignature(Exception):
    """The request is not proved to come from a trusted sender; the text says why."""


class TrustStore:
    """The certificates of the systems that may publish: PEM files of one folder, by SHA-256."""

    def __init__(self, folder: str):
        self.folder = Path(folder)
        self.certificates: dict[str, x509.Certificate] = {}

    def find(self, keyid: str) -> x509.Certificate:
        if keyid not in self.certificates:
            self.load()  # a new key may have been laid down since: rotation needs no restart
        try:
            return self.certificates[keyid]
        except KeyError:
            raise BadSignature("签名证书不在受信任名单中") from None

    def load(self) -> None:
        certificates = {}
        for path in sorted(self.folder.glob("*.pem")):
            for certificate in x509.load_pem_x509_certificates(path.read_bytes()):
                certificates[certificate.fingerprint(hashes.SHA256()).hex()] = certificate
        self.certificates = certificates


def field_bytes(value: str, name: str) -> bytes:
    """The one byte sequence of a structured field such as `sha-256=:…:`."""
    match = BYTES.match(value)
    try:
        return base64.b64decode(match[1], validate=True) if match else b""
    except binascii.Error:
        raise BadSignature(f"{name} 不是合法的 Base64") from None


def check_digest(header: str, body: bytes) -> None:
    if not hmac.compare_digest(field_bytes(header, "Content-Digest"), hashlib.sha256(body).digest()):
        raise BadSignature("Content-Digest 与正文不符")


def parse_input(header: str) -> tuple[str, dict[str, str]]:
    """The signature parameters as sent (they are signed verbatim) and as a dictionary."""
    match = INPUT.match(header)
    if not match:
        raise BadSignature("Signature-Input 缺失或格式不对")
    if match["names"].split() != [f'"{name}"' for name in COVERED]:
        raise BadSignature("签名没有覆盖规定的字段")
    params = {name: text or number for name, text, number in PARAM.findall(match["params"])}
    if (
        not {"created", "keyid"} <= params.keys()
        or params.get("alg", "ecdsa-p256-sha256") != "ecdsa-p256-sha256"
    ):
        raise BadSignature("签名参数不全或算法不受支持")
    return match[1], params


def verify(method: str, path: str, headers, body: bytes, trust: TrustStore, now: float | None = None) -> str:
    """The sender's key id, or BadSignature."""
    check_digest(headers.get("Content-Digest", ""), body)
    line, params = parse_input(headers.get("Signature-Input", ""))
    if abs((now or time.time()) - int(params["created"])) > SKEW:
        raise BadSignature("签名时间超出允许范围")
    values = (method, path, headers["Content-Digest"], headers.get("Idempotency-Key", ""))
    base = "".join(f'"{name}": {value}\n' for name, value in zip(COVERED, values, strict=True))
    base += f'"@signature-params": {line}'
    certificate = trust.find(params["keyid"])
    check_key(certificate, base.encode(), field_bytes(headers.get("Signature", ""), "Signature"))
    return params["keyid"]


def check_key(certificate: x509.Certificate, message: bytes, signature: bytes) -> None:
    """ecdsa-p256-sha256 is R‖S of 64 bytes (RFC 9421 §3.3.4)."""
    key = certificate.public_key()
    if (
        not isinstance(key, ec.EllipticCurvePublicKey)
        or key.curve.name != "secp256r1"
        or len(signature) != 64
    ):
        raise BadSignature("签名长度或密钥类型不对")
    halves = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    try:
        key.verify(utils.encode_dss_signature(*halves), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise BadSignature("签名不正确") from None
