"""A practice authority, real SoftHSM2 tokens, and a token maker with software keys for bad input."""

import base64
import http.client
import json
import os
import select
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from accounts.cakey import authority as ca
from tests.browser import *  # noqa: F403

NONCE = base64.b64encode(bytes(range(32))).decode()
ORIGIN = "https://cg.example.gov.cn"
ROOT = Path(__file__).resolve().parents[2]
PIN = "246810"
PRACTICE = "http://127.0.0.1:8000"


@dataclass
class World:
    """One authority and everything it issued."""

    folder: Path
    authority: ca.Authority

    @property
    def trust(self) -> dict:
        return {"anchors": [self.authority.root], "intermediates": [self.authority.issuing]}

    def issue(self, key, name="李经办", organization="省教育厅", **options) -> x509.Certificate:
        return ca.issue(self.authority, name, organization, key.public_key(), **options)


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> World:
    folder = tmp_path_factory.mktemp("ca")
    return World(folder, ca.create_authority(folder))


@pytest.fixture(scope="session")
def keys() -> SimpleNamespace:
    """Software keys, made once: generating them is the slow part."""
    return SimpleNamespace(
        p256=ec.generate_private_key(ec.SECP256R1()), p384=ec.generate_private_key(ec.SECP384R1()),
        p521=ec.generate_private_key(ec.SECP521R1()), rsa=rsa.generate_private_key(65537, 2048),
        other=ec.generate_private_key(ec.SECP256R1()),
    )  # fmt: skip


@pytest.fixture(scope="session")
def tokens(world, tmp_path_factory) -> SimpleNamespace:
    """Two certificate keys: the clerk's (P-256) and the reviewer's (RSA)."""
    conf = ca.create_conf(tmp_path_factory.mktemp("hsm"))
    clerk = ca.make_person(world.authority, conf, "clerk", "李经办", "省教育厅", pin=PIN)
    reviewer = ca.make_person(
        world.authority, conf, "reviewer", "王审核", "省教育厅", pin=PIN, key_type=ca.RSA
    )
    return SimpleNamespace(conf=conf, clerk=clerk, reviewer=reviewer)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def der(cert: x509.Certificate) -> bytes:
    return cert.public_bytes(serialization.Encoding.DER)


def sign(key, algorithm: str, data: bytes) -> bytes:
    """A signature as the token format wants it, by a software key."""
    algorithm_hash = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}[algorithm[2:]]
    if algorithm.startswith("ES"):
        octets = (key.curve.key_size + 7) // 8
        pair = decode_dss_signature(key.sign(data, ec.ECDSA(algorithm_hash)))
        return b"".join(number.to_bytes(octets, "big") for number in pair)
    if algorithm.startswith("PS"):
        pss = padding.PSS(padding.MGF1(algorithm_hash), padding.PSS.DIGEST_LENGTH)
        return key.sign(data, pss, algorithm_hash)
    return key.sign(data, padding.PKCS1v15(), algorithm_hash)


def signed_bytes(algorithm: str, origin: str = ORIGIN, nonce: str = NONCE) -> bytes:
    """Written apart from the verifier on purpose."""
    import hashlib

    name = "sha" + algorithm[2:]
    return hashlib.new(name, origin.encode()).digest() + hashlib.new(name, nonce.encode()).digest()


def token_fields(key, cert, algorithm="ES256", origin=ORIGIN, nonce=NONCE) -> dict:
    return {
        "unverifiedCertificate": b64(der(cert)),
        "algorithm": algorithm,
        "signature": b64(sign(key, algorithm, signed_bytes(algorithm, origin, nonce))),
        "format": "web-eid:1.0",
        "appVersion": "test",
    }


def token_text(key, cert, algorithm="ES256", **options) -> str:
    return json.dumps(token_fields(key, cert, algorithm, **options))


def now() -> datetime:
    return datetime.now(UTC)


class RunningAgent:
    """The agent as a program of its own, as the clerk runs it."""

    def __init__(self, conf: Path, *options: str, stderr=subprocess.DEVNULL):
        environment = {**os.environ, "SOFTHSM2_CONF": str(conf), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "accounts.cakey.agent", "--port", "0", *options]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=stderr, cwd=ROOT
        )
        assert select.select([self.process.stdout], [], [], 120)[0], "agent did not start"
        line = self.process.stdout.readline().decode()
        self.url = line.split()[1]
        self.port = int(self.url.rpartition(":")[2])

    def request(self, method: str, path: str, body: bytes | None = None, **headers) -> tuple[int, dict, dict]:
        """One raw request; header names may be given with underscores. Returns status, headers, JSON."""
        headers = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        return answer.status, dict(answer.getheaders()), json.loads(data) if data else {}

    def post(self, command: str, body: dict, origin: str = PRACTICE) -> tuple[int, dict]:
        data = json.dumps(body).encode()
        status, _, answer = self.request(
            "POST", f"/v1/{command}", data, Origin=origin, Content_Type="application/json"
        )
        return status, answer

    def status(self) -> dict:
        return self.request("GET", "/v1/status", Origin=PRACTICE)[2]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)
        self.process.stdout.close()


@pytest.fixture(scope="session")
def page_agent(tokens):
    """The agent of practice and demo: the page sends the PIN."""
    agent = RunningAgent(
        tokens.conf, "--pin-from-page", "--dev", "--origin", PRACTICE,
        "--practice-origin", "https://practice.example", "--per-minute", "1000",
    )  # fmt: skip
    yield agent
    agent.stop()


@pytest.fixture
def start(tokens):
    """Start agents that end with the test."""
    running = []

    def run(*options, conf=tokens.conf, **more):
        running.append(RunningAgent(conf, *options, **more))
        return running[-1]

    yield run
    for agent in running:
        agent.stop()


def sign_in(agent, certificate, pin=PIN, **more):
    return agent.post(
        "authenticate",
        {"challengeNonce": NONCE, "certificateId": fingerprint(certificate), "pin": pin, **more},
    )


def fingerprint(cert: x509.Certificate) -> str:
    return cert.fingerprint(hashes.SHA256()).hex()


@pytest.fixture
def trusted(db, world):
    """Root and issuing CA trusted, both with a fresh list."""
    from django.utils import timezone

    from accounts.cakey import trust

    pairs = (("anchor", world.authority.root, world.authority.root_key),
             ("intermediate", world.authority.issuing, world.authority.issuing_key))  # fmt: skip
    for role, cert, key in pairs:
        trust.import_crl(trust.add_ca(cert, "演练机构", role), ca.make_crl(cert, key), timezone.now())


def bound(world, certificate, user):
    """Bind a certificate as the seed does."""
    from accounts.cakey import bindings
    from accounts.cakey.path import VerifiedCertificate

    chain = (certificate, world.authority.issuing, world.authority.root)
    return bindings.bind(user, VerifiedCertificate(certificate, chain))


@pytest.fixture
def card(world, keys, trusted, clerk):
    """The clerk's certificate, bound."""
    certificate = world.issue(keys.p256, "李经办", "示例大学")
    bound(world, certificate, clerk)
    return certificate


@pytest.fixture(autouse=True)
def _known_settings(settings):
    """Whatever the environment says, and nothing remembered from the test before."""
    from accounts.cakey import sessions

    settings.CAKEY_ORIGINS, settings.CAKEY_RELAY_URL = [PRACTICE], ""
    settings.CAKEY_AGENT_PORTS = list(range(24815, 24820))
    sessions.MEMORY.clear()
