"""What runs beside the pages: sweeping up what nobody came back for."""

from celery import shared_task

from .drafts import Draft


@shared_task
def sweep_drafts() -> int:
    """Nightly: unsaved typing older than 30 days."""
    return Draft.objects.outdated().delete()[0]
