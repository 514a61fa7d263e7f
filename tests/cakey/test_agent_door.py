"""Who may ask the agent (rules 1-4): addresses, hosts, origins, types, sizes, and lists it starts with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import NONCE, PIN, PRACTICE, ROOT

JSON = "application/json"


def refuses_to_start(conf, *options) -> str:
    environment = {**os.environ, "SOFTHSM2_CONF": str(conf)}
    command = [sys.executable, "-m", "accounts.cakey.agent", "--port", "0", *options]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=180)
    assert done.returncode == 2
    return done.stderr


def test_it_listens_on_loopback_only(page_agent):  # rule 1
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    port = f":{page_agent.port:04X}"
    assert {row[1] for row in rows if row[1].endswith(port) and row[3] == "0A"} == {"0100007F" + port}


def test_it_takes_the_next_port_of_the_list(tokens, start):  # rule 1
    first = start("--dev", "--origin", PRACTICE, "--pin-from-page")
    taken, free = str(first.port), "0"
    second = start("--dev", "--origin", PRACTICE, "--pin-from-page", "--port", taken, "--port", free)
    assert second.port != first.port


@pytest.mark.parametrize(
    "host",
    ["evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.nip.io:{port}", "LOCALHOST.:{port}", ""],
)
def test_another_host_name_is_refused(page_agent, host):  # rule 2, DNS rebinding
    host = host.format(port=page_agent.port)
    status, _, answer = page_agent.request("GET", "/v1/status", Origin=PRACTICE, Host=host)
    assert (status, answer) == (421, {"code": "AGENT_BAD_HOST"})


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "[::1]:{port}"])
def test_the_loopback_names_are_served(page_agent, host):
    host = host.format(port=page_agent.port)
    assert page_agent.request("GET", "/v1/status", Origin=PRACTICE, Host=host)[0] == 200


@pytest.mark.parametrize(
    "origin",
    [
        None, "null", "", "https://evil.example", "http://127.0.0.1:8001", "https://127.0.0.1:8000",
        "http://127.0.0.1:8000/", "http://sub.127.0.0.1:8000", "http://127.0.0.1:80001", "HTTP://127.0.0.1:8000",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/status"), ("POST", "/v1/authenticate"), ("OPTIONS", "/")]
)
def test_an_origin_not_on_the_list_is_refused(page_agent, origin, method, path):  # rule 3
    status, headers, answer = page_agent.request(method, path, Origin=origin, Content_Type=JSON)
    assert (status, answer) == (403, {"code": "AGENT_ORIGIN_NOT_ALLOWED"})
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"]
)
def test_only_preflighted_json_posts_are_taken(page_agent, content_type):  # rule 4
    status, _, answer = page_agent.request(
        "POST", "/v1/certificates", b"{}", Origin=PRACTICE, Content_Type=content_type
    )
    assert (status, answer) == (415, {"code": "AGENT_BAD_TYPE"})


def test_headers_are_exact_and_never_a_wildcard(page_agent):  # rule 4
    status, headers, _ = page_agent.request(
        "OPTIONS", "/v1/authenticate", Origin=PRACTICE, Access_Control_Request_Private_Network="true"
    )
    assert (status, headers["Access-Control-Allow-Origin"]) == (204, PRACTICE)
    assert headers["Access-Control-Allow-Private-Network"] == "true"
    assert (headers["Vary"], headers["Cache-Control"]) == ("Origin", "no-store")
    assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "AGENT_BAD_JSON"), (b"[]", 400, "AGENT_BAD_JSON"), (b"\xff", 400, "AGENT_BAD_JSON"),
        (b"[" * 8000, 400, "AGENT_BAD_JSON"), (b'{"purpose":7}', 400, "AGENT_BAD_JSON"),
        (b'{"purpose":"rule the world"}', 400, "AGENT_BAD_JSON"),
        (b'{"a":"' + b"x" * 9 * 1024 + b'"}', 413, "AGENT_TOO_LARGE"),
    ],
)  # fmt: skip
def test_bad_bodies_have_their_codes(page_agent, body, status, code):
    answer = page_agent.request("POST", "/v1/certificates", body, Origin=PRACTICE, Content_Type=JSON)
    assert (answer[0], answer[2]) == (status, {"code": code})


@pytest.mark.parametrize("nonce", [None, "", 7, "short", "A" * 40 + "====", NONCE[:40], "~" * 44, "A" * 132])
def test_a_weak_nonce_is_refused(page_agent, nonce):
    status, answer = page_agent.post("authenticate", {"challengeNonce": nonce, "pin": PIN})
    assert (status, answer["code"]) in [(400, "AGENT_BAD_NONCE"), (400, "AGENT_BAD_JSON")]


def test_unknown_commands_are_not_found(page_agent):
    assert page_agent.post("sign-anything", {})[0] == 404
    assert page_agent.request("GET", "/v1/certificates", Origin=PRACTICE)[0] == 404


# The lists it starts with


def test_page_pins_and_real_sites_exclude_each_other(tokens):
    site = ["--origin", "https://cg.example.gov.cn"]
    assert "--pin-from-page is refused" in refuses_to_start(tokens.conf, "--pin-from-page", *site)


@pytest.mark.parametrize(
    "options",
    [
        ["--origin", "http://127.0.0.1:8000"], ["--dev", "--origin", "http://cg.example"],
        ["--origin", "https://cg.example/"], ["--origin", "https://u@cg.example"], ["--origin", "*"],
        ["--module", "/nonexistent.so"], ["--pin-from-page", "--test-mode", "pin"],
    ],
)  # fmt: skip
def test_it_refuses_to_start_with_a_bad_list(tokens, options):  # rule 3
    assert refuses_to_start(tokens.conf, *options).startswith("ca-agent: ")


def test_origins_may_come_from_a_file(tokens, start, tmp_path):
    (tmp_path / "origins").write_text(f"# 采购系统\n{PRACTICE}\n\n")
    assert start("--pin-from-page", "--dev", "--origins", str(tmp_path / "origins")).status()["tokens"]
