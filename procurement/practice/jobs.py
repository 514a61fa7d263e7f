"""What runs by itself in practice mode; in any other no worker knows of it."""

from celery import shared_task
from django.conf import settings

from . import clock

if settings.PRACTICE:

    @shared_task
    def pass_day() -> str:
        """Every minute: the next working day, as it is called now; "" while nobody practises."""
        return f"{clock.pass_day() or ''}"
