"""Every request of somebody logged in: is the certificate behind the session still good?"""

from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse

from .sessions import end, trouble_with


class CAKeySessionMiddleware:
    """Ends a session whose certificate expired, was unbound or revoked, or that lay idle too long."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self.get_response(request)
        heartbeat = request.path == reverse("cakey-heartbeat")
        trouble = trouble_with(request, touch=not heartbeat)
        if trouble:
            end(request, trouble)
            logout(request)
            return refusal(request, trouble, heartbeat)
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def refusal(request, trouble: str, heartbeat: bool):
    """Back to the login page with the reason; a background request gets the address to go to."""
    query = {"reason": trouble}
    opens = request.method == "GET" or "draft" in request.POST  # the form of a paper opens at its own address
    if opens and not heartbeat:
        query["next"] = request.get_full_path()
    address = f"{resolve_url('login')}?{urlencode(query)}"
    if heartbeat:
        return JsonResponse({"redirect": address}, status=401)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return redirect(address)
