"""The agent's signatures and the PIN behind them, over its real loopback door with real SoftHSM2 tokens."""

import json
import os
import subprocess
import sys

import pytest

from accounts.cakey import authority as ca
from accounts.cakey.verify import verify_token

from .conftest import NONCE, PIN, PRACTICE, ROOT, fingerprint, now, sign_in

# Signing


@pytest.mark.parametrize(("label", "algorithm"), [("clerk", "ES256"), ("reviewer", "RS256")])
def test_the_server_accepts_what_the_agent_made(world, tokens, page_agent, label, algorithm):
    certificate = getattr(tokens, label)
    status, token = sign_in(page_agent, certificate)
    assert (status, token["algorithm"]) == (200, algorithm)
    verified = verify_token(json.dumps(token), nonce=NONCE, origin=PRACTICE, at=now(), **world.trust)
    assert verified.sha256 == fingerprint(certificate)


def test_the_origin_signed_is_the_browsers_header_never_the_body(world, tokens, page_agent):  # rule 5
    _, token = sign_in(page_agent, tokens.clerk, origin="https://evil.example")
    assert verify_token(json.dumps(token), nonce=NONCE, origin=PRACTICE, at=now(), **world.trust)


def test_status_names_every_token_but_no_whole_serial(tokens, page_agent):
    status = page_agent.status()
    assert {token["label"] for token in status["tokens"]} == {"clerk", "reviewer"}
    assert all(len(token["serial_tail"]) == 8 for token in status["tokens"])
    assert (status["pin"], status["formats"]) == ("page", ["web-eid:1.0"])


def test_certificates_show_what_the_page_needs(tokens, page_agent):
    status, answer = page_agent.post("certificates", {"purpose": "auth"})
    shown = {row["id"]: row for row in answer["certificates"]}
    clerk = shown[fingerprint(tokens.clerk)]
    assert (status, len(shown)) == (200, 2)
    assert (clerk["subject"], clerk["organization"]) == ("李经办", "省教育厅")
    assert clerk["algorithms"] == ["ES256"]
    assert clerk["serial"] == f"{tokens.clerk.serial_number:X}"


def test_encryption_certificates_are_not_offered(world, start, tmp_path):  # rule 10
    conf = ca.create_conf(tmp_path)
    ca.make_token(conf, "pair", PIN)
    for key_id, usages in (("01", ca.PERSON), ("02", ["key_encipherment"])):
        key = ca.make_key(conf, "pair", PIN, key_id=key_id)
        certificate = ca.issue(world.authority, f"证书{key_id}", "厅", key, usages=usages)
        ca.write_certificate(conf, "pair", PIN, certificate, key_id)
    agent = start("--pin-from-page", "--dev", "--origin", PRACTICE, conf=conf)
    answer = agent.post("certificates", {"purpose": "auth"})[1]
    assert [row["subject"] for row in answer["certificates"]] == ["证书01"]
    assert sign_in(agent, certificate) == (409, {"code": "AGENT_NO_CERTIFICATE"})


# The PIN


def test_a_wrong_pin_is_told_and_never_tried_again(tokens, page_agent):  # rule 9
    assert sign_in(page_agent, tokens.clerk, pin="000000") == (403, {"code": "AGENT_PIN_INCORRECT"})
    flags = {token["label"]: token["flags"] for token in page_agent.status()["tokens"]}
    assert flags["clerk"] == ["low"]
    assert sign_in(page_agent, tokens.clerk)[0] == 200


@pytest.mark.parametrize("pin", [None, "", "1", "x" * 65, "x" * 4000])
def test_a_missing_or_absurd_pin_is_wrong(tokens, page_agent, pin):
    assert sign_in(page_agent, tokens.clerk, pin=pin) == (403, {"code": "AGENT_PIN_INCORRECT"})


def test_the_pin_is_checked_every_time(
    tokens, page_agent
):  # rule 8: the login does not outlive the operation
    assert sign_in(page_agent, tokens.clerk)[0] == 200
    assert sign_in(page_agent, tokens.clerk, pin="000000")[0] == 403
    assert sign_in(page_agent, tokens.clerk, pin="")[0] == 403


def test_already_logged_in_is_a_failure(tokens):
    """The trap: an open session makes a wrong PIN answer UserAlreadyLoggedIn, i.e. unchecked."""
    code = (
        "import pkcs11, sys\n"
        "from accounts.cakey.agent.keys import Keys, LOCK\n"
        "from accounts.cakey.agent.errors import AgentError\n"
        "keys = Keys(sys.argv[1]); holding = keys.find(sys.argv[2])\n"
        "left_open = keys.token_of(holding).open(user_pin=sys.argv[3])\n"
        "for pin in ('000000', sys.argv[3]):\n"
        "    try: keys.sign(holding, [b'x'], pin); print('SIGNED')\n"
        "    except AgentError as error: print(error.code)\n"
    )
    command = [sys.executable, "-c", code, ca.MODULE, fingerprint(tokens.clerk), PIN]
    environment = {**os.environ, "SOFTHSM2_CONF": str(tokens.conf)}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["AGENT_INTERNAL", "AGENT_INTERNAL"]


def test_a_pin_from_the_page_is_refused_where_the_agent_asks_itself(tokens, start, tmp_path):
    (tmp_path / "pin").write_text(PIN + "\n")
    agent = start("--test-mode", str(tmp_path / "pin"), "--dev", "--origin", PRACTICE)
    assert agent.status()["pin"] == "agent"
    assert sign_in(agent, tokens.clerk) == (400, {"code": "AGENT_BAD_JSON"})
    assert sign_in(agent, tokens.clerk, pin=None)[0] == 200


def test_no_pin_and_no_key_material_in_the_log(tokens, start, tmp_path):  # rule 9
    with open(tmp_path / "log", "wb") as file:
        agent = start("--pin-from-page", "--dev", "--origin", PRACTICE, stderr=file)
        sign_in(agent, tokens.clerk)
        sign_in(agent, tokens.clerk, pin="135799")
    text = (tmp_path / "log").read_text()
    assert "authenticate" in text
    assert PIN not in text
    assert "135799" not in text
