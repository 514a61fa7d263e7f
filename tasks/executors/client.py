"""A connected executor as a far end of the outbox."""

from urllib.parse import urlsplit

from django.conf import settings

from notices.client import Client
from notices.signer import PublicationSigner

from ..models.choices import Channel


class Executor(Client):
    """Orders and withdrawals go there, signed like what goes to the portal."""

    thing, collection = "任务书", "/api/orders"

    def __init__(self, channel: str, signer: PublicationSigner):
        self.who, self.about = Channel(channel).label, settings.EXECUTORS[channel]
        super().__init__(signer, self.about["url"], settings.EXECUTOR_TIMEOUT)

    @property
    def public_host(self) -> str | None:
        return urlsplit(self.about["pages"] or self.about["url"]).hostname
