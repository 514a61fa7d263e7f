"""A practice certificate authority and SoftHSM2 tokens, for the demo and for tests; no real trust in it.

Tokens are made with softhsm2-util and pkcs11-tool as programs of their own, so that this process loads
no PKCS#11 module and the tokens owe nothing to the library that reads them later.
"""

import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

MODULE = os.environ.get("PKCS11_MODULE", "/usr/lib/softhsm/libsofthsm2.so")
P256, RSA = "EC:prime256v1", "rsa:2048"
USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip
PERSON = ("digital_signature", "content_commitment")
CA = ("key_cert_sign", "crl_sign")


@dataclass(frozen=True)
class Authority:
    """A root and the issuing CA below it, with their keys, kept as PEM files in a folder."""

    root: x509.Certificate
    root_key: ec.EllipticCurvePrivateKey
    issuing: x509.Certificate
    issuing_key: ec.EllipticCurvePrivateKey


def create_authority(
    folder: Path, name: str = "安徽省电子认证管理中心", *, at: datetime | None = None
) -> Authority:
    """Make root and issuing CA (10 years) and store them in `folder`; an existing one is loaded."""
    folder = Path(folder)
    if (folder / "issuing.pem").exists():
        return load_authority(folder)
    folder.mkdir(parents=True, exist_ok=True)
    root_key, issuing_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name, issuing_name = subject(f"{name}（演练根）", name), subject(f"{name}（演练）", name)
    long = {"days": 3650, "at": at, "usages": CA, "ca": True}
    root = certificate(root_name, root_key.public_key(), root_name, root_key, **long)
    issuing = certificate(issuing_name, issuing_key.public_key(), root_name, root_key, **long)
    for label, cert, key in (("root", root, root_key), ("issuing", issuing, issuing_key)):
        write_secret(folder / f"{label}.key", private_pem(key))
        (folder / f"{label}.pem").write_bytes(pem(cert))
    return Authority(root, root_key, issuing, issuing_key)


def load_authority(folder: Path) -> Authority:
    parts = []
    for label in ("root", "issuing"):
        parts.append(x509.load_pem_x509_certificate((Path(folder) / f"{label}.pem").read_bytes()))
        parts.append(serialization.load_pem_private_key((Path(folder) / f"{label}.key").read_bytes(), None))
    return Authority(*parts)


def issue(
    authority: Authority,
    common_name: str,
    organization: str,
    public_key,
    *,
    days: int = 365,
    at: datetime | None = None,
    usages: Iterable[str] = PERSON,
    **extras,
) -> x509.Certificate:
    """A certificate of a person (or a server) under the issuing CA."""
    return certificate(
        subject(common_name, organization), public_key, authority.issuing.subject, authority.issuing_key,
        days=days, at=at, usages=usages, **extras,
    )  # fmt: skip


def certificate(
    name, public_key, issuer_name, issuer_key, *, days, at=None, usages=PERSON,
    extended=(ExtendedKeyUsageOID.CLIENT_AUTH,), ca=False, serial=None, more=(),
) -> x509.Certificate:  # fmt: skip
    """Build and sign one certificate; `usages=None` omits key usage, `more` adds (extension, critical)."""
    at = at or datetime.now(UTC)
    builder = x509.CertificateBuilder(
        issuer_name, name, public_key, serial or x509.random_serial_number(),
        at - timedelta(days=1), at + timedelta(days=days),
    )  # fmt: skip
    extensions = [(x509.BasicConstraints(ca, None), True)]
    if usages is not None:
        extensions.append((x509.KeyUsage(**{usage: usage in usages for usage in USAGES}), True))
    if extended and not ca:
        extensions.append((x509.ExtendedKeyUsage(extended), False))
    extensions.append((x509.SubjectKeyIdentifier.from_public_key(public_key), False))
    extensions.append((x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False))
    for extension, critical in (*extensions, *more):
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def make_crl(
    issuer: x509.Certificate, key, revoked: Iterable[x509.Certificate] = (), *, number: int = 1,
    days: float = 30, at: datetime | None = None,
) -> bytes:  # fmt: skip
    """The DER revocation list of one CA."""
    at = at or datetime.now(UTC)
    builder = x509.CertificateRevocationListBuilder(issuer.subject, at, at + timedelta(days=days))
    builder = builder.add_extension(x509.CRLNumber(number), False)
    for cert in revoked:
        entry = x509.RevokedCertificateBuilder(cert.serial_number, at)
        entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags.cessation_of_operation), False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


