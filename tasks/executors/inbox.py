"""Taking in one event: once, whatever comes twice, late or in another order; nothing signed is lost."""

import hashlib
from dataclasses import dataclass

from django.db import connection, transaction

from procurement import clock
from procurement.flow.snapshots import digest

from ..models.book import TaskBook
from ..models.choices import Execution
from ..models.events import ExecutorEvent, Kind, Verdict
from . import outcome
from .envelope import Envelope
from .status import Now, Step, next_status

REPLAYED = "replayed"


class Foreign(Exception):
    """The book was never handed to this executor."""


@dataclass(frozen=True)
class Heard:
    """What is answered: a verdict of ours or duplicate, conflict, replayed."""

    verdict: str
    sentence: str = ""


@dataclass(frozen=True)
class Origin:
    """Who says so: a certificate with one signature of his, or a clerk."""

    keyid: str = ""
    signature: str = ""
    clerk: object = None


@transaction.atomic
def take(channel: str, event: Envelope, body: dict, origin: Origin) -> Heard:
    """Write the event down, with what follows from it; Foreign when the book is somebody else's."""
    alone(f"{channel}/{event.event_id}")
    sha256 = digest(body)
    known = list(ExecutorEvent.objects.filter(channel=channel, event_id=event.event_id))
    for same in known:
        if same.body_sha256 == sha256:
            return again(same, origin)
    book = TaskBook.objects.select_for_update().filter(number=event.book).first()
    if book is not None and book.channel != channel:
        raise Foreign
    step = reused(book) if known else judge(book, event)
    row = write(channel, event, body, sha256, origin, book, step)
    if known:
        return Heard("conflict", step.sentence)
    if book is not None:
        follow(book, event, row, step)
    return Heard(row.verdict, row.sentence)


def alone(name: str) -> None:
    """Two copies of one event at the same moment wait for each other; freed with the transaction."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def again(row: ExecutorEvent, origin: Origin) -> Heard:
    """The same event once more: a retry is signed anew, a recording of the old request is not."""
    if origin.signature in row.signatures:
        return Heard(REPLAYED, "该请求已经处理过，重放无效；重试请重新签名。")
    row.signatures.append(origin.signature)
    row.save(update_fields=["signatures"])
    return Heard("duplicate", f"事件已收到，处理结果：{row.get_verdict_display()}。")


def reused(book: TaskBook | None) -> Step:
    sentence = "同一事件编号用于另一份内容，以先到的为准，请核实。"
    return Step(book.execution if book else "", Verdict.CONTRADICTION, sentence)


def judge(book: TaskBook | None, event: Envelope) -> Step:
    if book is None or not book.execution:
        return Step("", Verdict.UNKNOWN, "本系统没有下达过该编号的任务书，请核实。")
    return next_status(
        Now(book.execution, book.revoked_at is None, closed_at(book)), event.kind, event.sequence
    )


def closed_at(book: TaskBook) -> int:
    """Sequence of the event that completed it; 0 while it is open."""
    if book.execution != Execution.COMPLETED:
        return 0
    ends = book.events.filter(kind=Kind.COMPLETED, verdict=Verdict.ACCEPTED)
    return ends.values_list("sequence", flat=True).first() or 0


def write(channel, event, body, sha256, origin, book, step) -> ExecutorEvent:
    return ExecutorEvent.objects.create(
        channel=channel,
        event_id=event.event_id,
        book=book,
        book_number=event.book,
        kind=event.kind,
        sequence=event.sequence,
        occurred_at=event.occurred_at,
        body=body,
        body_sha256=sha256,
        keyid=origin.keyid,
        signatures=[origin.signature] if origin.signature else [],
        entered_by=origin.clerk,
        verdict=step.verdict,
        sentence=step.sentence,
        needs_person=step.verdict in (Verdict.CONTRADICTION, Verdict.UNKNOWN),
    )


def follow(book: TaskBook, event: Envelope, row: ExecutorEvent, step: Step) -> None:
    """The book's status, never its desk; and the result, whatever was made of the event."""
    if event.result is not None:
        outcome.record(book, row, event.result)
    if step.execution == book.execution:
        return
    book.execution = step.execution
    if book.received_at is None and step.execution != Execution.RETURNED:
        book.received_at = clock.now()
    if step.execution == Execution.RETURNED:
        book.return_reason = event.reason
    book.save(update_fields=["execution", "received_at", "return_reason"])
