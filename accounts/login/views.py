"""The login page and what its script talks to."""

import time
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from accounts.cakey import challenge, emergency, entry, sessions
from accounts.cakey import relay as agent_relay
from accounts.cakey.errors import CAKeyError

from . import diagnosis
from .answers import LARGEST_BODY, LARGEST_SIGN, BadRequest, origin_of, read_json, refusal, text_of
from .states import REASONS, STATES, state_for


def safe_next(request, wanted: str) -> str:
    """An address of ours to go to after login, else the home page."""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and safe else resolve_url(settings.LOGIN_REDIRECT_URL)


@never_cache
@login_not_required
@require_safe
def login_page(request):
    """Step by step: key, certificate, PIN."""
    wanted = request.GET.get("next", "")
    if request.user.is_authenticated:
        return redirect(safe_next(request, wanted))
    if not request.session.session_key:
        request.session.create()
    context = {
        "next": wanted,
        "reason": REASONS.get(request.GET.get("reason", ""), ""),
        "states": STATES,
        "ports": ",".join(map(str, settings.CAKEY_AGENT_PORTS)),
        "relay": bool(settings.CAKEY_RELAY_URL),
        "server_time": int(time.time()),
    }
    return render(request, "accounts/login.html", context)


@never_cache
@login_not_required
@require_POST
def give_challenge(request):
    """{purpose: "login"} -> {nonce, origin, expires_in, server_time}."""
    try:
        if text_of(read_json(request), "purpose") != challenge.LOGIN:
            raise BadRequest
        if not request.session.session_key:
            request.session.create()
        key, origin = request.session.session_key, origin_of(request)
        nonce = challenge.give(key, origin=origin, address=entry.client_address(request))
    except (BadRequest, CAKeyError) as error:
        return refusal(error)
    life = int(challenge.LIFE.total_seconds())
    return JsonResponse(
        {"nonce": nonce, "origin": origin, "expires_in": life, "server_time": int(time.time())}
    )  # fmt: skip


@never_cache
@login_not_required
@require_POST
def log_in(request):
    """{token, nonce, next?} -> {redirect}, or the state to show."""
    try:
        body = read_json(request)
        token, nonce = text_of(body, "token"), text_of(body, "nonce")
        wanted = text_of(body, "next") if "next" in body else ""
        entry.log_in(request, token, nonce)
    except (BadRequest, CAKeyError) as error:
        return refusal(error)
    return JsonResponse({"redirect": safe_next(request, wanted)})


@never_cache
@login_not_required
@require_POST
def heartbeat(request):
    """Is the session still good? The middleware has answered already when it is not."""
    if not request.user.is_authenticated:
        return JsonResponse({"redirect": resolve_url("login")}, status=401)
    return HttpResponse(status=204)


@sensitive_variables()
@never_cache
@login_not_required
@require_POST
def relay(request, operation):
    """Demo only: pass on to the demo machine's agent. A PIN comes by, hence never in production."""
    if (
        not settings.CAKEY_RELAY_URL
        or operation not in agent_relay.OPERATIONS
        or settings.MODE == "production"
    ):
        raise Http404
    try:
        read_json(request, LARGEST_SIGN if operation == "sign" else LARGEST_BODY)
        status, answer = agent_relay.ask(operation, request.body, origin_of(request))
    except BadRequest as error:
        return refusal(error)
    return JsonResponse(answer, status=status)


@login_not_required
@require_POST
def leave(request):
    """Log out; the script says TOKEN_REMOVED when the key was pulled out."""
    reason = "TOKEN_REMOVED" if request.POST.get("reason") == "TOKEN_REMOVED" else "LOGGED_OUT"
    sessions.end(request, reason)
    logout(request)
    return redirect(f"{resolve_url('login')}?{urlencode({'reason': reason})}")


@never_cache
@login_not_required
@require_safe
def driver_help(request):
    """驱动安装与登录帮助: how to install, the checks one by one, and every state with its cure."""
    context = {"states": STATES, "title": "驱动安装与登录帮助"}
    return render(request, "accounts/driver_help.html", context | diagnosis.page(int(time.time())))


@never_cache
@login_not_required
@require_POST
def examine(request):
    """{certificate} -> {} when login would accept it, else the state to show; nothing is written down."""
    try:
        if not diagnosis.within_limits(entry.client_address(request)):
            raise CAKeyError("RATE_LIMITED")
        diagnosis.examine(text_of(read_json(request), "certificate"), timezone.now())
    except (BadRequest, CAKeyError) as error:
        return refusal(error)
    return JsonResponse({})


@sensitive_variables()
@never_cache
@login_not_required
def breakglass(request):
    """The one-time password made by `manage.py breakglass`, for administrators in an emergency."""
    error = ""
    if request.method == "POST":
        try:
            emergency.use(request, request.POST.get("password", ""))
            return redirect("admin:index")
        except CAKeyError as refused:
            limited = refused.code == "RATE_LIMITED"
            error = state_for(refused.code).title if limited else "口令不对、已用过或已过期。"
    return render(request, "accounts/breakglass.html", {"error": error, "title": "应急登录"})
