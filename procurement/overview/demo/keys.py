"""The practice authority, everybody's token, and whom the site and the portal trust."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils import timezone

from accounts.cakey import authority as ca
from accounts.cakey import bindings, trust
from accounts.cakey.path import ChainValidator
from accounts.models import RevocationList, TrustedCA, User

from .people import PEOPLE, PIN, UNBOUND, Person

CRL_DAYS = 30
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
EXPIRED = "guoqi"  # a key whose certificate ended in 2024, to see the login page say so


def conf() -> Path:
    """The SoftHSM2 configuration of this place; without one the system's own tokens would be touched."""
    return Path(os.environ["SOFTHSM2_CONF"])


def authority() -> ca.Authority:
    return ca.create_authority(conf().parent / "ca")


def labels() -> set[str]:
    """Labels of the tokens there are."""
    done = subprocess.run(["softhsm2-util", "--show-slots"], capture_output=True, text=True, check=True)
    found = [line.partition(":")[2].strip() for line in done.stdout.splitlines() if "Label:" in line]
    return {label for label in found if label}


class Keyring:
    """Makes the tokens that are missing; a certificate is kept as a file once its token is whole."""

    def __init__(self):
        self.authority, self.there = authority(), labels()
        self.folder = conf().parent / "ca" / "people"
        self.folder.mkdir(exist_ok=True)

    def person(self, person: Person, **options) -> x509.Certificate:
        return self.whole(
            person.username,
            lambda: ca.make_person(
                self.authority, conf(), person.username, person.name, person.organization, pin=PIN, **options
            ),
        )

    def whole(self, label: str, make) -> x509.Certificate:
        """The certificate of a token; a token that was only half made is made anew."""
        file = self.folder / f"{label}.pem"
        if label in self.there and file.exists():
            return x509.load_pem_x509_certificate(file.read_bytes())
        if label in self.there:
            subprocess.run(
                ["softhsm2-util", "--delete-token", "--token", label], capture_output=True, check=True
            )
        certificate = make()
        file.write_bytes(ca.pem(certificate))
        return certificate

    def server(self) -> x509.Certificate:
        """The token that signs what goes to the portal."""
        pin = Path(settings.PKCS11_PIN_FILE).read_text().strip()
        label, key = settings.PORTAL_TOKEN_LABEL, settings.PORTAL_KEY_LABEL
        return self.whole(
            label,
            lambda: ca.make_server_token(self.authority, conf(), pin=pin, label=label, key_label=key),
        )


def trust_authority(keys: ca.Authority) -> None:
    """Rows for root and issuing CA, and a revocation list of each that will not run out soon."""
    for certificate, key, role in (
        (keys.root, keys.root_key, TrustedCA.Role.ANCHOR),
        (keys.issuing, keys.issuing_key, TrustedCA.Role.INTERMEDIATE),
    ):
        name = bindings.name_part(certificate.subject, x509.NameOID.COMMON_NAME)
        row = trust.add_ca(certificate, name, role)
        stored = RevocationList.objects.filter(ca=row).first()
        if stored is None or stored.next_update < timezone.now() + timedelta(days=CRL_DAYS / 2):
            number = int(stored.number) + 1 if stored else 1
            crl = ca.make_crl(certificate, key, number=number, days=CRL_DAYS)
            trust.import_crl(row, crl, timezone.now())


def bind(keys: ca.Authority, user: User, certificate: x509.Certificate, admin: User) -> None:
    """The administrator binds the certificate, after the same checks as at a login."""
    if user.certificates.filter(sha256=trust.fingerprint(certificate)).exists():
        return
    verified = ChainValidator([keys.root], [keys.issuing]).validate(certificate, timezone.now())
    bindings.bind(user, verified, by=admin, detail="演示：管理员当面核验后绑定")


def executors(keys: ca.Authority) -> None:
    """Each executor's own key, beside the certificate the settings trust; the sandbox signs with it."""
    for channel, about in settings.EXECUTORS.items():
        file = Path(about["certificates"])
        if file.exists():
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        ca.write_secret(file.with_suffix(".key"), ca.private_pem(key))
        file.write_bytes(
            ca.pem(ca.issue(keys, channel, f"演示执行机构 {channel}", key.public_key(), days=730))
        )


def prepare(users: dict[str, User], say) -> int:
    """Tokens, trust and bindings; how many tokens were made now."""
    ring = Keyring()
    trust_authority(ring.authority)
    for person in PEOPLE:
        bind(ring.authority, users[person.username], ring.person(person), users["admin"])
        say(person.username)
    ring.person(UNBOUND)
    ring.person(Person(EXPIRED, "旧证书", "", ()), at=LONG_AGO)
    certificate = ring.server()
    folder = Path(os.environ["DEMO_TRUST"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "server.pem").write_bytes(ca.pem(certificate))
    executors(ring.authority)
    return len(labels() - ring.there)
