"""What can be proved of a paper: its log is whole, every person's move is signed, and signed as it stands.

Needs the rows only. A signature that does not hold by itself is `accounts.cakey.decisions.faults`' affair.
"""

import os
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef

from accounts.cakey import challenge, cms, decisions
from accounts.cakey.errors import CAKeyError
from accounts.models import DecisionSignature
from procurement import clock

from .kinds import kinds
from .log import Move, first_break
from .models import Document
from .moves import details_of

DAY = timedelta(days=1)


def begun() -> int | None:
    """The first signed move of all: since then every person's move bears a signature."""
    return Move.objects.exclude(signature=None).order_by("pk").values_list("pk", flat=True).first()


def papers(subject: str = "") -> Iterator[Document]:
    """Every paper with a log, each of its own kind; or the one of a subject like "intent:5"."""
    wanted, _, pk = subject.partition(":")
    for kind, model in kinds().items():
        if wanted in ("", kind):
            rows = model.objects.filter(Exists(Move.objects.filter(document=OuterRef("pk")))).order_by("pk")
            yield from (rows.filter(pk=pk) if pk else rows).iterator()


def log_of(paper) -> list[Move]:
    return list(paper.moves.select_related("signature__certificate", "by", "organization").order_by("pk"))


def faults(paper, since: int | None) -> Iterator[tuple[Move | None, str]]:
    """(move, why it is not proved), for one paper."""
    log = log_of(paper)
    if (broken := first_break(paper)) is not None:
        yield broken, "LOG_BROKEN"
    if paper.head != log[-1].sha256:
        yield log[-1], "LOG_CUT_OFF"
    if paper.state != log[-1].target:
        yield None, "STATE_DIFFERS"
    for move, after in zip(log, [*log[1:], None], strict=True):
        if why := fault_of(paper, move, after, since):
            yield move, why


def fault_of(paper, move: Move, after: Move | None, since: int | None) -> str:
    if move.signature is None:
        return "" if since is None or move.pk < since else missing(paper, move, after)
    try:
        said = decisions.parse(move.signature.content)
        return person_differs(move, said) or time_differs(move, said) or decision_differs(paper, move, said)
    except (CAKeyError, KeyError, TypeError):
        return "CONTENT_MALFORMED"


def missing(paper, move: Move, after: Move | None) -> str:
    """The system's own acts need none; what belongs to the next move is signed there."""
    if details_of(getattr(type(paper), move.verb))["unsigned"]:
        return ""
    covered = after is not None and after.signature_id and (after.by_id, after.key) == (move.by_id, move.key)
    return "" if covered and paper.decided(move) is None else "UNSIGNED"


def person_differs(move: Move, said: dict) -> str:
    certificate = move.signature.certificate
    same = (
        certificate.sha256 == move.key == said["actor"]["certificate"] and certificate.user_id == move.by_id
    )
    return "" if same else "SIGNER_DIFFERS"


def time_differs(move: Move, said: dict) -> str:
    """Signed, then kept within the life of a nonce, and the move with it; practice is whole days ahead."""
    kept = move.signature.created_at
    lag, apart = kept - cms.moment(move.signature.content), move.at - kept
    if os.environ.get(clock.VARIABLE):
        apart = (apart + DAY / 2) % DAY - DAY / 2
    fits = -timedelta(seconds=1) <= lag <= 2 * challenge.LIFE and abs(apart) <= challenge.LIFE
    return "" if fits else "TIME_DIFFERS"


def decision_differs(paper, move: Move, said: dict) -> str:
    """The move is what was signed; or a consequence, on this paper, of a decision signed on another."""
    decided = paper.decided(move)
    about, facts = decided or (paper, {})
    if said["subject"] != f"{about.kind}:{about.pk}":
        return "" if details_of(getattr(type(paper), move.verb))["caused"] and leads(move) else "OTHER_PAPER"
    wrong = [name for name, value in facts.items() if said.get(name) != value]
    wrong += ["no"] if said["display"]["no"] != about.number else []
    return f"MOVE_DIFFERS {' '.join(wrong)}" if wrong else ""


def leads(move: Move) -> bool:
    """The paper that was decided on has the decision in its own log."""
    own = move.signature.subject.partition(":")
    return move.signature.moves.filter(document__kind=own[0], document_id=own[2]).exists()


def unused(subject: str = "") -> Iterator[DecisionSignature]:
    """Signatures whose move is gone."""
    rows = DecisionSignature.objects.filter(moves=None).order_by("pk")
    yield from rows.filter(subject=subject) if subject else rows
