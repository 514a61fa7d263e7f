"""The agent's rules 1-10, asked over its real loopback door with real SoftHSM2 tokens."""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from accounts.cakey import authority as ca
from accounts.cakey.verify import verify_token

from .conftest import NONCE, PIN, PRACTICE, ROOT, RunningAgent, fingerprint, now

JSON = "application/json"


def login(agent, certificate, pin=PIN, **more):
    return agent.post(
        "authenticate",
        {"challengeNonce": NONCE, "certificateId": fingerprint(certificate), "pin": pin, **more},
    )


@pytest.fixture
def start(tokens):
    """Start agents that end with the test."""
    running = []

    def run(*options, conf=tokens.conf, **more):
        running.append(RunningAgent(conf, *options, **more))
        return running[-1]

    yield run
    for agent in running:
        agent.stop()


def refuses_to_start(conf, *options) -> str:
    environment = {**os.environ, "SOFTHSM2_CONF": str(conf)}
    command = [sys.executable, "-m", "accounts.cakey.agent", "--port", "0", *options]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    return done.stderr


# Signing


@pytest.mark.parametrize(("label", "algorithm"), [("clerk", "ES256"), ("reviewer", "RS256")])
def test_the_server_accepts_what_the_agent_made(world, tokens, page_agent, label, algorithm):
    certificate = getattr(tokens, label)
    status, token = login(page_agent, certificate)
    assert (status, token["algorithm"]) == (200, algorithm)
    verified = verify_token(json.dumps(token), nonce=NONCE, origin=PRACTICE, at=now(), **world.trust)
    assert verified.sha256 == fingerprint(certificate)


def test_the_origin_signed_is_the_browsers_header_never_the_body(world, tokens, page_agent):  # rule 5
    _, token = login(page_agent, tokens.clerk, origin="https://evil.example")
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
    assert login(agent, certificate) == (409, {"code": "AGENT_NO_CERTIFICATE"})


# Who may ask


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


# The PIN


def test_a_wrong_pin_is_told_and_never_tried_again(tokens, page_agent):  # rule 9
    assert login(page_agent, tokens.clerk, pin="000000") == (403, {"code": "AGENT_PIN_INCORRECT"})
    flags = {token["label"]: token["flags"] for token in page_agent.status()["tokens"]}
    assert flags["clerk"] == ["low"]
    assert login(page_agent, tokens.clerk)[0] == 200


@pytest.mark.parametrize("pin", [None, "", "1", "x" * 65, "x" * 4000])
def test_a_missing_or_absurd_pin_is_wrong(tokens, page_agent, pin):
    assert login(page_agent, tokens.clerk, pin=pin) == (403, {"code": "AGENT_PIN_INCORRECT"})


def test_the_pin_is_checked_every_time(
    tokens, page_agent
):  # rule 8: the login does not outlive the operation
    assert login(page_agent, tokens.clerk)[0] == 200
    assert login(page_agent, tokens.clerk, pin="000000")[0] == 403
    assert login(page_agent, tokens.clerk, pin="")[0] == 403


