"""The workers: one draws the paper, the other, on the token's queue, signs it."""

import hashlib
import logging
import time
from collections.abc import Callable

from celery import shared_task
from django.db import transaction
from django.db.models.functions import Now

from notices.jobs import SIGNER  # one session per process: a second login would be refused
from notices.signer import SignerUnavailable

from . import drawing, pades, published, queue, rendering, store
from .models import SealedPaper

log = logging.getLogger(__name__)
RUN = 50  # seconds after which a run makes room for other work on its queue
State = SealedPaper.State


@shared_task(name="procurement.sealing.jobs.render", time_limit=180)
def render() -> int:
    """Draw what was ordered; how many were drawn."""
    return work(State.ORDERED, draw)


@shared_task(name="procurement.sealing.jobs.sign", time_limit=180)
def sign() -> int:
    """Sign what was drawn; how many were sealed."""
    return work(State.RENDERED, put_seal)


@shared_task(name="procurement.sealing.jobs.order_published", time_limit=180)
def order_published() -> int:
    """By beat: a paper of everything the portal has published since; how many were ordered."""
    return published.order()


@shared_task(name="procurement.sealing.jobs.order_missed", time_limit=600)
def order_missed() -> int:
    """Nightly: papers of what came out longer ago than beat looks back; how many were ordered."""
    total = 0
    while made := published.order(everything=True):
        total += made
    return total


@shared_task(name="procurement.sealing.jobs.sweep", time_limit=180)
def sweep() -> int:
    """Nightly: what was drawn of papers that were withdrawn before they were sealed; how many folders."""
    unsealed = SealedPaper.objects.filter(state=State.WITHDRAWN, file="").only("ordered_at", "verify_code")
    return sum(store.discard(paper) for paper in unsealed.iterator(chunk_size=500))


def work(state: str, step: Callable[[SealedPaper], bool]) -> int:
    """One paper after the other until nothing is due."""
    started, done = time.monotonic(), 0
    while time.monotonic() - started < RUN:
        paper = queue.claim(SealedPaper.objects, state)
        if paper is None:
            break
        done += step(paper)
    return done


def draw(paper: SealedPaper) -> bool:
    """Snapshot to PDF."""
    try:
        pdf = rendering.render(paper)
    except drawing.TooHeavy as error:
        log.warning("%s: %s", paper.number, error)
        queue.give_up(paper, str(error), for_good=error.for_good)
        return False
    except Exception as error:  # whatever is wrong with this paper must not hold up the others
        log.exception("%s cannot be rendered", paper.number)
        queue.give_up(paper, f"排版失败（{type(error).__name__}）")
        return False
    return keep_rendering(paper, pdf)


@transaction.atomic
def keep_rendering(paper: SealedPaper, pdf: bytes) -> bool:
    """Write the rendering down, if the claim still stands."""
    row = queue.held(paper)
    if row is None:
        return False
    store.write(f"{store.folder(row)}/{store.RENDERED}", pdf)
    row.pdf_sha256, row.renderer = hashlib.sha256(pdf).hexdigest(), rendering.renderer()
    pass_on(row, State.RENDERED, "pdf_sha256", "renderer")
    queue.wake_after_commit(queue.SIGNING)
    return True


def put_seal(paper: SealedPaper) -> bool:
    """PDF to signed PDF."""
    pdf = store.rendering(paper)
    if pdf is None or hashlib.sha256(pdf).hexdigest() != paper.pdf_sha256:
        draw_again(paper)
        return False
    try:
        signed = pades.seal(pdf, SIGNER, reason=f"{paper.title} {paper.number}")
    except SignerUnavailable as error:
        log.warning("%s: %s", paper.number, error)
        queue.give_up(paper, str(error))
        return False
    return keep_sealed(paper, signed)


@transaction.atomic
def keep_sealed(paper: SealedPaper, signed: bytes) -> bool:
    """Write the file and the row down together; whatever lies beside the file then is not it."""
    row = queue.held(paper)
    if row is None:
        return False
    row.file.name, row.size = store.signed_name(row), len(signed)
    row.file_sha256, row.signature_sha256 = hashlib.sha256(signed).hexdigest(), pades.signatures(signed)[-1]
    row.sealed_at = Now()
    store.write(row.file.name, signed)
    pass_on(row, State.SEALED, "file", "size", "file_sha256", "signature_sha256", "sealed_at")
    store.keep_only(row, row.file.name)
    return True


@transaction.atomic
def draw_again(paper: SealedPaper) -> None:
    """The rendering is gone or damaged: back one step."""
    if row := queue.held(paper):
        pass_on(row, State.ORDERED)
        queue.wake_after_commit(queue.RENDERING)


def pass_on(row: SealedPaper, state: str, *fields: str) -> None:
    """To the next step, whose tries begin anew."""
    row.state, row.attempts, row.error, row.lease_until, row.next_at = state, 0, "", None, Now()
    row.save(update_fields=["state", "attempts", "error", "lease_until", "next_at", *fields])
