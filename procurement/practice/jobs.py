"""What runs by itself in practice mode."""

from celery import shared_task

from . import clock


@shared_task
def pass_day() -> int:
    """Every minute: a working day."""
    return clock.pass_day()
