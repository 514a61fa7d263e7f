"""The relay: takes what is owed to the portal from the outbox and sends it, in batches."""

import logging
import time

from celery import shared_task

from procurement.flow import outbox
from procurement.flow.outbox import Claim

from .models import CHANNEL
from .portal import Absent, Outcome, Portal, Refused, Retry, Sent
from .signer import Pkcs11Signer, SignerUnavailable

log = logging.getLogger(__name__)
BATCH = 100
TOGETHER = 25  # arrivals settled in one statement
RUN = 50  # seconds after which a run hands over to the next message, so that a worker can be stopped softly
SIGNER = Pkcs11Signer()  # its session is opened at the first signature: after the fork


@shared_task(name="notices.jobs.relay", time_limit=180)
def relay() -> int:
    """Send until nothing is due; how many were published."""
    started, published = time.monotonic(), 0
    while time.monotonic() - started < RUN:
        claims = outbox.claim(CHANNEL, BATCH)
        if not claims:
            return published
        published += send_batch(claims)
    outbox.wake(CHANNEL)
    return published


@shared_task(name="notices.jobs.sweep", time_limit=180)
def sweep() -> int:
    """By beat every few seconds: what no message announced, or whose time has come."""
    return relay()


def send_batch(claims: list[Claim]) -> int:
    """Send while the lease surely lasts, the rest goes back untouched; how many were published."""
    portal, receipts = Portal(SIGNER), Receipts()
    # A request begun now may last its time-out twice (look-up, then send): never past the lease.
    deadline = time.monotonic() + outbox.lease_seconds() - 2 * portal.timeout
    try:
        for claim in claims:
            if time.monotonic() > deadline:
                claim.give_back()
            else:
                settle(claim, send(portal, claim), receipts)
    finally:
        portal.close()
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
            log.warning("%s of %s notices had been taken over", len(self.waiting) - kept, len(self.waiting))
        self.kept += kept
        self.waiting, self.since = [], time.monotonic()


def send(portal: Portal, claim: Claim) -> Outcome:
    """What came of one notice; one in doubt is looked up by key before it is sent again."""
    try:
        outcome = portal.find(claim.key, claim.sha256) if claim.doubted else Absent()
        if isinstance(outcome, Absent):
            outcome = portal.publish(claim.key, claim.content, claim.sha256)
    except SignerUnavailable as error:
        return Retry(str(error))
    return outcome


def settle(claim: Claim, outcome: Outcome, receipts: Receipts) -> None:
    """Write down what came of it."""
    if isinstance(outcome, Sent):
        return receipts.add(claim, outcome)
    log.warning("%s: %s", claim.key, outcome.why)
    if isinstance(outcome, Refused):
        claim.refused(outcome.why)
    elif isinstance(outcome, Retry):
        claim.failed(outcome.why, doubt=False, after=outcome.after)
    else:
        claim.failed(outcome.why, doubt=True)
