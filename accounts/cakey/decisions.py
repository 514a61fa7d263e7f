"""A decision signed by the person who takes it: prepared by the server, signed in the agent, kept in a chain.

`prepare` hands out what the agent signs; `accept` judges what comes back; `keep`, inside the transaction of
the decision itself, builds it again from the facts as they are now: a paper that changed in between is
DECISION_STALE, nothing is kept.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from cryptography import x509
from django.utils import timezone

from accounts.models import DecisionSignature, TrustedCA, UserCertificate

from . import challenge, cms, trust
from .errors import CAKeyError
from .path import ChainValidator, VerifiedCertificate
from .sessions import KEY

SCHEMA = "caproc/decision/1"
PURPOSE = "decision"


def prepare(request, decided: list[tuple[str, dict]], *, origin: str) -> list[dict]:
    """What the page passes to the agent's `sign`, for each (subject, facts); `facts` hold version, action,
    display, all that counts. Taken together: one nonce, one PIN, a signature for each."""
    binding = signer_of(request)
    nonce = challenge.give(request.session.session_key, origin=origin, purpose=PURPOSE)
    at = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    heads = latest([subject for subject, _ in decided])
    return [
        prepared(binding, compose(binding, subject, facts, heads, origin=origin, nonce=nonce, at=at))
        for subject, facts in decided
    ]


def prepared(binding: UserCertificate, content: dict) -> dict:
    text = cms.canonical(content)
    signed = cms.attributes(text, load(binding))
    return {
        "content": text,
        "signedAttributes": base64.b64encode(signed).decode(),
        "certificateId": binding.sha256,
    }


@dataclass(frozen=True)
class Accepted:
    """A signature that holds; whether it fits the facts is seen when it is kept."""

    binding: UserCertificate
    content: str
    said: dict
    origin: str
    cms: bytes
    evidence: list[dict]


def accept(request, pairs: list[tuple[str, str]]) -> dict[str, Accepted]:
    """Judge contents and signatures as far as they go without the facts, before anything is locked.

    By subject. The nonce is gone afterwards, whatever comes of it. Raises CAKeyError.
    """
    binding, said = signer_of(request), [parse(content) for content, _ in pairs]
    if len({one["nonce"] for one in said}) != 1:
        raise CAKeyError("DECISION_MALFORMED", "nonce")
    origin = challenge.consume(said[0]["nonce"], request.session.session_key, purpose=PURPOSE)
    verified = verify_now(binding)
    asked = evidence(verified)
    return {
        str(one.get("subject")): Accepted(
            binding, content, one, origin, signed(content, value, verified), asked
        )
        for one, (content, value) in zip(said, pairs, strict=True)
    }


def signed(content: str, signature: str, verified: VerifiedCertificate) -> bytes:
    """The CMS of a fresh signature."""
    if not timedelta(seconds=-1) <= timezone.now() - cms.moment(content) <= challenge.LIFE:
        raise CAKeyError("CHALLENGE_EXPIRED", "at")
    raw = decode(signature)
    cms.check_signature(content, verified.certificate, raw)
    return cms.assemble(content, verified, raw)


def keep(accepted: Accepted, subject: str, facts: dict) -> DecisionSignature:
    """Keep it if it says what is decided now; the caller's transaction keeps both or neither."""
    binding, said = accepted.binding, accepted.said
    circumstances = {"origin": accepted.origin, "nonce": said["nonce"], "at": said["at"]}
    now = compose(binding, subject, facts, latest([subject]), **circumstances)
    if cms.canonical(now) != accepted.content:
        raise CAKeyError("DECISION_STALE")
    return DecisionSignature.objects.create(
        subject=subject, version=facts["version"], action=facts["action"], certificate=binding,
        content=accepted.content, cms=accepted.cms, sha256=hashlib.sha256(accepted.cms).hexdigest(),
        previous=said["prev"], evidence=accepted.evidence,
    )  # fmt: skip


def compose(binding: UserCertificate, subject: str, facts: dict, heads: dict, **circumstances) -> dict:
    actor = {"user": binding.user.username, "name": binding.user.name, "certificate": binding.sha256}
    prev = heads.get(subject, "")
    return {**facts, "schema": SCHEMA, "subject": subject, "actor": actor, "prev": prev, **circumstances}


def latest(subjects: list[str]) -> dict[str, str]:
    """The end of each chain."""
    rows = DecisionSignature.objects.filter(subject__in=subjects).order_by("subject", "-pk")
    return dict(rows.distinct("subject").values_list("subject", "sha256"))


def parse(content: str) -> dict:
    try:
        said = json.loads(content)
        if all(isinstance(said[name], str) for name in ("nonce", "at", "prev")):
            return said
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CAKeyError("DECISION_MALFORMED") from error
    raise CAKeyError("DECISION_MALFORMED")


def decode(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except ValueError as error:
        raise CAKeyError("SIG_NOT_BASE64") from error


def signer_of(request) -> UserCertificate:
    """The certificate this session was opened with, and no other of the same person."""
    sha256 = request.session.get(KEY, {}).get("sha256", "")
    binding = UserCertificate.objects.select_related("user").filter(sha256=sha256, user=request.user).first()
    if binding is None or binding.status != UserCertificate.Status.ACTIVE:
        raise CAKeyError("CERT_NOT_BOUND")
    return binding


def load(binding: UserCertificate) -> x509.Certificate:
    return x509.load_pem_x509_certificate(binding.certificate.encode())


def verify_now(binding: UserCertificate) -> VerifiedCertificate:
    """Path and revocation at this moment."""
    at = timezone.now()
    verified = ChainValidator(**trust.trusted()).validate(load(binding), at)
    trust.check_revocation(verified, at)
    return verified


def evidence(verified: VerifiedCertificate) -> list[dict]:
    """Which revocation lists were asked."""
    issuers = [trust.fingerprint(one) for one in verified.chain[1:]]
    rows = TrustedCA.objects.filter(sha256__in=issuers, revocation_list__isnull=False)
    return [
        {"issuer": ca.sha256, "number": str(ca.revocation_list.number), "sha256": ca.revocation_list.sha256}
        for ca in rows.select_related("revocation_list").order_by("pk")
    ]


def faults(rows) -> Iterator[tuple[DecisionSignature, str]]:
    """Every one of these rows, by pk, with why it does not hold ("" when it does)."""
    authorities, last = trust.trusted(), {}
    for row in rows.iterator():
        yield row, fault_of(row, last.get(row.subject, ""), authorities)
        last[row.subject] = row.sha256


def fault_of(row: DecisionSignature, previous: str, authorities: dict) -> str:
    """Why this signature does not hold; "" when it does. Asks no network."""
    try:
        verified = cms.verify(bytes(row.cms), row.content, **authorities)
        said = parse(row.content)
    except CAKeyError as error:
        return str(error)
    kept = (row.subject, row.version, row.action, row.previous, row.certificate.sha256, row.sha256)
    signed = (
        said.get("subject"), said.get("version"), said.get("action"), said["prev"], verified.sha256,
        hashlib.sha256(bytes(row.cms)).hexdigest(),
    )  # fmt: skip
    if kept != signed:
        return "ROW_DIFFERS"
    return "" if row.previous == previous else "CHAIN_BROKEN"
