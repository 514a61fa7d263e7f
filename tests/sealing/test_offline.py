"""The program that verifies without us: a good paper, changed ones, and other people's trust."""

import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.cakey import authority as ca
from accounts.cakey.trust import to_pem
from procurement.sealing import offline

from .conftest import made, order

PROGRAM = offline.__file__


@pytest.fixture
def sealed(sealing, document) -> bytes:
    paper = made(order(document, number="JC340001202600001号"))
    with paper.file.open() as file:
        return file.read()


@pytest.fixture
def root(sealing) -> bytes:
    return to_pem(sealing.root).encode()


def test_it_names_signer_and_time_and_stands_alone(sealed, root, tmp_path):
    """Copied to an empty folder, run by a Python that knows nothing of the project."""
    for name, content in (("paper.pdf", sealed), ("trust.pem", root)):
        (tmp_path / name).write_bytes(content)
    shutil.copy(PROGRAM, tmp_path / "offline.py")
    command = [sys.executable, "-I", "offline.py", "paper.pdf", "trust.pem"]
    clean = {"PATH": os.environ["PATH"], "TZ": "Asia/Shanghai", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "签章后没有改动" in done.stdout
    assert "签章时间：20" in done.stdout
    (tmp_path / "paper.pdf").write_bytes(sealed.replace(b"/Producer", b"/Producet", 1))
    done = subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "不成立：文件内容与签章时不一致：已被改动\n")


def test_a_changed_byte_anywhere_is_found(sealed, root):
    offline.verify(sealed, root)
    places = {*range(0, len(sealed), 211), *range(sealed.index(b"/Contents <") + 9, len(sealed), 7)}
    for place in places:
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(offline.Bad):
            offline.verify(changed, root)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda pdf: pdf + b"\n%%EOF\n",
        lambda pdf: pdf[:-1],
        lambda pdf: pdf + pdf[5:],
        lambda pdf: pdf.replace(b"/ByteRange", b"/ByteRangf", 1),
        lambda pdf: b"",
        lambda pdf: b"%PDF-1.7 /ByteRange [0 0 0 25]",
        lambda pdf: b"%PDF-1.7 /ByteRange [0 30 36 0] <3082>",
    ],
    ids=["appended", "cut", "twice", "no signature", "empty", "nothing in it", "half a signature"],
)
def test_what_is_no_whole_paper_is_refused_in_words(sealed, root, spoil):
    with pytest.raises(offline.Bad):
        offline.verify(spoil(sealed), root)


def test_only_who_is_trusted_counts(sealed, sealing, root, tmp_path):
    other = ca.create_authority(tmp_path / "other")
    with pytest.raises(offline.Bad, match="不是所给信任证书签发的"):
        offline.verify(sealed, to_pem(other.root).encode())
    both = to_pem(other.root).encode() + root
    found = offline.verify(sealed, both)
    assert found.anchor == offline.name(sealing.root)
    pinned = next(one for one in offline.parse(offline.split(sealed)[1]).certificates if one.serial_number)
    assert offline.verify(sealed, to_pem(pinned).encode()).signer == found.signer


def test_a_certificate_out_of_its_time_does_not_count(sealed, sealing):
    signature = offline.parse(offline.split(sealed)[1])
    own, anchors = offline.signing(signature), [sealing.root]
    for at in (own.not_valid_after_utc + timedelta(1), own.not_valid_before_utc - timedelta(1)):
        with pytest.raises(offline.Bad, match="不在有效期内"):
            offline.trusted(own, signature.certificates, anchors, at)


def test_anybody_gets_program_and_certificates(client, sealing):
    assert client.get("/verify/offline.py").content == Path(PROGRAM).read_bytes()
    assert to_pem(sealing.root).strip() in client.get("/verify/trust.pem").content.decode()
    assert "/verify/offline.py" in client.get("/verify/").content.decode()
