"""One login over HTTP, as the page's script sends it."""

import json

from accounts.models import LoginLog

from .conftest import PRACTICE, token_text


def post(client, path, body, **headers):
    return client.post(
        f"/accounts/cakey/{path}", json.dumps(body), content_type="application/json", **headers
    )


def nonce_for(client) -> str:
    answer = post(client, "challenge", {"purpose": "login"})
    assert answer.status_code == 200
    return answer.json()["nonce"]


def try_login(client, key, certificate, *, nonce=None, origin=PRACTICE, algorithm="ES256", **more):
    nonce = nonce or nonce_for(client)
    token = token_text(key, certificate, algorithm, origin=origin, nonce=nonce)
    return post(client, "login", {"token": token, "nonce": nonce, **more})


def last() -> LoginLog:
    return LoginLog.objects.first()
