"""`python -m procurement.sealing.offline FILE.pdf TRUST.pem`: does a sealed paper stand? Needs no network.

One file that needs Python 3.11 and the package `cryptography` and nothing of this project: it may be copied
anywhere. Written from RFC 5652 and ETSI EN 319 142, apart from the library that signs: each proves the other.
TRUST.pem holds the certificate(s) one trusts: the root, or the signer's own. Exit status 0 only if all holds.
"""

import hashlib
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
WRITTEN, OCTAL = re.compile(rb"/M\s*\(([^()]{1,100})\)"), re.compile(rb"\\([0-3][0-7]{2})")
WHEN = re.compile(rb"D:(\d{14})(?:Z|([+-]\d\d)'(\d\d)'?)")
SIGNED_DATA, DATA = "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.1"
DIGEST = "1.2.840.113549.1.9.4"
SIGNER_CERTIFICATE = "1.2.840.113549.1.9.16.2.47"
SHA256, ECDSA_SHA256 = "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2"
RSA_SHA256 = ("1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1")


class Bad(Exception):
    """The paper does not stand; the text says why."""


# --- DER (X.690), as much as a signature needs ------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """One value: its tag, its content, and all its bytes."""

    tag: int
    content: bytes
    whole: bytes

    @property
    def parts(self) -> list["Node"]:
        nodes, at = [], 0
        while at < len(self.content):
            nodes.append(node := read(self.content, at))
            at += len(node.whole)
        return nodes

    @property
    def oid(self) -> str:
        first, *rest = self.content
        numbers, value = [min(first // 40, 2), first - 40 * min(first // 40, 2)], 0
        for byte in rest:
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                numbers.append(value)
                value = 0
        return ".".join(map(str, numbers))


def read(data: bytes, at: int = 0) -> Node:
    """The value that begins there; Bad when it is cut off or of a form DER does not allow."""
    if at + 2 > len(data):
        raise Bad("签名数据不完整")
    size, start = data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        if not 1 <= count <= 4:
            raise Bad("签名数据的格式不对")
        size, start = int.from_bytes(data[start : start + count], "big"), start + count
    if start + size > len(data):
        raise Bad("签名数据不完整")
    return Node(data[at], data[start : start + size], data[at : start + size])


# --- the PDF: which bytes are signed ----------------------------------------------------------------------


def split(content: bytes) -> tuple[bytes, bytes]:
    """(signed bytes, signature); the one signature must cover the whole file but its own place."""
    ranges = RANGE.findall(content)
    if not content.startswith(b"%PDF-") or not ranges:
        raise Bad("这不是带签章的 PDF 文件")
    if len(ranges) > 1:
        raise Bad("文件里不止一个签名，不是本系统签章的文件")
    start, first, second, rest = map(int, ranges[0])
    place = content[first:second]
    if start != 0 or second + rest != len(content) or second - first < 2:
        raise Bad("签章之后文件被追加或删减过")
    try:
        blob = bytes.fromhex(place[1:-1].decode("ascii"))
    except ValueError:
        raise Bad("签名不是十六进制数据") from None
    if place.lower() != b"<%b>" % blob.hex().encode():  # these bytes alone are not signed: no play is left
        raise Bad("签名所在的位置不对")
    return content[:first] + content[second:], blob


def moment(content: bytes) -> datetime:
    """When it was signed, as the signature's dictionary says (PAdES keeps the time there)."""
    place = RANGE.search(content).start()
    written = WRITTEN.search(content, content.rindex(b" obj", 0, place), content.index(b"endobj", place))
    plain = OCTAL.sub(lambda one: bytes([int(one[1], 8)]), written[1]) if written else b""
    if not (found := WHEN.fullmatch(plain)):
        raise Bad("签名没有签章时间")
    text = found[1] + ((found[2] + found[3]) if found[2] else b"+0000")
    return datetime.strptime(text.decode("ascii"), "%Y%m%d%H%M%S%z").astimezone(UTC)


# --- the signature (CMS) ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signature:
    """What a CMS SignedData says, taken apart."""

    certificates: list[x509.Certificate]
    issuer: bytes
    serial: int
    attributes: dict[str, Node]
    signed: bytes  # the attributes as they were signed
    algorithm: str
    value: bytes


def parts(node: Node, tag: int, *tags: int) -> list[Node]:
    """Its parts, if it and they are of these kinds; so no byte of the frame is free to change."""
    found = node.parts
    if node.tag != tag or [part.tag for part in found] != list(tags):
        raise Bad("签名的格式不对")
    return found


def algorithm(node: Node) -> str:
    """Its name; what stands beside it may only be NULL."""
    found = parts(node, 0x30, 0x06, *[part.tag for part in node.parts[1:]])
    if any(part.whole != b"\x05\x00" for part in found[1:]):
        raise Bad("签名使用的算法或格式不受支持")
    return found[0].oid


def parse(blob: bytes) -> Signature:
    outer = read(blob)
    kind, wrapped = parts(outer, 0x30, 0x06, 0xA0)
    fields = parts(parts(wrapped, 0xA0, 0x30)[0], 0x30, 0x02, 0x31, 0x30, 0xA0, 0x31)
    version, digests, inside, certificates, signers = fields
    (content,) = parts(inside, 0x30, 0x06)
    if (kind.oid, content.oid) != (SIGNED_DATA, DATA) or blob[len(outer.whole) :].strip(b"\0"):
        raise Bad("签名不是 CMS 格式")
    if version.content != b"\x01" or [algorithm(one) for one in digests.parts] != [SHA256]:
        raise Bad("签名使用的算法或格式不受支持")
    (one,) = parts(signers, 0x31, 0x30)
    return signer(one, [certificate(node) for node in certificates.parts])


def certificate(node: Node) -> x509.Certificate:
    *_, bits = parts(node, 0x30, 0x30, 0x30, 0x03)
    if bits.content[:1] != b"\0":  # unused bits: some libraries do not look
        raise Bad("签名里的证书格式不对")
    return x509.load_der_x509_certificate(node.whole)


def signer(node: Node, certificates: list[x509.Certificate]) -> Signature:
    version, named, digest, kept, how, value = parts(node, 0x30, 0x02, 0x30, 0x30, 0xA0, 0x30, 0x04)
    issuer, serial = parts(named, 0x30, 0x30, 0x02)
    if version.content != b"\x01" or algorithm(digest) != SHA256:
        raise Bad("签名使用的算法或格式不受支持")
    attributes = {}
    for attribute in kept.parts:
        name, values = parts(attribute, 0x30, 0x06, 0x31)
        if name.oid in attributes or len(values.parts) != 1:
            raise Bad("签名属性重复")
        attributes[name.oid] = values.parts[0]
    number = int.from_bytes(serial.content, "big", signed=True)
    signed = b"\x31" + kept.whole[1:]  # signed as SET OF, kept as [0] (RFC 5652 §5.4)
    return Signature(certificates, issuer.whole, number, attributes, signed, algorithm(how), value.content)


def proved(certificate: x509.Certificate, signature: Signature) -> None:
    key = certificate.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and signature.algorithm == ECDSA_SHA256:
            return key.verify(signature.value, signature.signed, ec.ECDSA(hashes.SHA256()))
        if isinstance(key, rsa.RSAPublicKey) and signature.algorithm in RSA_SHA256:
            return key.verify(signature.value, signature.signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise Bad("签名不正确：不是证书所示的密钥签的，或签名被改动") from None
    raise Bad("签名使用的算法不受支持")


# --- the certificates -------------------------------------------------------------------------------------


def trusted(own: x509.Certificate, others: list[x509.Certificate], anchors, at: datetime) -> str:
    """The anchor's name it leads to, every certificate on the way valid at that time."""
    path = [own]
    while path[-1] not in anchors:
        above = [one for one in [*anchors, *others] if issued(one, path[-1])]
        if not above or len(path) > 8:
            raise Bad(f"签章证书不是所给信任证书签发的：{name(path[-1])}")
        path.append(above[0])
    for one in path:
        if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
            raise Bad(f"签章时证书不在有效期内：{name(one)}")
    if len(path) > 1 and any(one not in path for one in others):
        raise Bad("签名里夹带了无关的证书")
    return name(path[-1])


def issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        authority = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        certificate.verify_directly_issued_by(issuer)
    except (x509.ExtensionNotFound, InvalidSignature, TypeError, ValueError):
        return False
    return authority and issuer != certificate


def name(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else certificate.subject.rfc4514_string()


# --- all together -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """Who sealed it, when, and on whose word we believe that."""

    signer: str
    at: datetime
    anchor: str
    fingerprint: str


def verify(content: bytes, trust: bytes) -> Finding:
    """What holds of the file; Bad with a sentence when it does not stand."""
    signed, blob = split(content)
    anchors = x509.load_pem_x509_certificates(trust)
    try:
        signature = parse(blob)
        digest, own, at = signature.attributes[DIGEST].content, signing(signature), moment(content)
        if hashlib.sha256(signed).digest() != digest:
            raise Bad("文件内容与签章时不一致：已被改动")
        proved(own, signature)
        anchor = trusted(own, signature.certificates, anchors, at)
    except Bad:
        raise
    except Exception:  # a forged value can make the library complain in many ways; all mean the same
        raise Bad("签名缺少必要的内容或格式不对") from None
    return Finding(name(own), at, anchor, own.fingerprint(hashes.SHA256()).hex())


def signing(signature: Signature) -> x509.Certificate:
    """The certificate the signature names, by issuer and number and by the hash that is itself signed."""
    hashed = {node.content for node in signature.attributes[SIGNER_CERTIFICATE].parts[0].parts[0].parts}
    for one in signature.certificates:
        named = (one.issuer.public_bytes(), one.serial_number) == (signature.issuer, signature.serial)
        if named and one.fingerprint(hashes.SHA256()) in hashed:
            return one
    raise Bad("签名里没有签章人的证书")


def main(words: list[str]) -> int:
    if len(words) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        found = verify(*(Path(word).read_bytes() for word in words))
    except (Bad, OSError, ValueError) as why:
        print(f"不成立：{why}")
        return 1
    print(f"文件真实，签章后没有改动。\n签章人：{found.signer}\n证书指纹（SHA-256）：{found.fingerprint}")
    print(f"签章时间：{found.at.astimezone():%Y-%m-%d %H:%M:%S %z}\n信任依据：{found.anchor}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
