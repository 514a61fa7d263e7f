"""The provincial portal as a far end."""

from urllib.parse import urlsplit

from django.conf import settings

from .client import Client
from .signer import PublicationSigner


class Portal(Client):
    """Notices go there."""

    who, thing, collection = "门户", "公告", "/api/notices"

    def __init__(self, signer: PublicationSigner):
        super().__init__(signer, settings.PORTAL_URL, settings.PORTAL_TIMEOUT)

    @property
    def public_host(self) -> str | None:
        return urlsplit(settings.PORTAL_PUBLIC_URL or settings.PORTAL_URL).hostname
