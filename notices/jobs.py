"""The relay to the portal: wakes with every approval, and by beat for what no message announced."""

from celery import shared_task

from .models import CHANNEL
from .portal import Portal
from .relays import relay as relay_to
from .signer import Pkcs11Signer

SIGNER = Pkcs11Signer()  # its session is opened at the first signature: after the fork


@shared_task(name="notices.jobs.relay", time_limit=180)
def relay() -> int:
    """Send until nothing is due; how many were published."""
    return relay_to(CHANNEL, lambda: Portal(SIGNER))


@shared_task(name="notices.jobs.sweep", time_limit=180)
def sweep() -> int:
    """By beat every few seconds: what no message announced, or whose time has come."""
    return relay()


from .announcements import jobs as _announcements  # noqa: E402,F401 - autodiscovery looks for jobs in apps only
from .objections import jobs as _objections  # noqa: E402,F401
from .single import jobs as _single  # noqa: E402,F401
from .workbench import jobs as _workbench  # noqa: E402,F401 - autodiscovery looks for jobs in apps only
