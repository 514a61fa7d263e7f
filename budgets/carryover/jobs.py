"""What runs at the turn of the year."""

import logging

from celery import shared_task
from django.core.exceptions import ValidationError
from django.db import DatabaseError

from . import closing, rollover, surrender
from .models import YearClose

log = logging.getLogger("budgets")


@shared_task
def roll_over() -> int:
    """Execute what is approved; one application that fails does not hold up the others."""
    done = 0
    for pk in rollover.due():
        try:
            done += rollover.execute(pk)
        except (DatabaseError, ValidationError):
            log.exception("carry-over %s was not executed; the next run tries again", pk)
    return done


@shared_task
def close_years() -> int:
    """End the years whose closing is confirmed; killed or started twice, it finishes once."""
    waiting = YearClose.objects.filter(confirmed_at__isnull=False, finished_at=None)
    done = sum(closing.close(row) for row in waiting.order_by("fiscal_year"))
    for row in YearClose.objects.filter(finished_at__isnull=False).order_by("fiscal_year"):
        surrender.take_back(row)  # what a plan of the closed year has let go of since
    return done
