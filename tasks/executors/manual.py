"""What the clerk enters for an executor without a system: the same inbox, the same verdicts."""

import uuid

from django.db import transaction
from django.db.models import Max

from accounts.models import Post
from procurement import clock

from ..models.choices import Execution
from ..models.events import ExecutorEvent, Kind
from ..models.results import Source
from . import available, envelope, inbox

STEPS = {  # status -> what the clerk may enter beside a result
    Execution.WAITING: [Kind.RECEIVED, Kind.RETURNED],
    Execution.RECEIVED: [Kind.STARTED, Kind.RETURNED],
    Execution.EXECUTING: [Kind.COMPLETED],
}
WORKING = (Execution.RECEIVED, Execution.EXECUTING)


def obstacle(book, user) -> str | None:
    """Why this user may not enter anything; None when he may."""
    if available(book):
        return f"{book.executor_name}通过系统反馈，不需要人工录入。"
    if book.revoked_at or not book.execution:
        return "任务书已撤销或仅作记录，不能录入执行情况。"
    if not user.posts.holds(Post.CLERK, book.unit_id):
        return "需要采购单位经办岗，您没有这个岗位。"
    return None


def open_steps(book, user) -> list[str]:
    return STEPS.get(book.execution, []) if obstacle(book, user) is None else []


def may_enter_result(book, user) -> bool:
    return book.execution in WORKING and obstacle(book, user) is None


@transaction.atomic
def enter(book, user, kind: str, *, event_id: str = "", reason: str = "", result: dict | None = None):
    """Take it in as an event signed by nobody but entered by him; Unreadable when it cannot be."""
    event_id = event_id or uuid.uuid4().hex
    inbox.alone(f"{book.channel}/{event_id}")
    if ExecutorEvent.objects.filter(channel=book.channel, event_id=event_id).exists():
        return inbox.Heard("duplicate", "刚才已经录入过，没有重复保存。")
    last = book.events.aggregate(last=Max("sequence"))["last"] or 0
    body = {
        "event": event_id, "book": book.number, "kind": kind, "sequence": last + 1, "reason": reason,
        "occurred_at": clock.now().isoformat(),
    }  # fmt: skip
    if result is not None:
        body["result"] = result | {"revision": revision(book, result["result_no"])}
    return inbox.take(book.channel, envelope.envelope(body), body, inbox.Origin(clerk=user))


def revision(book, number: str) -> int:
    """The same number again corrects what was entered before."""
    same = book.results.filter(source=Source.MANUAL, result_no=number)
    return (same.aggregate(last=Max("revision"))["last"] or 0) + 1
