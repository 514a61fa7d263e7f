"""Who works on which paper: a lease that runs out, a fence that only grows, a file written under the lock.

Rendering and signing take time, so neither holds a transaction. What they made is written down under the
row's lock and only while the claim still stands; so a worker that was killed, or one that woke up too late,
leaves nothing behind that counts.
"""

from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from procurement.flow.outbox import delay, lease_seconds, most_tries, wake

RENDERING, SIGNING = "sealing.render", "sealing.sign"


def wake_after_commit(what: str) -> None:
    transaction.on_commit(lambda: wake(what), robust=True)


def verify_url(path: str, number: str, code: str) -> str:
    """The address printed as QR: the public page, filled in."""
    base = settings.PUBLIC_BASE_URL.rstrip("/")
    return f"{base}{path}?{urlencode({'number': number, 'code': code})}"


@transaction.atomic
def claim(papers, state: str):
    """Lease the oldest due paper in that state, waiting for nobody; None when nothing is due.

    A try counts when it begins: what kills its worker every time must not be tried for ever.
    """
    paper = papers.due(state).select_for_update(skip_locked=True).first()
    if paper is None:
        return None
    if paper.attempts >= most_tries():
        paper.state, paper.error = paper.State.FAILED, paper.error or "多次生成未完成，请联系技术支持。"
        paper.save(update_fields=["state", "error"])
        return claim(papers, state)
    paper.fence += 1
    paper.attempts += 1
    paper.lease_until = Now() + timedelta(seconds=lease_seconds())
    paper.save(update_fields=["fence", "attempts", "lease_until"])
    return paper


def held(paper):
    """The row under its lock, as long as nobody has claimed or withdrawn it since; None otherwise."""
    rows = type(paper).objects.select_for_update()
    return rows.filter(pk=paper.pk, fence=paper.fence, state=paper.state).first()


@transaction.atomic
def give_up(paper, why: str, *, for_good: bool = False) -> None:
    """This try failed; the next comes later, or a person must look."""
    row = held(paper)
    if row is None:
        return
    row.error, row.lease_until = why[:300], None
    if for_good or row.attempts >= most_tries():
        row.state = row.State.FAILED
    else:
        row.next_at = Now() + timedelta(seconds=delay(row.attempts))
    row.save(update_fields=["error", "lease_until", "state", "next_at"])
