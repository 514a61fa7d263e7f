"""The signature as a stranger's program sees it: pdfsig of poppler, which owes nothing to ours."""

import re
import subprocess

import pytest
from cryptography.hazmat.primitives import hashes

from accounts.cakey import authority as ca
from accounts.cakey.trust import to_pem
from procurement.sealing import jobs
from procurement.sealing.models import SealedPaper
from tests.world import YEAR

from .conftest import made, order

VALID, TRUSTED = "Signature is Valid.", "Certificate is Trusted."


@pytest.fixture(scope="session")
def nss(token, tmp_path_factory):
    """`nss(name)` is a certificate store that trusts the root of our authority (or another's)."""

    def store(root, name: str):
        folder = tmp_path_factory.mktemp(name)
        (folder / "root.pem").write_text(to_pem(root))
        base = ["certutil", "-d", f"sql:{folder}"]
        for words in (
            ["-N", "--empty-password"],
            ["-A", "-n", "root", "-t", "C,C,C", "-i", str(folder / "root.pem")],
        ):
            subprocess.run([*base, *words], check=True, capture_output=True)
        return folder

    return store


def pdfsig(folder, content: bytes, store) -> str:
    path = folder / "asked.pdf"
    path.write_bytes(content)
    done = subprocess.run(
        ["pdfsig", "-nssdir", f"sql:{store}", str(path)], capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def read(paper) -> bytes:
    with paper.file.open() as file:
        return file.read()


def test_pdfsig_says_valid_and_trusts_our_authority(sealing, document, nss, tmp_path):
    content = read(made(order(document)))
    said = pdfsig(tmp_path, content, nss(sealing.root, "ours"))
    assert said.count("Signature #") == 1
    assert VALID in said
    assert TRUSTED in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "SHA-256" in said
    assert "portal-2026" in said


def test_with_another_authority_trusted_it_is_not(sealing, document, nss, tmp_path):
    stranger = ca.create_authority(tmp_path / "stranger", "别的机构")
    said = pdfsig(tmp_path, read(made(order(document))), nss(stranger.root, "theirs"))
    assert VALID in said
    assert TRUSTED not in said


def test_one_changed_byte_anywhere_and_it_is_not_valid(sealing, document, nss, tmp_path):
    content, store = read(made(order(document))), nss(sealing.root, "ours")
    begins, length = map(int, re.search(rb"/ByteRange \[0 (\d+) \d+ (\d+)", content).groups())
    for place in [200, len(content) // 3, begins - 50, len(content) - 20, len(content) - length + 5]:
        changed = bytearray(content)
        changed[place] ^= 1
        assert VALID not in pdfsig(tmp_path, bytes(changed), store), place


def test_what_is_appended_is_seen(sealing, document, nss, tmp_path):
    content = read(made(order(document)))
    said = pdfsig(tmp_path, content + b"\n% appended\n%%EOF\n", nss(sealing.root, "ours"))
    assert "Not total document signed" in said


def test_the_chain_travels_with_the_signature_and_nothing_may_change(sealing, document):
    content = read(made(order(document)))
    blob = bytes.fromhex(re.search(rb"/Contents\s*<([0-9A-Fa-f]+)>", content)[1].decode())
    for certificate in (sealing.issuing, sealing.root):
        der = certificate.public_bytes(ca.serialization.Encoding.DER)
        assert der in blob, certificate.fingerprint(hashes.SHA256()).hex()
    assert b"/DocMDP" in content
    assert re.search(rb"/P 1\b", content)


def test_an_expired_certificate_seals_nothing(sealing, document, time_machine):
    paper = order(document)
    jobs.render()
    time_machine.move_to(f"{YEAR + 4}-01-01T00:00:00Z")
    jobs.sign()
    paper.refresh_from_db()
    assert paper.state == "rendered"
    assert "不在有效期内" in paper.error
    assert not SealedPaper.objects.filter(state="sealed").exists()
