"""The one idea of accelerated time: each minute, who waits has a working day behind him (docs/adr/0012).

No clock is turned and no computation of a deadline knows of it: the days a paper waits from are moved back.
Sessions, certificates and records keep the true time.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from notices.models import SingleSourceNotice
from procurement.reference.models import CalendarDay

DAY = timedelta(days=1)


def pass_day() -> int:
    """A working day has passed for every publicity that runs; how many."""
    if not settings.PRACTICE or settings.MODE == "production":
        raise ImproperlyConfigured("only in practice mode does a working day last a minute")
    return sum(age(pk) for pk in running())


def running() -> Iterator[int]:
    kinds = SingleSourceNotice.Outcome
    waiting = SingleSourceNotice.objects.filter(outcome=kinds.PUBLICIZING, publicity_end__isnull=False)
    return waiting.values_list("pk", flat=True)


@transaction.atomic
def age(pk: int) -> bool:
    paper = SingleSourceNotice.objects.locked(pk)
    if paper.closed:
        return False
    paper.publicity_start = worked_before(paper.publicity_start)
    paper.publicity_end = worked_before(paper.publicity_end)
    paper.save(update_fields=["publicity_start", "publicity_end"])
    return True


def worked_before(day: date) -> date:
    """The working day before; where none is announced, the day before."""
    earlier = CalendarDay.objects.filter(date__lt=day, is_workday=True).order_by("-date")
    return earlier.values_list("date", flat=True).first() or day - DAY
