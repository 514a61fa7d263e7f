"""A paper's signed decisions as files anybody can check with OpenSSL, without this program."""

import json
from datetime import UTC
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from accounts.cakey import cms, revocation
from accounts.models import RevocationFile, TrustedCA

from .proofs import log_of
from .snapshots import canonical

VERIFY = (
    "openssl cms -verify -binary -cades -inform DER -in sig.p7s -content content.json"
    " -CAfile ../chain.pem -purpose any -attime {at} -out /dev/null"
)
README = """{paper}

这里是这份单据每一步办理的业务签名，可以用任何带 OpenSSL 3 的电脑核验，不需要本系统。

  chain.pem        受信任的颁发机构证书。请另行向颁发机构核对指纹：
{anchors}
  crl-*.pem        颁发机构的吊销列表，导出时最新的一份
  log.json         流程轨迹，每一步的摘要含上一步的摘要
  NN-动作/         一步办理：content.json 签名原文，sig.p7s 签名，snapshot.json 所提交的内容（提交时才有），
                   evidence.json 签名时查询的吊销列表的编号和指纹

在每个文件夹里运行它的命令，应显示 CMS Verification successful：

{commands}

核对内容：提交那一步的 snapshot.json 的 SHA-256 就是签名原文里的 content_sha256：

  openssl dgst -sha256 snapshot.json

查证书是否被吊销（列出被吊销的序列号和时间；早于签名时间的吊销才使签名无效）：

  openssl crl -in crl-1.pem -noout -text
"""


def export(paper, folder: Path) -> int:
    """Write the files into a new or empty folder; how many decisions."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(folder)
    log = log_of(paper)
    signed = [(number, move) for number, move in enumerate(log, 1) if move.signature_id]
    commands = [decision(folder / f"{number:02}-{move.verb}", move) for number, move in signed]
    (folder / "log.json").write_text(json.dumps([row(move) for move in log], ensure_ascii=False, indent=1))
    anchors = authorities(folder)
    lists(folder)
    said = {"paper": paper, "anchors": "\n".join(anchors), "commands": "\n".join(commands)}
    (folder / "README.txt").write_text(README.format(**said))
    return len(signed)


def decision(folder: Path, move) -> str:
    """One folder; the command that checks it."""
    folder.mkdir()
    signature = move.signature
    (folder / "content.json").write_bytes(signature.content.encode())
    (folder / "sig.p7s").write_bytes(bytes(signature.cms))
    (folder / "evidence.json").write_text(json.dumps(signature.evidence, indent=1))
    if move.snapshot is not None:
        (folder / "snapshot.json").write_bytes(canonical(move.snapshot))
    at = int(cms.moment(signature.content).replace(tzinfo=UTC).timestamp())
    return f"  cd {folder.name} && {VERIFY.format(at=at)}; cd .."


def row(move) -> dict:
    return move.facts() | {"sha256": move.sha256, "name": str(move.by), "signer": move.signer}


def authorities(folder: Path) -> list[str]:
    """chain.pem; names and fingerprints of the roots."""
    rows = list(TrustedCA.objects.exclude(certificate="").order_by("role", "pk"))
    (folder / "chain.pem").write_text("".join(one.certificate for one in rows))
    return [
        f"                   {one.name} {one.sha256}" for one in rows if one.role == TrustedCA.Role.ANCHOR
    ]


def lists(folder: Path) -> None:
    for number, kept in enumerate(RevocationFile.objects.order_by("pk"), 1):
        crl: x509.CertificateRevocationList = revocation.load(bytes(kept.content))
        (folder / f"crl-{number}.pem").write_bytes(crl.public_bytes(Encoding.PEM))
