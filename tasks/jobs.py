"""The relay of each executor's channel: wakes with every filing, and by beat for the rest."""

from celery import shared_task
from django.conf import settings

from notices.jobs import SIGNER
from notices.relays import relay as relay_to

from .executors.client import Executor


def relay_of(channel: str):
    """A task of its own for each channel: one executor that is down holds up no other."""

    @shared_task(name=f"tasks.jobs.relay_{channel}", time_limit=180)
    def relay() -> int:
        return relay_to(channel, lambda: Executor(channel, SIGNER))

    return relay


RELAYS = {channel: relay_of(channel) for channel in settings.EXECUTORS}
