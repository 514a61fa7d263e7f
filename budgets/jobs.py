"""What runs beside the pages: fetching quotas, proving the ledger."""

import logging

from celery import shared_task

from procurement import clock

from .carryover.jobs import close_years, roll_over
from .feed import FeedUnavailable, fetch
from .imports import ImportRefused, from_feed, take_in
from .models import QuotaImport
from .tables import BadTable
from .verification import problems

__all__ = ["close_years", "pull_quotas", "roll_over", "verify_ledger"]
log = logging.getLogger("budgets")


@shared_task
def pull_quotas(year: int | None = None) -> str:
    """Take in what finance has issued; an unanswered call is simply tried again by the next beat."""
    if year is None:
        today = clock.today()
        last = [today.year - 1] if today.month == 1 else []  # finance may go on changing it in January
        return "；".join(pull_quotas(one) for one in [*last, today.year])
    try:
        done = take_in(from_feed(fetch(year)), QuotaImport.Source.FEED, f"{year} 年度")
    except (FeedUnavailable, BadTable) as broken:
        log.warning("quota feed: %s", broken)
        return str(broken)
    except ImportRefused as refused:
        log.error("quota feed refused: %s", "; ".join(map(str, refused.faults[:20])))
        return str(refused)
    return str(done)


@shared_task
def verify_ledger() -> int:
    """Nightly: every balance against its sum; each difference is an error in the log."""
    found = list(problems())
    for problem in found:
        log.error("ledger: %s", problem)
    return len(found)
