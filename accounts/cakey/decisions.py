"""A decision signed by the person who takes it: prepared by the server, signed in the agent, kept in a chain.

`prepare` hands out what the agent signs; `complete`, inside the transaction of the decision itself, builds
it again from the facts as they are now: a paper that changed in between is DECISION_STALE, nothing is kept.
"""

import base64
import hashlib
import json
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


def prepare(request, subject: str, facts: dict, *, origin: str) -> dict:
    """What the page passes to the agent's `sign`; `facts` hold version, action, display, all that counts."""
    binding = signer_of(request)
    nonce = challenge.give(request.session.session_key, origin=origin, purpose=PURPOSE)
    at = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    content = cms.canonical(compose(binding, subject, facts, origin=origin, nonce=nonce, at=at))
    signed = cms.attributes(content, load(binding))
    return {
        "content": content,
        "signedAttributes": base64.b64encode(signed).decode(),
        "certificateId": binding.sha256,
    }


def complete(request, subject: str, facts: dict, content: str, signature: str) -> DecisionSignature:
    """Keep the signature of this decision; the caller's transaction keeps both or neither."""
    binding, said = signer_of(request), parse(content)
    origin = challenge.consume(said["nonce"], request.session.session_key, purpose=PURPOSE)
    now = compose(binding, subject, facts, origin=origin, nonce=said["nonce"], at=said["at"])
    if cms.canonical(now) != content:
        raise CAKeyError("DECISION_STALE")
    if not timedelta(seconds=-1) <= timezone.now() - cms.moment(content) <= challenge.LIFE:
        raise CAKeyError("CHALLENGE_EXPIRED", "at")
    verified = verify_now(binding)
    raw = decode(signature)
    cms.check_signature(content, verified.certificate, raw)
    signed = cms.assemble(content, verified, raw)
    return DecisionSignature.objects.create(
        subject=subject, version=facts["version"], action=facts["action"], certificate=binding,
        content=content, cms=signed, sha256=hashlib.sha256(signed).hexdigest(), previous=said["prev"],
        evidence=evidence(verified),
    )  # fmt: skip


def compose(binding: UserCertificate, subject: str, facts: dict, **circumstances) -> dict:
    actor = {"user": binding.user.username, "name": binding.user.name, "certificate": binding.sha256}
    last = DecisionSignature.objects.filter(subject=subject).last()
    prev = last.sha256 if last else ""
    return {**facts, "schema": SCHEMA, "subject": subject, "actor": actor, "prev": prev, **circumstances}


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