# Tokens


def create_conf(folder: Path) -> Path:
    """A SoftHSM2 configuration of its own; put the path into SOFTHSM2_CONF."""
    folder = Path(folder).resolve()
    (folder / "tokens").mkdir(parents=True, exist_ok=True)
    conf = folder / "softhsm2.conf"
    conf.write_text(
        f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    return conf


def make_token(conf: Path, label: str, pin: str, so_pin: str = "87654321") -> None:
    """Initialise an empty token."""
    command = ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", so_pin]
    run(conf, command)


def make_key(
    conf: Path, label: str, pin: str, *, key_type: str = P256, key_id: str = "01", key_label: str = "key"
):
    """Generate a key pair on the token; returns its public key."""
    tool(conf, label, pin, "--keypairgen", "--key-type", key_type, "--id", key_id, "--label", key_label)
    der = tool(conf, label, pin, "--read-object", "--type", "pubkey", "--id", key_id)
    return serialization.load_der_public_key(der)


def write_certificate(conf: Path, label: str, pin: str, cert: x509.Certificate, key_id: str = "01") -> None:
    """Put a certificate beside its key (same CKA_ID)."""
    path = Path(conf).parent / f"{label}-{key_id}.der"
    path.write_bytes(cert.public_bytes(serialization.Encoding.DER))
    tool(conf, label, pin, "--write-object", str(path), "--type", "cert", "--id", key_id, "--label", label)
    path.unlink()


def make_person(
    authority: Authority, conf: Path, label: str, common_name: str, organization: str, *, pin: str,
    so_pin: str = "87654321", key_type: str = P256, **options,
) -> x509.Certificate:  # fmt: skip
    """A whole certificate key: token, key pair on it, certificate of the person on it."""
    make_token(conf, label, pin, so_pin)
    public_key = make_key(conf, label, pin, key_type=key_type)
    cert = issue(authority, common_name, organization, public_key, **options)
    write_certificate(conf, label, pin, cert)
    return cert


def make_server_token(
    authority: Authority, conf: Path, *, pin: str, label: str = "server-hsm", key_label: str = "portal-2026",
    organization: str = "安徽省财政厅",
) -> x509.Certificate:  # fmt: skip
    """The server's own token: the key that signs what is sent to the portal, and the papers it seals."""
    make_token(conf, label, pin)
    public_key = make_key(conf, label, pin, key_label=key_label)
    # emailProtection: the usage NSS, and so pdfsig and browsers, want of whoever signs a PDF
    extended = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION)
    cert = issue(authority, key_label, organization, public_key, days=730, extended=extended)
    write_certificate(conf, label, pin, cert)
    return cert


def tool(conf: Path, label: str, pin: str, *arguments: str) -> bytes:
    """pkcs11-tool on one token; the PIN goes through the environment, not the process list."""
    command = ["pkcs11-tool", "--module", MODULE, "--token-label", label, "--login", "--pin", "env:TOKEN_PIN"]
    return run(conf, [*command, *arguments], TOKEN_PIN=pin)


def run(conf: Path, command: list[str], **environment: str) -> bytes:
    environment = {**os.environ, "SOFTHSM2_CONF": str(conf), **environment}
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


# Small parts


def subject(common_name: str, organization: str) -> x509.Name:
    parts = (
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, organization),
        (NameOID.COMMON_NAME, common_name),
    )
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts])


def pem(cert: x509.Certificate) -> bytes:
    return cert.public_bytes(serialization.Encoding.PEM)


def private_pem(key) -> bytes:
    none = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, none)


def write_secret(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
