"""Background work of the login: fresh revocation lists."""

import logging

from celery import shared_task
from django.utils import timezone

from .cakey.errors import CAKeyError
from .cakey.fetch import fetch
from .cakey.trust import import_crl
from .models import TrustedCA

log = logging.getLogger(__name__)


@shared_task
def refresh_crls() -> dict[str, str]:
    """Every authority's list from its own address; one that fails keeps its old list and is reported."""
    outcome = {}
    for ca in TrustedCA.objects.filter(enabled=True).exclude(crl_url=""):
        try:
            outcome[ca.sha256] = str(import_crl(ca, fetch(ca.crl_url), timezone.now()).number)
        except CAKeyError as error:
            outcome[ca.sha256] = error.code
            log.error("revocation list of %s not refreshed: %s", ca, error)
    return outcome
