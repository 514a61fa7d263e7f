"""A relay: takes what is owed to one far end from the outbox and sends it, in batches."""

import logging
import time
from collections.abc import Callable

from django.db import transaction

from procurement.flow import outbox
from procurement.flow.outbox import Claim

from .client import Absent, Client, Outcome, Refused, Retry, Sent, Unknown
from .signer import SignerUnavailable
from .workbench.models import Event

log = logging.getLogger(__name__)
BATCH = 100
TOGETHER = 25  # arrivals settled in one statement
PATIENCE = 3  # failures in a row after which the far end is left alone until the next sweep
RUN = 50  # seconds after which a run hands over to the next message, so that a worker can be stopped softly


def relay(channel: str, far_end: Callable[[], Client]) -> int:
    """Send until nothing is due; how many arrived."""
    started, arrived = time.monotonic(), 0
    while time.monotonic() - started < RUN:
        claims = outbox.claim(channel, BATCH)
        if not claims:
            return arrived
        now = send_batch(claims, far_end())
        if not now:
            return arrived  # down, or slow: others wait for this worker too
        arrived += now
    outbox.wake(channel)
    return arrived


def send_batch(claims: list[Claim], client: Client) -> int:
    """Send while the lease surely lasts and somebody answers, the rest goes back; how many arrived."""
    receipts, failures = Receipts(), 0
    # A request begun now may last its time-out twice (look-up, then send): never past the lease.
    deadline = time.monotonic() + outbox.lease_seconds() - 2 * client.timeout
    try:
        for claim in claims:
            if time.monotonic() > deadline or failures == PATIENCE:
                claim.give_back()
                continue
            outcome = send(client, claim)
            failures = 0 if isinstance(outcome, Sent | Refused) else failures + 1
            settle(claim, outcome, receipts)
    finally:
        client.close()
        receipts.keep()
    return receipts.kept


class Receipts:
    """What arrived, written down a handful at a time: a commit for each would cost as much as the sending.

    A worker that dies with some in hand leaves them in doubt, and the look-up finds them.
    """

    def __init__(self):
        self.waiting, self.kept, self.since = [], 0, time.monotonic()

    def add(self, claim: Claim, sent: Sent) -> None:
        self.waiting.append((claim, sent.id, sent.url))
        if len(self.waiting) >= TOGETHER or time.monotonic() - self.since > 1:
            self.keep()

    def keep(self) -> None:
        kept = outbox.arrived(self.waiting)
        if kept < len(self.waiting):
            log.warning(
                "%s of %s deliveries had been taken over", len(self.waiting) - kept, len(self.waiting)
            )
        self.kept += kept
        self.waiting, self.since = [], time.monotonic()


def send(client: Client, claim: Claim) -> Outcome:
    """What came of one delivery; one in doubt is looked up by key before it is sent again."""
    try:
        outcome = client.find(claim.key, claim.sha256) if claim.doubted else Absent()
        if isinstance(outcome, Absent):
            ahead = client.prepare(claim.content, claim.prolong)
            outcome = ahead or client.send(claim.key, claim.content, claim.sha256)
    except SignerUnavailable as error:
        return Retry(str(error))
    return outcome


def settle(claim: Claim, outcome: Outcome, receipts: Receipts) -> None:
    """Write down what came of it."""
    if isinstance(outcome, Sent):
        return receipts.add(claim, outcome)
    log.warning("%s: %s", claim.key, outcome.why)
    with transaction.atomic():  # the failure and its record
        if failed(claim, outcome):
            what = Event.What.REFUSED if isinstance(outcome, Refused) else Event.What.FAILED
            Event.objects.create(delivery_id=claim.id, what=what, text=outcome.why[:300])


def failed(claim: Claim, outcome: Refused | Retry | Unknown) -> bool:
    """Put the row back, or before a person; false when it is no longer ours."""
    if isinstance(outcome, Refused):
        return claim.refused(outcome.why)
    if isinstance(outcome, Retry):
        return claim.failed(outcome.why, doubt=False, after=outcome.after)
    return claim.failed(outcome.why, doubt=True)
