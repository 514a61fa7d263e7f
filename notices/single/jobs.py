"""The scheduler's part: a publicity begins when the portal has it, and ends when its days are over."""

from celery import shared_task

from .models import SingleSourceNotice
from .settling import settle


@shared_task(name="notices.single.jobs.settle_all", time_limit=300)
def settle_all() -> int:
    """By beat every minute; each notice in a transaction of its own, so a kill loses one look."""
    keys = list(SingleSourceNotice.objects.unsettled().order_by("pk").values_list("pk", flat=True))
    for pk in keys:
        settle(pk)
    return len(keys)
