"""签名确认: what is about to be decided, in plain words, and the key that signs it (docs/adr/0014)."""

import logging
import secrets

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.cache import add_never_cache_headers

from accounts.cakey.decisions import signer_of
from accounts.cakey.errors import CAKeyError
from accounts.login.answers import origin_of
from accounts.login.states import SIGNING, signing_state
from accounts.models import UserCertificate

from . import signing
from .signing import Need, SignatureNeeded

log = logging.getLogger("procurement.signing")


def ask(request, needed: SignatureNeeded):
    """The page; what the person sent comes along in hidden fields."""
    fault, asked = needed.fault, []
    try:
        asked = signing.prepare(request, needed.needs, origin_of(request))
    except CAKeyError as error:
        fault = fault or error.code
    papers = [need.paper for need in needed.needs]
    context = {
        "title": "签名确认", "needs": needed.needs, "one": needed.needs[0] if len(papers) == 1 else None,
        "refused": needed.refused, "total": sum(paper.amount for paper in papers), "asked": asked,
        "certificate": certificate(request), "states": SIGNING,
        "address": needed.address or request.get_full_path(), "back": needed.back,
        "fields": list(needed.fields.items()) if needed.address else posted(request),
        "opinion": opinion(needed.needs), "ports": ",".join(map(str, settings.CAKEY_AGENT_PORTS)),
        "relay": bool(settings.CAKEY_RELAY_URL), **told(request, fault),
    }  # fmt: skip
    response = render(request, "flow/sign.html", context)
    add_never_cache_headers(response)
    return response


def posted(request) -> list[tuple[str, str]]:
    """Every field of the form that was sent, but those of this page."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    return [pair for pair in sent if not pair[0].startswith("sign-") and pair[0] != "csrfmiddlewaretoken"]


def opinion(needs: list[Need]) -> str:
    """The one opinion of all of them."""
    return needs[0].facts["opinion"]


def certificate(request) -> UserCertificate | None:
    """The one this session was opened with."""
    try:
        return signer_of(request)
    except CAKeyError:
        return None


def told(request, fault: str) -> dict:
    """Why the signature that was offered did not count, with a reference the support desk can find."""
    if not fault:
        return {"fault": None}
    reference = secrets.token_hex(4).upper()
    log.warning("signature refused %s %s reference %s", fault, request.path, reference)
    return {"fault": signing_state(fault), "reference": reference}
