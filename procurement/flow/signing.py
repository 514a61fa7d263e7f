"""Whose hand decides: the certificate of a session, its signature, and what to ask when there is none.

`perform` makes the whole move with what a page passes as `**hand(request)`. Where the signature is missing
the move is undone again and SignatureNeeded says what is to be signed; the page 签名确认 asks for it and
posts the same form once more (docs/adr/0014).
"""

import hashlib
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.cakey import decisions
from accounts.cakey.errors import CAKeyError
from accounts.models import DecisionSignature

from .desks import Desk, ReturnReason
from .log import Move

CONTENT, VALUE, BACK = "sign-content", "sign-value", "sign-back"  # fields of the page 签名确认
STALE = "单据在您签名期间有变化，没有办理。请核对后重新签名。"


class Sign(Protocol):
    """What `perform` asks for a signature."""

    def __call__(self, paper, log: Move) -> DecisionSignature | None: ...

    def settle(self, log: Move) -> None: ...


class Need(NamedTuple):
    """One decision that lacks its signature: on which paper, by which move, about what."""

    paper: Any
    log: Move
    facts: dict

    @property
    def subject(self) -> str:
        return f"{self.paper.kind}:{self.paper.pk}"


class SignatureNeeded(Exception):
    """All is in order but the signature; `fault` is the code of one that was offered and refused.

    The page posts the same form again, unless `address` and `fields` say what to post instead; `back` is
    where 返回修改 leads then. `refused` are papers of a batch that are not asked about, with their `why`.
    """

    def __init__(self, needs: list[Need], fault: str = "", *, refused: list[dict] = ()):
        super().__init__(fault)
        self.needs, self.fault, self.refused = needs, fault, refused
        self.address, self.fields, self.back = "", {}, ""

    def instead(self, address: str, fields: dict[str, Any], back: str) -> "SignatureNeeded":
        self.address, self.fields, self.back = address, fields, back
        return self


def hand(request) -> dict:
    """`**hand(request)` for `perform`: the key this session logged in with, and its signatures."""
    key = session_key(request)
    return {"key": key, "sign": Hand(request)} if settings.DECISION_SIGNATURES else {"key": key}


def following(log: Move) -> dict:
    """`**following(log)` for `perform`: a consequence of that decision on another paper."""
    return {"key": log.key, "sign": Following(log)}


def session_key(request) -> str:
    """Fingerprint of the certificate this session logged in with."""
    return request.session.get("cakey", {}).get("sha256", "")


def going_back(request) -> bool:
    """返回修改 was pressed."""
    return BACK in request.POST


class Following:
    """The signature of the decision it follows from is its own."""

    def __init__(self, log: Move):
        self.log = log

    def __call__(self, paper, log: Move) -> DecisionSignature | None:
        return self.log.signature

    def settle(self, log: Move) -> None:
        """The decision itself is asked for it."""


class Hand:
    """The person behind this request, with the signatures his page has sent."""

    def __init__(self, request):
        self.back, self.fault, self.offered, self.need = going_back(request), "", {}, None
        pairs = list(zip(request.POST.getlist(CONTENT), request.POST.getlist(VALUE), strict=False))
        if pairs and not self.back:
            try:
                self.offered = decisions.accept(request, pairs)
            except CAKeyError as error:
                self.fault = error.code

    def __call__(self, paper, log: Move) -> DecisionSignature | None:
        """Inside the lock: the signature, if what was signed is what happens."""
        self.need = needed(paper, log)
        if self.need is None or (accepted := self.offered.get(self.need.subject)) is None:
            return None
        try:
            return decisions.keep(accepted, self.need.subject, self.need.facts)
        except CAKeyError as error:
            raise ValidationError(STALE) from error

    def settle(self, log: Move) -> None:
        """Nothing stands against the move; without its signature it is undone."""
        if log.signature_id or self.need is None:
            return
        if self.back:
            raise ValidationError([])  # nothing is wrong: the form comes back as it was
        if self.offered:
            raise ValidationError(STALE)
        raise SignatureNeeded([self.need], self.fault)


def needed(paper, log: Move) -> Need | None:
    decided = paper.decided(log)
    if decided is None:
        return None
    about, facts = decided
    return Need(about, log, {**facts, "version": about.version, "display": display(paper, about, log)})


def display(paper, about, log: Move) -> dict[str, str]:
    """What is read before signing, here and in the agent's window."""
    return {
        "action": action_of(paper, log), "title": about.title, "no": about.number,
        "amount": f"{about.amount:,.2f} 元",
    }  # fmt: skip


def action_of(paper, log: Move) -> str:
    label = paper.verb_label(log.verb)
    if log.verb != "send_back":
        return label
    return f"{label}至{Desk(log.target).label}（{ReturnReason(log.reason).label}）"


def prepare(request, needs: list[Need], origin: str) -> list[dict]:
    """What the agent gets for each of them, with the last digits both it and the page show."""
    asked = decisions.prepare(request, [(need.subject, need.facts) for need in needs], origin=origin)
    return [one | {"tail": hashlib.sha256(one["content"].encode()).hexdigest()[-8:]} for one in asked]
