"""The one door: every move of a paper is locked, checked, made, logged and followed up here."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from procurement import clock

from .desks import SEATS, Desk
from .log import Move
from .moves import Conflict, Refused, details_of
from .snapshots import digest, snapshot

MOVED = [
    "state",
    "route",
    "hands",
    "submitted_by",
    "submitted_at",
    "content_sha256",
    "head",
    "last_verb",
    "desk_since",
    "version",
]


@transaction.atomic
def perform(paper, verb: str, by: User, *, version: int | None, details: dict, sign, **said):
    """Lock, check, move, save, log, and finish if this was the last step. Returns the fresh row.

    Without a signature all this is done too, so that every refusal is heard first; then it is undone.
    """
    if (
        settings.DECISION_SIGNATURES
        and sign is None
        and not details_of(getattr(type(paper), verb))["unsigned"]
    ):
        raise Refused("办理须由本人用 CA-KEY 签名。")
    paper = type(paper).objects.locked(paper.pk)
    if version is not None and version != paper.version:
        raise Conflict
    if (obstacle := paper.obstacle(verb, by)) is not None:
        raise obstacle[0](obstacle[1])
    paper.acting = by, said["key"]  # for the checks of the verb: who signs, with which certificate
    source, began = paper.state, clock.today()
    seat = SEATS[getattr(type(paper), verb)._django_fsm.get_transition(source).custom["seat"] or source]
    getattr(paper, verb)(**details)
    log = Move(
        document_id=paper.pk, verb=verb, source=source, target=paper.state, by=by, post=seat.post,
        organization_id=getattr(paper, f"{seat.place}_id"), **said,
    )  # fmt: skip
    if timezone.localdate(log.at) != began:  # what was checked for one day must not be recorded on the next
        raise Conflict("办理时正好过了零点，日期已变，请核对后再办理一次。")
    take_down(paper, log, sign)
    consequences(paper, log)
    if sign is not None:
        sign.settle(log)
    return paper


def take_down(paper, log: Move, sign) -> None:
    """Write the new state and its log row, each bound to the move before it and to its signature."""
    if log.verb in paper.recording:
        log.snapshot = snapshot(paper)
        paper.content_sha256 = digest(log.snapshot)
        paper.submitted_by, paper.submitted_at = log.by if log.verb == "submit" else paper.clerk, log.at
    if log.verb in ("submit", "approve"):
        people = paper.hands.setdefault(log.source, [])
        if log.by_id not in people:
            people.append(log.by_id)
    log.previous, log.content_sha256 = paper.head, paper.content_sha256
    if sign is not None:
        log.signature = sign(paper, log)
    log.chain()
    paper.head, paper.last_verb, paper.desk_since = log.sha256, log.verb, log.at
    paper.version += 1
    paper.save(update_fields=MOVED)
    log.save(force_insert=True)


def consequences(paper, log: Move) -> None:
    """Call what the kind of paper declared for this turn."""
    if log.verb == "submit":
        paper.submitted(log)
    if paper.state == Desk.VOID or (paper.state == Desk.CLERK and paper.submitted_at):
        paper.reopened(log)
    if paper.state == Desk.DONE:
        paper.finish(log)
