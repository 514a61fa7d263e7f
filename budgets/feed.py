"""The finance feed: quotas of the integrated budget system over HTTP."""

import http.client
import json
from urllib.parse import urlsplit

from django.conf import settings

ANSWER_LIMIT = 50 * 2**20
TIMEOUT = 15


class FeedUnavailable(Exception):
    """The feed did not answer, or not with quotas."""


def fetch(year: int) -> list[dict]:
    """The quotas finance has issued for a year."""
    address = urlsplit(settings.FINANCE_FEED_URL)
    secure = address.scheme == "https"
    connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    line = connect(address.hostname, address.port, timeout=TIMEOUT)
    try:
        line.request("GET", f"{address.path}?year={year}", headers={"Accept": "application/json"})
        answer = line.getresponse()
        body = answer.read(ANSWER_LIMIT + 1)
    except (OSError, http.client.HTTPException) as broken:
        raise FeedUnavailable("预算管理一体化系统没有应答，请稍后再试。") from broken
    finally:
        line.close()
    if answer.status != 200 or len(body) > ANSWER_LIMIT:
        raise FeedUnavailable(f"预算管理一体化系统应答异常（{answer.status}）。")
    return understood(body)


def understood(body: bytes) -> list[dict]:
    try:
        items = json.loads(body)
    except (ValueError, RecursionError):
        items = None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise FeedUnavailable("预算管理一体化系统的应答不是指标数据。")
    return items
