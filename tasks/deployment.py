"""What `check --deploy` says about the executors we are connected to."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register

from .executors import signatures


@register(Tags.security, deploy=True)
def executors_are_proved(app_configs=None, **kwargs) -> list[Error]:
    """Books leave over TLS only, and each executor's certificate is there to be compared with."""
    found = []
    for channel, about in settings.EXECUTORS.items():
        if urlsplit(about["url"]).scheme != "https":
            found.append(Error(f"EXECUTOR_{channel.upper()}_URL is not https", id="tasks.E001"))
        try:
            certificates = signatures.trusted(channel)
        except (OSError, ValueError):
            certificates = []
        if not certificates:
            name = f"EXECUTOR_{channel.upper()}_CERTIFICATES"
            found.append(Error(f"{name} is no readable PEM file of certificates", id="tasks.E002"))
    return found
