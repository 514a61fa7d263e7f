"""Error pages in clear sentences, each with a reference number the support desk can find."""

import logging
import secrets

from django.db import OperationalError
from django.http import HttpResponseNotAllowed
from django.shortcuts import render

from . import sign_pages
from .moves import Conflict, Refused
from .signing import SignatureNeeded

log = logging.getLogger("procurement.pages")


def error_page(request, status: int, **context):
    """Render templates/{status}.html with a fresh reference number, and log that number."""
    reference = secrets.token_hex(4).upper()
    log.warning("%s %s %s reference %s", status, request.method, request.path, reference)
    return render(request, f"{status}.html", {"reference": reference, **context}, status=status)


def bad_request(request, exception=None):
    return error_page(request, 400)


def permission_denied(request, exception=None):
    return error_page(request, 403, reason=str(exception or ""))


def not_found(request, exception=None):
    return error_page(request, 404)


def server_error(request):
    return error_page(request, 500)


def csrf_failure(request, reason=""):
    return error_page(request, 403, reason="页面停留太久或登录已更换，请返回上一页刷新后再提交。")


class PageMiddleware:
    """Turns what the kernel raises into pages: Refused 403, Conflict 409, SignatureNeeded 签名确认; and the
    bare 405 of a decorator."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        page = error_page(request, 405)
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request, exception):
        if isinstance(exception, SignatureNeeded):
            return sign_pages.ask(request, exception)
        if isinstance(exception, Refused):
            return error_page(request, 403, reason=str(exception))
        if isinstance(exception, Conflict):
            return error_page(request, 409, reason=str(exception), heading=exception.heading)
        if isinstance(exception, OperationalError) and "lock" in str(exception):
            return error_page(request, 409, reason=str(Conflict()))
        return None
