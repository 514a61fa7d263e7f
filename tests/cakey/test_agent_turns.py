"""One operation at a time (rules 6, 7): the agent's own window, busy, cancelled, killed, a key pulled out."""

import http.client
import os
import shutil
import threading

import pytest

from accounts.cakey import authority as ca
from accounts.cakey.agent.errors import AgentError
from accounts.cakey.agent.prompts import TerminalPrompt

from .conftest import PIN, PRACTICE, sign_in


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
    thread, results = in_background(lambda: sign_in(agent, tokens.reviewer, pin=None))
    shown = terminal.read_until("请输入 PIN")
    assert PRACTICE in shown
    assert "王审核" in shown
    terminal.type(PIN)
    thread.join(60)
    assert results[0][0] == 200


def test_an_empty_line_is_no(tokens, start, terminal):
    agent = start("--dev", "--origin", PRACTICE, "--terminal", terminal.path)
    thread, results = in_background(lambda: sign_in(agent, tokens.clerk, pin=None))
    terminal.read_until("请输入 PIN")
    terminal.type("")
    thread.join(60)
    assert results == [(409, {"code": "AGENT_USER_CANCELLED"})]


@pytest.mark.parametrize(("typed", "refused"), [("y", False), ("n", True), ("", True)])
def test_for_a_key_with_its_own_pad_the_window_still_shows_who_asks(terminal, typed, refused):  # rule 6
    """SoftHSM2 has no such key, so its half of the way is walked: the window, before the pad is asked."""
    prompt = TerminalPrompt(terminal.path)

    def agreed() -> bool:
        try:
            prompt.agree([f"网站：{PRACTICE}", "操作：登录"], threading.Event())
        except AgentError as error:
            return error.code != "AGENT_USER_CANCELLED"
        return True

    thread, results = in_background(agreed)
    assert PRACTICE in terminal.read_until("(y/N)")
    terminal.type(typed)
    thread.join(60)
    assert results == [not refused]


def test_an_answer_busy_does_not_use_up_the_minute(tokens, start, terminal):  # rule 7
    agent = start("--dev", "--origin", PRACTICE, "--terminal", terminal.path, "--per-minute", "2")
    thread, _ = in_background(lambda: sign_in(agent, tokens.clerk, pin=None))
    terminal.read_until("请输入 PIN")
    assert [sign_in(agent, tokens.clerk, pin=None)[0] for _ in range(5)] == [409] * 5
    terminal.type(PIN)
    thread.join(60)
    thread, results = in_background(lambda: sign_in(agent, tokens.clerk, pin=None))
    terminal.read_until("请输入 PIN")
    terminal.type(PIN)
    thread.join(60)
    assert results[0][0] == 200


def test_certificates_need_a_yes_once_per_site(start, terminal):
    agent = start("--dev", "--origin", PRACTICE, "--terminal", terminal.path)
    thread, results = in_background(lambda: agent.post("certificates", {}))
    terminal.read_until("(y/N)")
    terminal.type("n")
    thread.join(60)
    assert results == [(409, {"code": "AGENT_USER_CANCELLED"})]
    thread, results = in_background(lambda: agent.post("certificates", {}))
    terminal.read_until("(y/N)")
    terminal.type("y")
    thread.join(60)
    assert results[0][0] == 200
    assert agent.post("certificates", {})[0] == 200


def test_a_second_operation_is_busy_and_the_first_can_be_cancelled(tokens, start, terminal):  # rule 7
    agent = start("--dev", "--origin", PRACTICE, "--terminal", terminal.path)
    agent.status()
    thread, results = in_background(lambda: sign_in(agent, tokens.clerk, pin=None))
    terminal.read_until("请输入 PIN")
    assert sign_in(agent, tokens.reviewer, pin=None) == (409, {"code": "AGENT_BUSY"})
    assert len(agent.status()["tokens"]) == 2
    assert agent.post("cancel", {})[0] == 200
    thread.join(60)
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
    asks = [lambda: answers.append(sign_in(page_agent, tokens.clerk)[0])] * 20 + [page_agent.status] * 10
    work = [threading.Thread(target=ask) for ask in asks]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join(60)
    assert 200 in answers
    assert set(answers) <= {200, 409}
    assert sign_in(page_agent, tokens.clerk)[0] == 200


def test_a_key_pulled_out_is_noticed_and_found_again(world, start, tmp_path):
    conf = ca.create_conf(tmp_path / "hsm")
    certificate = ca.make_person(world.authority, conf, "one", "赵一", "厅", pin=PIN)
    agent = start("--pin-from-page", "--dev", "--origin", PRACTICE, conf=conf)
    assert len(agent.status()["tokens"]) == 1
    shutil.move(tmp_path / "hsm/tokens", tmp_path / "away")
    (tmp_path / "hsm/tokens").mkdir()
    assert agent.status()["tokens"] == []
    assert sign_in(agent, certificate) == (409, {"code": "AGENT_NO_TOKEN"})
    shutil.rmtree(tmp_path / "hsm/tokens")
    shutil.move(tmp_path / "away", tmp_path / "hsm/tokens")
    assert sign_in(agent, certificate)[0] == 200


def contents(folder) -> dict:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def ask_until_dead(agent, certificate) -> None:
    try:
        while True:
            sign_in(agent, certificate)
    except (OSError, http.client.HTTPException):
        return


def test_killed_logins_never_touch_the_token_itself(world, start, tmp_path):
    """SoftHSM2 rewrites its token file at each login; a kill there would lose the key (see softhsm.py)."""
    conf = ca.create_conf(tmp_path / "hsm")
    certificate = ca.make_person(world.authority, conf, "one", "赵一", "厅", pin=PIN)
    before = contents(tmp_path / "hsm/tokens")
    for _ in range(3):
        agent = start("--pin-from-page", "--dev", "--origin", PRACTICE, conf=conf)
        assert sign_in(agent, certificate)[0] == 200
        thread, _ = in_background(lambda agent=agent: agent.process.kill())
        ask_until_dead(agent, certificate)
        thread.join()
        agent.process.wait()
    assert contents(tmp_path / "hsm/tokens") == before
    agent = start("--pin-from-page", "--dev", "--origin", PRACTICE, conf=conf)
    assert sign_in(agent, certificate)[0] == 200
    assert len(list((tmp_path / "hsm").glob("copy-of-process-*"))) == 1  # those of the killed are swept away


def test_a_token_changed_beside_the_agent_is_copied_afresh(world, start, tmp_path):
    conf = ca.create_conf(tmp_path / "hsm")
    ca.make_person(world.authority, conf, "one", "赵一", "厅", pin=PIN)
    agent = start("--pin-from-page", "--dev", "--origin", PRACTICE, conf=conf)
    assert len(agent.status()["tokens"]) == 1
    second = ca.make_person(world.authority, conf, "two", "钱二", "厅", pin=PIN)
    assert sign_in(agent, second)[0] == 200
