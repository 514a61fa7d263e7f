"""What has become of a publicity: by the scheduler, and after each decision on an objection."""

from django.db import transaction

from procurement import clock

from .models import SingleSourceNotice

SETTLED = ["publicity_start", "publicity_end", "outcome", "closed_at"]


@transaction.atomic
def settle(pk: int) -> SingleSourceNotice:
    """Under a lock, from what is true now; twice does no more than once, and a kill leaves it as it was."""
    paper = SingleSourceNotice.objects.locked(pk)
    if not paper.closed and paper.term is not None:
        before = [getattr(paper, name) for name in SETTLED]
        paper.publicity_start, paper.publicity_end = paper.term.start, paper.term.end or paper.publicity_end
        paper.outcome = outcome(paper)
        if paper.closed:
            paper.closed_at = clock.now()
        if before != [getattr(paper, name) for name in SETTLED]:
            paper.save(update_fields=SETTLED)
    return paper


def outcome(paper: SingleSourceNotice) -> str:
    """The state that follows from its objections and the day."""
    kinds = SingleSourceNotice.Outcome
    if paper.outcome == kinds.REARGUED:  # the paper with the answer leads it on
        return kinds.REARGUED
    standing = set(paper.objections.standing().values_list("state", flat=True))
    if "accepted" in standing:
        return kinds.OBJECTED
    over = paper.term.is_over(clock.today())
    return kinds.COMPLETED if over and not standing else kinds.PUBLICIZING
