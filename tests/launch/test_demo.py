"""Where the demo listens, what it says at the end, and that a part that falls is set up again."""

import os
import signal
import sys
from pathlib import Path

import pytest

from procurement.launch import broker, parts
from procurement.launch.demo import closing, environment, hosts, listening_address
from procurement.launch.processes import Program, status
from procurement.launch.waiting import NotReady, until
from procurement.launch.watch import FALLS, Watch

SLEEP = [sys.executable, "-c", "import signal; signal.pause()"]


def spots(bound):
    return parts.Spots(bound=bound, hosts=hosts(bound), web=8000, portal=9100, executors=9200, agent=24815)


@pytest.mark.parametrize(
    ("value", "address"),
    [(None, "127.0.0.1"), ("", "127.0.0.1"), (" ", "127.0.0.1"), (parts.EVERYWHERE, parts.EVERYWHERE)],
)
def test_an_empty_demo_host_is_no_demo_host(monkeypatch, value, address):
    monkeypatch.delenv("DEMO_HOST", raising=False)
    if value is not None:
        monkeypatch.setenv("DEMO_HOST", value)
    assert listening_address() == address


@pytest.mark.parametrize("value", ["192.0.2.77", "http://127.0.0.1", "no..name", "127.0.0.1:8000", "::"])
def test_an_address_of_somebody_else_is_refused_with_a_sentence(monkeypatch, value):
    monkeypatch.setenv("DEMO_HOST", value)
    with pytest.raises(NotReady, match="不是本机的 IPv4 地址"):
        listening_address()


def test_alone_it_says_how_to_open_it_to_others():
    assert any("DEMO_HOST=0.0.0.0 ./run demo" in line for line in closing(spots("127.0.0.1")))
    assert "./run demo" not in "".join(closing(spots("10.0.0.5")))
    assert "http://10.0.0.5:8000/" in "".join(closing(spots("10.0.0.5")))


def test_the_readme_says_it_too():
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text()
    assert "DEMO_HOST=0.0.0.0 ./run demo" in readme


@pytest.mark.parametrize("bound", ["127.0.0.1", "10.0.0.5", parts.EVERYWHERE])
def test_the_parts_find_each_other_wherever_it_listens(place, bound):
    env = environment(place, spots(bound))
    near = "10.0.0.5" if bound == "10.0.0.5" else "127.0.0.1"
    assert env["PORTAL_URL"] == f"http://{near}:9100"
    assert env["PORTAL_PUBLIC_URL"] == f"http://{hosts(bound)[0]}:9100"
    assert env["DEMO_SITE"] == env["CAKEY_ORIGINS"].split(",")[0] == f"http://{hosts(bound)[0]}:8000"
    assert env["CAKEY_RELAY_URL"] == "http://127.0.0.1:24815"
    assert (env["ALLOWED_HOSTS"] == "*") is (bound == parts.EVERYWHERE)


@pytest.fixture
def watched(ending):
    """Programs under watch; nothing is left when the test ends."""
    running = []

    def watch(*programs):
        for program in programs:
            ending(program)
        running.append(Watch(list(programs), pause=0.05))
        running[0].start()
        return running[0]

    yield watch
    for one in running:
        one.end()


def test_a_killed_part_is_started_again(place, watched):
    program = Program(place, "sleeper", SLEEP).start()
    watch, first = watched(program), program.process
    os.kill(first.pid, signal.SIGKILL)
    until(lambda: program.process is not first and program.running(), "the second start", 120)
    assert watch.given_up is None


def test_a_part_that_keeps_falling_ends_the_demo_with_a_sentence(place, watched, capsys):
    program = Program(place, "broken", [sys.executable, "-c", "raise SystemExit('no such table')"]).start()
    assert watched(program).wait() == 1
    said = capsys.readouterr().out
    assert said.count("已重新启动 broken") == FALLS
    assert "no such table" in said
    assert "反复退出, 演示停止" in said


def test_ending_on_purpose_is_no_fall(place, watched):
    program = Program(place, "sleeper", SLEEP).start()
    watch = watched(program)
    watch.end()
    program.stop()
    assert not watch.falls["sleeper"]


def test_both_workers_come_back_after_a_kill_of_all_their_processes(place, watched, ending):
    """Celery's master ends when its first child is killed early; tasks must still find a worker."""
    server = broker.Broker(place, broker.choose(wheel_first=False))
    ending(server)
    server.start()
    env = environment(place, spots("127.0.0.1")) | {
        "REDIS_URL": server.url(),
        "DATABASE_URL": "postgresql:///none",
    }
    both = [part for part in parts.PARTS if part.name in ("worker", "hsm")]
    programs = [part.program(place, spots("127.0.0.1"), env).start() for part in both]
    watched(*programs)
    for part, program in zip(both, programs, strict=True):
        program.wait_for(lambda ready=part.ready: ready(spots("127.0.0.1"), env), 180)
    before = [program.process for program in programs]
    for process in before:
        os.killpg(process.pid, signal.SIGKILL)
    for part, program, old in zip(both, programs, before, strict=True):
        until(lambda program=program, old=old: program.process is not old, program.name, 120)
        program.wait_for(lambda ready=part.ready: ready(spots("127.0.0.1"), env), 180)
        assert status(old.pid) is None
