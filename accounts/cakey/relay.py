"""Demo only: pass a question on to the demo machine's agent, for a browser on another computer."""

import http.client
import json
from urllib.parse import urlsplit

from django.conf import settings

OPERATIONS = {"status": "GET", "certificates": "POST", "authenticate": "POST", "sign": "POST"}
SECONDS = 15


def ask(operation: str, body: bytes, origin: str) -> tuple[int, dict]:
    """The agent's status and JSON; AGENT_ABSENT when nothing answers."""
    parts = urlsplit(settings.CAKEY_RELAY_URL)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=SECONDS)
    headers = {"Origin": origin, "Content-Type": "application/json"}
    try:
        method = OPERATIONS[operation]
        connection.request(method, f"/v1/{operation}", body if method == "POST" else None, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except (OSError, ValueError, http.client.HTTPException):
        return 503, {"code": "AGENT_ABSENT"}
    finally:
        connection.close()
