"""Programs that know nothing of ours make tokens we accept, and accept tokens we make."""

import base64
import hashlib
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from accounts.cakey.authority import MODULE
from accounts.cakey.verify import CAKeyError, verify_token

from .conftest import NONCE, ORIGIN, PIN, PRACTICE, ROOT, b64, der, fingerprint, now, sign, signed_bytes


def pkcs11_sign(conf, label, mechanism, data, folder) -> bytes:
    """A signature by pkcs11-tool, straight from the token."""
    (folder / "in").write_bytes(data)
    command = [
        "pkcs11-tool", "--module", MODULE, "--token-label", label, "--login", "--pin", PIN, "--sign",
        "--mechanism", mechanism, "--id", "01", "--input-file", folder / "in",
        "--output-file", folder / "out",
    ]  # fmt: skip
    subprocess.run(command, env={"SOFTHSM2_CONF": str(conf)}, check=True, capture_output=True, timeout=180)
    return (folder / "out").read_bytes()


@pytest.mark.parametrize(
    ("label", "algorithm", "mechanism"),
    [("clerk", "ES256", "ECDSA"), ("reviewer", "RS256", "SHA256-RSA-PKCS")],
)
def test_a_token_made_with_pkcs11_tool_is_accepted(world, tokens, tmp_path, label, algorithm, mechanism):
    data = signed_bytes(algorithm)
    data = hashlib.sha256(data).digest() if mechanism == "ECDSA" else data
    certificate = getattr(tokens, label)
    text = json.dumps(
        {
            "unverifiedCertificate": b64(der(certificate)),
            "algorithm": algorithm,
            "signature": b64(pkcs11_sign(tokens.conf, label, mechanism, data, tmp_path)),
            "format": "web-eid:1.0",
        }
    )
    verified = verify_token(text, nonce=NONCE, origin=ORIGIN, at=now(), **world.trust)
    assert verified.certificate == certificate


def openssl_accepts(public_key, signature, data, folder) -> bool:
    spki = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / "key.pem").write_bytes(public_key.public_bytes(*spki))
    (folder / "signature").write_bytes(signature)
    (folder / "data").write_bytes(data)
    command = [
        "openssl",
        "dgst",
        "-sha256",
        "-verify",
        folder / "key.pem",
        "-signature",
        folder / "signature",
    ]
    done = subprocess.run([*command, folder / "data"], capture_output=True, check=False, timeout=180)
    return done.returncode == 0


def test_openssl_accepts_what_our_agent_signed(tokens, page_agent, tmp_path):
    certificate = tokens.clerk
    body = {"challengeNonce": NONCE, "certificateId": fingerprint(certificate), "pin": PIN}
    _, token = page_agent.post("authenticate", body)
    raw = base64.b64decode(token["signature"])
    signature = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    data = signed_bytes("ES256", PRACTICE, NONCE)
    assert openssl_accepts(certificate.public_key(), signature, data, tmp_path)
    assert not openssl_accepts(certificate.public_key(), signature, data + b".", tmp_path)


def test_our_test_signatures_are_real_to_openssl(keys, tmp_path):
    data = signed_bytes("RS256")
    assert openssl_accepts(keys.rsa.public_key(), sign(keys.rsa, "RS256", data), data, tmp_path)


@pytest.mark.parametrize(
    ("module", "foreign"),
    [("accounts.cakey.verify", "django pkcs11"), ("accounts.cakey.revocation", "django pkcs11"),
     ("accounts.cakey.agent.__main__", "django procurement accounts.models accounts.cakey.verify")],
)  # fmt: skip
def test_verifier_and_agent_stand_alone(module, foreign):
    code = f"import {module}, sys; print([n for n in {foreign.split()} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_published_web_eid_token_is_accepted_for_its_site_alone():
    vector = json.loads((Path(__file__).parent / "vectors/web-eid.json").read_text())
    anchor = x509.load_der_x509_certificate(base64.b64decode(vector["anchor"]))
    options = {"nonce": vector["nonce"], "anchors": [anchor], "at": datetime.fromisoformat(vector["at"])}
    text = json.dumps(vector["token"])
    assert verify_token(text, origin=vector["origin"], **options).chain[-1] == anchor
    with pytest.raises(CAKeyError, match="SIG_INVALID"):
        verify_token(text, origin=ORIGIN, **options)
