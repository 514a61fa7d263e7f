"""Where executors report: POST /tasks/callbacks/<channel>/, signed by their own keys.

A middleware above the session's: a machine has no cookie, so it needs no protection from the misuse of one,
and none is switched off for it (docs/adr/0008).
"""

import logging
import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from .executors import inbox, signatures
from .executors.envelope import Unreadable, read

log = logging.getLogger(__name__)
PATH = re.compile(r"/tasks/callbacks/([a-z]{1,8})/")
LIMIT = 2**20  # bytes of one event


class CallbackMiddleware:
    """Answers the executors' address; everything else goes on to the pages."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = PATH.fullmatch(request.path_info)
        return receive(request, match[1]) if match else self.get_response(request)


def receive(request: HttpRequest, channel: str) -> JsonResponse:
    """One event: proved, readable, then written down."""
    if channel not in settings.EXECUTORS:
        return refused(404, "没有登记的执行渠道")
    if request.method != "POST":
        return refused(405, "只接受 POST")
    length = request.META.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdecimal()):
        return refused(411, "缺少正文长度")
    if len(length) > 9 or int(length) > LIMIT:
        return refused(413, "正文过大")
    try:
        body = request.read(int(length))
        signed = signatures.verify(channel, request.path, request.headers, body)
        event, content = read(body)
    except signatures.BadSignature as error:
        log.warning("%s: %s", channel, error)
        return refused(401, str(error))
    except Unreadable as error:
        return refused(422, str(error))
    if request.headers.get("Idempotency-Key") != event.event_id:
        return refused(422, "Idempotency-Key 与事件编号不一致")
    return answer(channel, event, content, signed)


def answer(channel, event, content, signed: signatures.Signed) -> JsonResponse:
    """Whatever is made of it, a signed event that was kept is answered so that nobody sends it again."""
    try:
        heard = inbox.take(channel, event, content, inbox.Origin(signed.keyid, signed.fingerprint))
    except inbox.Foreign:
        log.warning("%s reports on %s, which is not its own", channel, event.book)
        return refused(403, "该任务书不是下达给本执行机构的")
    if heard.verdict in ("conflict", inbox.REPLAYED):
        return refused(409, heard.sentence)
    return JsonResponse({"verdict": heard.verdict, "sentence": heard.sentence})


def refused(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
