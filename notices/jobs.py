"""The relay: takes what is owed to the portal from the outbox and sends it, in batches."""

import logging
import time

from celery import shared_task

from procurement.flow import outbox
from procurement.flow.outbox import Claim

from .models import CHANNEL
from .portal import Absent, Portal, Refused, Retry, Sent
from .signer import Pkcs11Signer, SignerUnavailable

log = logging.getLogger(__name__)
BATCH = 100
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
    """Send while the lease surely lasts; the rest goes back untouched."""
    portal = Portal(SIGNER)
    # A request begun now may last its time-out twice (look-up, then send): never past the lease.
    deadline = time.monotonic() + outbox.lease_seconds() - 2 * portal.timeout
    published = 0
    try:
        for claim in claims:
            if time.monotonic() > deadline:
                claim.give_back()
            else:
                published += send(portal, claim)
    finally:
        portal.close()
    return published


def send(portal: Portal, claim: Claim) -> bool:
    """One notice; true if it stands on the portal and the row says so."""
    try:
        outcome = portal.find(claim.key, claim.sha256) if claim.doubted else Absent()
        if isinstance(outcome, Absent):
            outcome = portal.publish(claim.key, claim.content, claim.sha256)
    except SignerUnavailable as error:
        log.error("%s: %s", claim.key, error)
        claim.failed(str(error), doubt=False)
        return False
    kept = settle(claim, outcome)
    if not kept:
        log.warning("%s: another worker has taken over, outcome %s dropped", claim.key, outcome)
    return kept and isinstance(outcome, Sent)


def settle(claim: Claim, outcome) -> bool:
    """Write down what came of it."""
    if isinstance(outcome, Sent):
        return claim.sent(outcome.id, outcome.url)
    log.warning("%s: %s", claim.key, outcome.why)
    if isinstance(outcome, Refused):
        return claim.refused(outcome.why)
    if isinstance(outcome, Retry):
        return claim.failed(outcome.why, doubt=False, after=outcome.after)
    return claim.failed(outcome.why, doubt=True)
