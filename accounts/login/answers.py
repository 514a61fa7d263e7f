"""What the login's JSON addresses read and answer."""

import json

from django.conf import settings
from django.http import JsonResponse

from .states import State, state_for

LARGEST_BODY = 16 * 1024
LARGEST_SIGN = 512 * 1024  # fifty decisions, as the agent takes them
STATUS = {
    "TOKEN": 400, "ALG": 400, "CHALLENGE": 409, "CERT_NOT_BOUND": 403, "CERT_BINDING_SUSPENDED": 403,
    "USER_INACTIVE": 403, "RATE_LIMITED": 429, "REVOCATION_UNAVAILABLE": 503, "BAD_REQUEST": 400,
    "CERT_NOT_BASE64": 400, "CERT_UNPARSABLE": 400, "SIG_NOT_BASE64": 400,
}  # fmt: skip


class BadRequest(Exception):
    """A body no page of ours sends."""

    code, detail, reference = "BAD_REQUEST", "", ""


def read_json(request, largest: int = LARGEST_BODY) -> dict:
    if request.content_type != "application/json":
        raise BadRequest
    if len(request.body) > largest:
        raise BadRequest
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadRequest from error
    if not isinstance(body, dict):
        raise BadRequest
    return body


def text_of(body: dict, name: str) -> str:
    """A text field; a token may come as the agent's object and is then read as the text it was."""
    value = body.get(name)
    if not isinstance(value, str):
        raise BadRequest
    return value


def origin_of(request) -> str:
    """Which of the configured origins this browser is on; never what a header alone claims."""
    claimed = request.headers.get("Origin", "")
    return claimed if claimed in settings.CAKEY_ORIGINS else settings.CAKEY_ORIGINS[0]


def refusal(error) -> JsonResponse:
    """One generic state and a reference; the exact code stays in the log."""
    state = told(state_for(error.code), error)
    body = {
        "state": state.code, "title": state.title, "text": state.text,
        "reference": getattr(error, "reference", ""),
    }  # fmt: skip
    family = STATUS.get(error.code) or STATUS.get(error.code.partition("_")[0], 401)
    return JsonResponse(body, status=family)


def told(state: State, error) -> State:
    """The state with what this certificate's holder may know."""
    if error.code == "CERT_NOT_BOUND" and error.detail.isalnum():
        return state.telling(text=f"证书有效，但没有登记到任何用户。登记码：{error.detail}")
    return state
