"""In practice mode a working day lasts a minute: the clock of business is put forward (docs/adr/0013)."""

import os
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import CertificateSession
from procurement import clock
from procurement.flow.outbox import Delivery
from procurement.reference.models import CalendarDay
from procurement.reference.workdays import add_workdays

from .models import Practice

PRESENT = timedelta(minutes=3)  # a session shows a sign of life once a minute
LOCK = 20_130_001  # of the database: the minute and a leap never meet


def guard() -> None:
    if settings.MODE == "production" or not settings.PRACTICE or clock.VARIABLE not in os.environ:
        raise ImproperlyConfigured("only in practice mode does a working day last a minute")


def pass_day() -> date | None:
    """The next working day begins, if anybody practises; None while nobody does."""
    guard()
    if not somebody():
        return None
    announce(clock.today().year)
    return put_forward(add_workdays(clock.today(), 1))


def somebody() -> bool:
    """Someone has begun, and a browser that is logged in asked for a page a moment ago."""
    live = CertificateSession.objects.filter(ended_at=None, seen_at__gt=timezone.now() - PRESENT)
    return Practice.objects.exists() and live.exists()


@transaction.atomic
def put_forward(day: date) -> date:
    """From now on it is `day`, if it was not later already; what waits for a later moment waits less."""
    guard()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    step = max(day - clock.today(), timedelta())
    announce(day.year)
    waiting = Delivery.objects.filter(state=Delivery.State.PENDING, attempts=0, next_at__gt=Now())
    waiting.update(next_at=F("next_at") - step)
    write(clock.ahead() + step)
    return clock.today()


def leaps() -> dict[str, date]:
    """Where one may leap to: the day applications for carry-over open, the day they are executed."""
    today = clock.today()
    december = date(today.year, 12, 1)
    found = {"december": december} if today < december else {}
    return found | {"new-year": date(today.year + 1, 1, 1)}


def write(ahead: timedelta) -> None:
    """Readers find the old number or the new one, never half of it."""
    path = Path(os.environ[clock.VARIABLE])
    new = path.with_suffix(".new")
    new.write_text(str(ahead.days))
    new.replace(path)


def announce(year: int) -> None:
    """Nobody has announced the working days of years to come: in practice Monday to Friday will do."""
    CalendarDay.objects.presume(year, year + 1)