def test_already_logged_in_is_a_failure(tokens):
    """The trap: an open session makes a wrong PIN answer UserAlreadyLoggedIn, i.e. unchecked."""
    code = (
        "import pkcs11, sys\n"
        "from accounts.cakey.agent.keys import Keys, LOCK\n"
        "from accounts.cakey.agent.errors import AgentError\n"
        "keys = Keys(sys.argv[1]); holding = keys.find(sys.argv[2])\n"
        "left_open = keys.token_of(holding).open(user_pin=sys.argv[3])\n"
        "for pin in ('000000', sys.argv[3]):\n"
        "    try: keys.sign(holding, b'x', pin); print('SIGNED')\n"
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
    assert login(agent, tokens.clerk) == (400, {"code": "AGENT_BAD_JSON"})
    assert login(agent, tokens.clerk, pin=None)[0] == 200


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


def test_no_pin_and_no_key_material_in_the_log(tokens, start, tmp_path):  # rule 9
    with open(tmp_path / "log", "wb") as file:
        agent = start("--pin-from-page", "--dev", "--origin", PRACTICE, stderr=file)
        login(agent, tokens.clerk)
        login(agent, tokens.clerk, pin="135799")
    text = (tmp_path / "log").read_text()
    assert "authenticate" in text
    assert PIN not in text
    assert "135799" not in text


# One at a time


class Terminal:
    """A terminal the agent talks to, with the test as the person before it."""

    def __init__(self):
        self.master, slave = os.openpty()
        self.path = os.ttyname(slave)
        self.slave = slave

    def read_until(self, words: str) -> str:
        seen = b""
        while words.encode() not in seen:
            seen += os.read(self.master, 1000)
        return seen.decode()

    def type(self, text: str) -> None:
        os.write(self.master, text.encode() + b"\n")

    def close(self):
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def terminal():
    terminal = Terminal()
    yield terminal
    terminal.close()


def in_background(work) -> tuple[threading.Thread, list]:
    results = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    return thread, results


def test_the_agents_own_window_shows_who_asks_and_takes_the_pin(tokens, start, terminal):  # rule 6
    agent = start("--dev", "--origin", PRACTICE, "--terminal", terminal.path)
    thread, results = in_background(lambda: login(agent, tokens.reviewer, pin=None))
    shown = terminal.read_until("请输入 PIN")
    assert PRACTICE in shown
    assert "王审核" in shown
    terminal.type(PIN)
    thread.join(10)
    assert results[0][0] == 200


def test_an_empty_line_is_no(tokens, start, terminal):
    agent = start("--dev", "--origin", PRACTICE, "--terminal", terminal.path)
    thread, results = in_background(lambda: login(agent, tokens.clerk, pin=None))
    terminal.read_until("请输入 PIN")
    terminal.type("")
    thread.join(10)
    assert results == [(409, {"code": "AGENT_USER_CANCELLED"})]


def test_certificates_need_a_yes_once_per_site(start, terminal):
    agent = start("--dev", "--origin", PRACTICE, "--terminal", terminal.path)
    thread, results = in_background(lambda: agent.post("certificates", {}))
    terminal.read_until("(y/N)")
    terminal.type("n")
    thread.join(10)
    assert results == [(409, {"code": "AGENT_USER_CANCELLED"})]
    thread, results = in_background(lambda: agent.post("certificates", {}))
    terminal.read_until("(y/N)")
    terminal.type("y")
    thread.join(10)
    assert results[0][0] == 200
    assert agent.post("certificates", {})[0] == 200


def test_a_second_operation_is_busy_and_the_first_can_be_cancelled(tokens, start, terminal):  # rule 7
    agent = start("--dev", "--origin", PRACTICE, "--terminal", terminal.path)
    agent.status()
    thread, results = in_background(lambda: login(agent, tokens.clerk, pin=None))
    terminal.read_until("请输入 PIN")
    assert login(agent, tokens.reviewer, pin=None) == (409, {"code": "AGENT_BUSY"})
    assert len(agent.status()["tokens"]) == 2
    assert agent.post("cancel", {})[0] == 200
    thread.join(10)
    assert results == [(409, {"code": "AGENT_USER_CANCELLED"})]


def test_ten_operations_a_minute_and_site(start):  # rule 7
    agent = start("--pin-from-page", "--dev", "--origin", PRACTICE, "--origin", "http://localhost:8000")
    codes = [agent.post("certificates", {})[0] for _ in range(11)]
    assert codes == [200] * 10 + [429]
    assert agent.post("certificates", {}, origin="http://localhost:8000")[0] == 200
    assert agent.status()["tokens"]


def test_many_threads_do_not_crash_it(tokens, page_agent):
    """Without the process-wide lock python-pkcs11 crashes the interpreter here."""
    answers = []
    work = [
        threading.Thread(target=lambda: answers.append(login(page_agent, tokens.clerk)[0])) for _ in range(20)
    ] + [threading.Thread(target=page_agent.status) for _ in range(10)]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join(20)
    assert 200 in answers
    assert set(answers) <= {200, 409}
    assert login(page_agent, tokens.clerk)[0] == 200


def test_a_key_pulled_out_is_noticed_and_found_again(world, start, tmp_path):
    conf = ca.create_conf(tmp_path / "hsm")
    certificate = ca.make_person(world.authority, conf, "one", "赵一", "厅", pin=PIN)
    agent = start("--pin-from-page", "--dev", "--origin", PRACTICE, conf=conf)
    assert len(agent.status()["tokens"]) == 1
    shutil.move(tmp_path / "hsm/tokens", tmp_path / "away")
    (tmp_path / "hsm/tokens").mkdir()
    assert agent.status()["tokens"] == []
    assert login(agent, certificate) == (409, {"code": "AGENT_NO_TOKEN"})
    shutil.rmtree(tmp_path / "hsm/tokens")
    shutil.move(tmp_path / "away", tmp_path / "hsm/tokens")
    assert login(agent, certificate)[0] == 200
