"""The certificate keys plugged in: which tokens, which certificates, and one signature at a time.

python-pkcs11 releases the GIL while the module was initialised without OS locking: two threads in it
crash the interpreter. One lock for the whole process stands before every call. The login state belongs
to process and token, not to the session, so every operation opens its own session and closes it.
"""

import base64
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, TokenFlag

from . import softhsm
from .errors import AgentError, from_device

LOCK = threading.RLock()
CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


@dataclass(frozen=True)
class Holding:
    """A certificate on a token, and where its key lies."""

    token: str
    token_serial: bytes
    key_id: bytes
    der: bytes

    @property
    def id(self) -> str:
        return hashlib.sha256(self.der).hexdigest()

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.der)

    @property
    def algorithm(self) -> str | None:
        key = self.certificate.public_key()
        if isinstance(key, ec.EllipticCurvePublicKey):
            return CURVES.get(key.curve.name)
        return "RS256" if isinstance(key, rsa.RSAPublicKey) else None


class Keys:
    """The tokens of one PKCS#11 module."""

    def __init__(self, module: str):
        self.module = module
        softhsm.isolate(module)
        try:
            self.library = pkcs11.lib(module)
        except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
            raise AgentError("AGENT_NO_MODULE") from error

    def tokens(self) -> list[pkcs11.Token]:
        """Tokens present now; without a session open it is safe to start the module afresh."""
        with LOCK, mapped():
            softhsm.isolate(self.module)
            self.library.reinitialize()
            return [token for token in self.library.get_tokens() if token.flags & TokenFlag.TOKEN_INITIALIZED]

    def holdings(self, purpose: str = "auth") -> list[Holding]:
        """Certificates that may sign; the encryption half of a key pair is left out (GM/T 0016)."""
        with LOCK:
            tokens = self.tokens()
            if not tokens:
                raise AgentError("AGENT_NO_TOKEN")
            found = [holding for token in tokens for holding in self._on(token)]
        return [holding for holding in found if usable(holding, purpose)]

    def _on(self, token: pkcs11.Token) -> list[Holding]:
        with mapped(), token.open() as session:
            objects = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}))
            return [
                Holding(token.label, token.serial, item[Attribute.ID], item[Attribute.VALUE])
                for item in objects
            ]

    def find(self, certificate_id: str | None, purpose: str = "auth") -> Holding:
        """The chosen certificate; without a choice there must be exactly one."""
        holdings = self.holdings(purpose)
        if certificate_id is not None:
            holdings = [holding for holding in holdings if holding.id == certificate_id]
        if len(holdings) != 1:
            raise AgentError("AGENT_NO_CERTIFICATE")
        return holdings[0]

    def token_of(self, holding: Holding) -> pkcs11.Token:
        with LOCK, mapped():
            return self.library.get_token(token_serial=holding.token_serial)

    def sign(self, holding: Holding, data: list[bytes], pin) -> list[bytes]:
        """Raw R‖S for elliptic curves, PKCS#1 v1.5 for RSA; `pin` may be pkcs11.PROTECTED_AUTH."""
        with LOCK, mapped(lambda: not self._present(holding)):
            token = self.library.get_token(token_serial=holding.token_serial)
            with token.open(user_pin=pin) as session:
                return [sign_with(session, holding, one) for one in data]

    def _present(self, holding: Holding) -> bool:
        try:
            return any(token.serial == holding.token_serial for token in self.tokens())
        except AgentError:
            return False


def sign_with(session: pkcs11.Session, holding: Holding, data: bytes) -> bytes:
    algorithm = holding.algorithm
    kind = KeyType.RSA if algorithm == "RS256" else KeyType.EC
    key = session.get_key(ObjectClass.PRIVATE_KEY, kind, id=holding.key_id)
    if algorithm == "RS256":
        return key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS)
    # SoftHSM has no ECDSA_SHA256, and cards often have not: the hash is made here.
    return key.sign(hash_for(algorithm, data), mechanism=Mechanism.ECDSA)


def hash_for(algorithm: str, data: bytes) -> bytes:
    return hashlib.new("sha" + algorithm[2:], data).digest()


def for_people(certificate: x509.Certificate) -> bool:
    """Extended key usage is absent or names client authentication: a server's certificate logs nobody in."""
    try:
        extended = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    except ValueError:
        return False
    return ExtendedKeyUsageOID.CLIENT_AUTH in extended


def usable(holding: Holding, purpose: str) -> bool:
    """Key usage allows this purpose: digitalSignature to log in, either signature bit to sign."""
    if not for_people(holding.certificate):
        return False
    try:
        usage = holding.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        algorithm = holding.algorithm
    except (ValueError, x509.ExtensionNotFound):
        return False
    signs = usage.digital_signature or (purpose == "sign" and usage.content_commitment)
    return bool(signs and algorithm)


def pin_state(token: pkcs11.Token) -> str:
    """ "ok", "low", "final" or "locked": known before a PIN is asked for."""
    for flag, state in (
        (TokenFlag.USER_PIN_LOCKED, "locked"),
        (TokenFlag.USER_PIN_FINAL_TRY, "final"),
        (TokenFlag.USER_PIN_COUNT_LOW, "low"),
    ):
        if token.flags & flag:
            return state
    return "ok"


def describe(holding: Holding) -> dict:
    """What the page may show of a certificate."""
    certificate = holding.certificate
    return {
        "id": holding.id,
        "certificate": base64_text(holding.der),
        "subject": name_part(certificate.subject, NameOID.COMMON_NAME),
        "organization": name_part(certificate.subject, NameOID.ORGANIZATION_NAME),
        "issuer": name_part(certificate.issuer, NameOID.COMMON_NAME),
        "serial": f"{certificate.serial_number:X}",
        "notBefore": iso(certificate.not_valid_before_utc),
        "notAfter": iso(certificate.not_valid_after_utc),
        "algorithms": [holding.algorithm],
        "token": holding.token,
        "tokenSerialTail": serial_tail(holding.token_serial),
    }


def serial_tail(serial: bytes) -> str:
    return serial.decode("ascii", errors="replace").strip()[-8:]


def name_part(name: x509.Name, oid) -> str:
    parts = name.get_attributes_for_oid(oid)
    return str(parts[0].value) if parts else ""


def iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def base64_text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@contextmanager
def mapped(token_gone: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """PKCS#11 errors leave as AgentError."""
    try:
        yield
    except pkcs11.GeneralError as error:
        raise from_device(error, token_gone=token_gone()) from error
    except pkcs11.PKCS11Error as error:
        raise from_device(error) from error
