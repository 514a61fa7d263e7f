"""A connected executor as a far end of the outbox."""

from django.conf import settings

from notices.client import Client
from notices.signer import PublicationSigner

from ..models.choices import Channel


class Executor(Client):
    """Orders and withdrawals go there, signed like what goes to the portal."""

    thing, collection = "任务书", "/api/orders"

    def __init__(self, channel: str, signer: PublicationSigner):
        self.who = Channel(channel).label
        super().__init__(signer, settings.EXECUTORS[channel]["url"], settings.EXECUTOR_TIMEOUT)
