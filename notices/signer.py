"""Who signs what goes to the portal: a key that never leaves the server's token."""

import hashlib
import os
import threading
from pathlib import Path
from typing import Protocol

import pkcs11
from django.conf import settings
from pkcs11 import Attribute, Mechanism, ObjectClass

from accounts.cakey.agent import softhsm

# C_Initialize is called without the locking flag and every call runs without the GIL: two threads at once
# crash the interpreter (ca-key.md §8). Whoever touches the library in this process holds this lock.
LOCK = threading.Lock()
BROKEN = (  # the token was pulled, the session is stale: worth opening anew, once
    pkcs11.SessionHandleInvalid,
    pkcs11.SessionClosed,
    pkcs11.ObjectHandleInvalid,
    pkcs11.KeyHandleInvalid,
    pkcs11.DeviceError,
    pkcs11.DeviceRemoved,
    pkcs11.TokenNotPresent,
    pkcs11.NoSuchToken,
    pkcs11.UserNotLoggedIn,
    pkcs11.GeneralError,
)


class SignerUnavailable(Exception):
    """No signature can be made now; nothing has been sent."""


class PublicationSigner(Protocol):
    """Signs a message with ecdsa-p256-sha256."""

    @property
    def keyid(self) -> str: ...

    def sign(self, message: bytes) -> bytes: ...


class Pkcs11Signer:
    """The key PORTAL_KEY_LABEL on the token PORTAL_TOKEN_LABEL; one session per process, opened at need."""

    conf: str | None = None  # what the library of this process was initialised with

    def __init__(self):
        self.session = self.key = self.der = self.certificate_sha256 = None

    @property
    def keyid(self) -> str:
        with LOCK:
            return self.guarded(lambda: self.certificate_sha256)

    @property
    def certificate(self) -> bytes:
        """The certificate beside the key, as DER."""
        with LOCK:
            return self.guarded(lambda: self.der)

    def sign(self, message: bytes) -> bytes:
        # SoftHSM knows no ECDSA_SHA256: the hash is made here (ca-key.md §8)
        digest = hashlib.sha256(message).digest()
        with LOCK:
            return self.guarded(lambda: self.key.sign(digest, mechanism=Mechanism.ECDSA))

    def guarded(self, action):
        """Do it in an open session; after a device error open a new one and try once more."""
        try:
            return self.attempt(action)
        except BROKEN:
            return self.attempt(action, reinitialize=True)

    def attempt(self, action, *, reinitialize: bool = False):
        try:
            self.open(reinitialize=reinitialize)
            return action()
        except (pkcs11.PKCS11Error, OSError, RuntimeError) as error:
            self.close()
            if isinstance(error, BROKEN) and not reinitialize:
                raise
            raise SignerUnavailable(f"签名设备不可用（{type(error).__name__}）") from error

    def open(self, *, reinitialize: bool) -> None:
        if self.session is not None:
            return
        softhsm.isolate(settings.PKCS11_MODULE)
        library = pkcs11.lib(settings.PKCS11_MODULE)
        conf = os.environ.get("SOFTHSM2_CONF", "")
        if reinitialize or Pkcs11Signer.conf not in (None, conf):
            library.reinitialize()  # only so does a token that was pulled come back, or another folder count
        Pkcs11Signer.conf = conf
        token = library.get_token(token_label=settings.PORTAL_TOKEN_LABEL)
        self.session = token.open(user_pin=Path(settings.PKCS11_PIN_FILE).read_text().strip())
        self.key = self.session.get_key(ObjectClass.PRIVATE_KEY, label=settings.PORTAL_KEY_LABEL)
        beside = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.ID: self.key[Attribute.ID]}
        certificates = list(self.session.get_objects(beside))
        if len(certificates) != 1:
            raise pkcs11.NoSuchKey
        self.der = certificates[0][Attribute.VALUE]
        self.certificate_sha256 = hashlib.sha256(self.der).hexdigest()

    def close(self) -> None:
        """Forget the session; a dead device may refuse even this."""
        session, self.session, self.key = self.session, None, None
        try:
            if session is not None:
                session.close()
        except pkcs11.PKCS11Error:
            return
