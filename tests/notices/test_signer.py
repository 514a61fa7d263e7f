"""The server's key on a real token."""

import os
import subprocess
import sys
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from notices.signer import Pkcs11Signer, SignerUnavailable


@pytest.fixture
def signer(hsm, settings, monkeypatch):
    monkeypatch.setenv("SOFTHSM2_CONF", str(hsm.conf))
    settings.PKCS11_PIN_FILE = str(hsm.pin_file)
    made = Pkcs11Signer()
    yield made
    made.close()


def check(hsm, message: bytes, signature: bytes) -> None:
    certificate = x509.load_pem_x509_certificate((hsm.trust / "portal.pem").read_bytes())
    halves = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    certificate.public_key().verify(utils.encode_dss_signature(*halves), message, ec.ECDSA(hashes.SHA256()))


def test_the_signature_is_the_tokens_and_names_its_certificate(signer, hsm):
    signature = signer.sign("公告".encode())
    assert len(signature) == 64
    assert signer.keyid == hsm.keyid
    check(hsm, "公告".encode(), signature)


def test_a_dead_session_is_opened_again_once(signer, hsm):
    signer.sign(b"first")
    signer.session.close()
    check(hsm, b"second", signer.sign(b"second"))


def test_many_threads_sign_without_harm(signer, hsm):
    made = []
    threads = [
        threading.Thread(target=lambda n=n: made.append((b"%d" % n, signer.sign(b"%d" % n))))
        for n in range(32)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 32
    for message, signature in made:
        check(hsm, message, signature)


def test_a_missing_token_or_pin_is_said_plainly(signer, settings, tmp_path):
    settings.PORTAL_TOKEN_LABEL = "no such token"
    with pytest.raises(SignerUnavailable, match="签名设备不可用"):
        signer.sign(b"x")
    settings.PORTAL_TOKEN_LABEL = "server-hsm"
    settings.PORTAL_KEY_LABEL = "portal-1999"
    with pytest.raises(SignerUnavailable):
        signer.sign(b"x")
    settings.PKCS11_PIN_FILE = str(tmp_path / "absent")
    with pytest.raises(SignerUnavailable):
        signer.sign(b"x")


def test_a_wrong_pin_is_not_taken_for_a_login(signer, hsm, settings, tmp_path):
    (tmp_path / "wrong").write_text("000000")
    settings.PKCS11_PIN_FILE = str(tmp_path / "wrong")
    with pytest.raises(SignerUnavailable, match="PinIncorrect"):
        signer.sign(b"x")
    settings.PKCS11_PIN_FILE = str(hsm.pin_file)
    check(hsm, b"x", signer.sign(b"x"))


SIGN_FOR_EVER = """
import django
django.setup()
from notices.signer import Pkcs11Signer
while True:
    signer = Pkcs11Signer()
    signer.sign(b"x")
    print("signed", flush=True)
    signer.close()
"""


def test_killed_logins_never_touch_the_token_itself(hsm, signer):
    """SoftHSM2 rewrites its token file at each login; a kill there would lose the key (see softhsm.py)."""
    (tokens,) = [path for path in (hsm.conf.parent / "tokens").iterdir() if path.is_dir()]
    before = {path.name: path.read_bytes() for path in tokens.iterdir()}
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "procurement.settings",
        "PKCS11_PIN_FILE": str(hsm.pin_file),
    }
    command = [sys.executable, "-c", SIGN_FOR_EVER]
    for _ in range(3):
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
            for _ in range(5):
                process.stdout.readline()
            process.kill()
    assert {path.name: path.read_bytes() for path in tokens.iterdir()} == before
    check(hsm, b"x", signer.sign(b"x"))
    copies = list(hsm.conf.parent.glob("copy-of-process-*"))
    assert [path.name for path in copies] == [f"copy-of-process-{os.getpid()}"]


def test_a_forked_child_signs_with_a_session_of_its_own(hsm):
    code = """
import os, django
django.setup()
from notices.signer import Pkcs11Signer
signer = Pkcs11Signer()
child = os.fork()
if child == 0:
    signer.sign(b"x"); os._exit(0)
os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "procurement.settings",
        "SOFTHSM2_CONF": str(hsm.conf),
        "PKCS11_PIN_FILE": str(hsm.pin_file),
    }
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
