"""What of announcements needs the server's key."""

from celery import shared_task

from notices.jobs import SIGNER

from .tickets import sign_waiting


@shared_task(name="notices.jobs.sign_tickets", time_limit=60)
def sign_tickets() -> int:
    """Wakes with every person who goes over to the portal; a lost message only makes him press again."""
    return sign_waiting(SIGNER)
