"""The nightly truth check: every published notice is read back from the portal and compared with ours.

A pass goes in batches. Each batch's findings and the place where it stopped are one transaction, so a
killed pass goes on where it was; nothing is open while the portal is asked. Only an answer of the agreed
form counts: a portal that is down, slow or talks nonsense is asked again later, and is never a difference.
"""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from notices.models import CHANNEL
from notices.portal import Copy, Listed, Portal, Unread
from procurement.flow.outbox import Delivery

from . import findings
from .models import Difference, Inspection

log = logging.getLogger(__name__)
Stage = Inspection.Stage
BATCH = 20
PATIENCE = 3  # faults in a row after which the portal is left alone until the next beat
RUN = 50  # seconds of one run; the next message goes on
LEASE = timedelta(seconds=180)  # the task's own time limit


class Stopped(Exception):
    """The portal does not answer as agreed, or somebody else has taken the pass over."""


def claim() -> Inspection | None:
    """The unfinished pass, or today's; None when there is nothing to do or somebody is at it."""
    if not Inspection.objects.exclude(stage=Stage.DONE).exists():
        Inspection.objects.get_or_create(day=timezone.localdate())
    with transaction.atomic():
        free = Inspection.objects.exclude(stage=Stage.DONE).filter(
            Q(lease_until=None) | Q(lease_until__lt=Now())
        )
        row = free.select_for_update(skip_locked=True).order_by("day").first()
        if row is not None:
            row.fence += 1
            row.lease_until, row.last_error = timezone.now() + LEASE, ""
            row.save(update_fields=["fence", "lease_until", "last_error"])
    return row


def inspect(portal: Portal) -> bool:
    """Go on with the pass for a while; true when it wants to be called again at once."""
    row = claim()
    if row is None:
        return False
    reader, began = Reader(portal, row), time.monotonic()
    try:
        while row.stage != Stage.DONE and time.monotonic() - began < RUN:
            STEPS[row.stage](reader)
    except Stopped as why:
        row.last_error = str(why)[:300]
        log.warning("truth check of %s stopped: %s", row.day, why)
    finally:
        portal.close()
        mine(row).update(lease_until=None, last_error=row.last_error)
    return row.stage != Stage.DONE and not row.last_error


def mine(row: Inspection):
    """The row as long as nobody has taken it over."""
    return Inspection.objects.filter(pk=row.pk, fence=row.fence)


class Reader:
    """Asks the portal no faster than agreed, and knows when to give up."""

    def __init__(self, portal: Portal, row: Inspection):
        self.portal, self.row, self.faults, self.due = portal, row, 0, 0.0

    def ask(self, question, *words):
        """The answer, or None for a fault; Stopped when faults follow each other."""
        time.sleep(max(0.0, self.due - time.monotonic()))
        self.due = time.monotonic() + 1 / settings.PORTAL_CHECK_RATE
        answer = question(*words)
        if not isinstance(answer, Unread):
            self.faults = 0
            return answer
        self.faults += 1
        if answer.down or self.faults >= PATIENCE:
            raise Stopped(answer.why)
        return None

    def keep(self, decisions, *, unread: int = 0, **changes) -> None:
        """One batch: what was found, and how far we are, or neither."""
        with transaction.atomic():
            if not mine(self.row).select_for_update().exists():
                raise Stopped("另一个进程已接手本次核对")
            known = findings.open_differences([key for key, _now in decisions])
            news = sum(findings.settle(known.get(key), now) for key, now in decisions)
            totals = {"checked": len(decisions), "unread": unread, "found": news}
            for name, more in totals.items():
                setattr(self.row, name, getattr(self.row, name) + more)
            for name, value in changes.items():
                setattr(self.row, name, value)
            self.row.save(update_fields=[*totals, *changes])


def read_notices(reader: Reader) -> None:
    """The next batch of what we have published, each read back by its key."""
    row = reader.row
    sent = Delivery.objects.filter(channel=CHANNEL, state=Delivery.State.SENT, pk__gt=int(row.cursor))
    batch = list(sent.order_by("pk")[:BATCH])
    if not batch:
        return reader.keep([], stage=Stage.LISTING, cursor="")
    decisions, senders = [], set(row.senders)
    for delivery in batch:
        answer = reader.ask(reader.portal.read_back, delivery.key)
        if answer is None:
            continue
        copy = answer if isinstance(answer, Copy) else None
        senders |= {copy.sender} if copy and copy.sender else set()
        decisions.append((delivery.key, findings.compare(delivery, copy)))
    unread = len(batch) - len(decisions)
    reader.keep(decisions, unread=unread, cursor=str(batch[-1].pk), senders=sorted(senders))


def read_listing(reader: Reader) -> None:
    """The next page of what the portal shows under our certificates: is any of it not ours?"""
    row = reader.row
    sender, _, after = (row.cursor or f"{min(row.senders, default='')}:").partition(":")
    page = reader.ask(reader.portal.listing, sender, after) if sender else Listed([], "")
    if page is None:
        return None  # asked again, until patience ends
    ours = Delivery.objects.filter(channel=CHANNEL, key__in=page.keys).values_list("key", flat=True)
    decisions = []
    for key in sorted(set(page.keys) - set(ours)):
        copy = reader.ask(reader.portal.read_back, key)
        if isinstance(copy, Copy):
            decisions.append((key, findings.described(copy, Difference.Kind.STRAY)))
    others = [one for one in row.senders if one > sender]
    if page.after and page.after != after:
        return reader.keep(decisions, cursor=f"{sender}:{page.after}")
    if others:
        return reader.keep(decisions, cursor=f"{min(others)}:")
    return reader.keep(decisions, stage=Stage.STRAYS, cursor="0")


def read_strays(reader: Reader) -> None:
    """Strays of earlier nights: does the portal still show them?"""
    strays = Difference.objects.filter(kind=Difference.Kind.STRAY, closed_at=None)
    batch = list(strays.filter(pk__gt=int(reader.row.cursor)).order_by("pk")[:BATCH])
    if not batch:
        return reader.keep([], stage=Stage.DONE, finished_at=timezone.now())
    decisions = []
    for stray in batch:
        copy = reader.ask(reader.portal.read_back, stray.key)
        if copy is not None:
            there = isinstance(copy, Copy)
            decisions.append((stray.key, findings.described(copy, stray.kind) if there else None))
    reader.keep(decisions, cursor=str(batch[-1].pk))


STEPS = {Stage.NOTICES: read_notices, Stage.LISTING: read_listing, Stage.STRAYS: read_strays}
