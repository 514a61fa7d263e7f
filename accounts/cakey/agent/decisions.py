"""A decision to sign: shown and checked from the very bytes the signature covers (ca-key.md §9).

The page sends the canonical JSON and the CMS signed attributes a server made of it. The agent works the
digest out for itself and signs only attributes that say exactly this content and this certificate: it is no
oracle for hashes a page has chosen, and what the person reads is what the person signs.
"""

import hashlib
import json
import re
from decimal import Decimal

from asn1crypto import cms, tsp

from .errors import AgentError

SCHEMA = "caproc/decision/1"
SHOWN = (("操作", "action"), ("单据", "title"), ("编号", "no"), ("金额", "amount"))
ATTRIBUTES = {"content_type", "message_digest", "signing_time", "signing_certificate_v2"}
SET_OF = (
    0x31  # a login signs two hashes side by side; a decision begins with this tag, so neither is the other
)


def refuse(*_) -> None:
    raise AgentError("AGENT_BAD_DECISION")


def read(text: str | None, origin: str) -> dict:
    """The content, if its text is the one canonical form (RFC 8785: sorted, compact, no fractions)."""
    try:
        content = json.loads(text or "", parse_float=refuse, parse_constant=refuse)
        again = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        again.encode()
    except (ValueError, RecursionError) as error:
        raise AgentError("AGENT_BAD_DECISION") from error
    if again != text or not isinstance(content, dict):
        refuse()
    display = content.get("display")
    named = isinstance(display, dict) and all(isinstance(display.get(key), str) for _, key in SHOWN)
    if content.get("schema") != SCHEMA or content.get("origin") != origin or not named:
        refuse()
    return content


def lines(content: dict, text: str) -> list[str]:
    """What the window shows; a title cannot draw lines or move the cursor there."""
    facts = [(label, content["display"][key]) for label, key in SHOWN]
    facts += [("意见", str(content.get("opinion", ""))), ("摘要末 8 位", tail_of(text))]
    return [f"{label}：{plain(value)}" for label, value in facts if value]


def all_lines(contents: list[dict], texts: list[str]) -> list[str]:
    """One decision in full; several as a numbered list with their number and sum."""
    if len(contents) == 1:
        return lines(contents[0], texts[0])
    sums = [amount(content["display"]["amount"]) for content in contents]
    listed = [
        f"{number}. {in_a_list(content['display'], text)}"
        for number, (content, text) in enumerate(zip(contents, texts, strict=True), 1)
    ]
    opinions = dict.fromkeys(f"意见：{plain(str(one['opinion']))}" for one in contents if one.get("opinion"))
    return [f"一次签名 {len(contents)} 件，合计 {sum(sums):,.2f} 元", *listed, *opinions]


def in_a_list(display: dict, text: str) -> str:
    """The title last: it may be too long for its line."""
    return plain(
        "  ".join([display["action"], display["no"], display["amount"], tail_of(text), display["title"]])
    )


def amount(text: str) -> Decimal:
    """What is shown as an amount must be one: a sum of less than all would deceive."""
    found = re.fullmatch(r"¥?(\d{1,3}(?:,\d{3})*\.\d{2})(?: 元)?", text, re.ASCII)
    if found is None:
        refuse()
    return Decimal(found[1].replace(",", ""))


def tail_of(text: str) -> str:
    return digest("sha256", text).hex()[-8:]


def plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)[:200]


def digest(name: str, text: str) -> bytes:
    return hashlib.new(name, text.encode()).digest()


def check(attributes: bytes, text: str, certificate: bytes, hash_name: str) -> None:
    """Each of the four attributes once, and saying what we know ourselves."""
    try:
        found = cms.CMSAttributes.load(attributes, strict=True)
        values = {one["type"].native: one["values"] for one in found}
        said = {name: value[0] for name, value in values.items() if len(value) == 1}
        right = (
            attributes[0] == SET_OF
            and found.dump(force=True) == attributes
            and len(found) == len(said) == len(ATTRIBUTES)
            and said.keys() == ATTRIBUTES
            and said["content_type"].native == "data"
            and said["message_digest"].native == digest(hash_name, text)
            and names_only(said["signing_certificate_v2"], certificate)
        )
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise AgentError("AGENT_BAD_DECISION") from error
    if not right:
        refuse()


def names_only(value: tsp.SigningCertificateV2, certificate: bytes) -> bool:
    """The signer's certificate stands first (RFC 5035), under SHA-256."""
    first = value["certs"][0]
    algorithm, fingerprint = first["hash_algorithm"]["algorithm"].native, first["cert_hash"].native
    return algorithm == "sha256" and fingerprint == hashlib.sha256(certificate).digest()
