"""Which processes are ours, and how they end."""

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from procurement.launch.processes import Program, Record, reap, status
from procurement.launch.waiting import NotReady, until

SLEEP = [sys.executable, "-c", "import signal; signal.pause()"]
FAMILY = [sys.executable, "-c", "import os, signal; os.fork(); signal.pause()"]


@pytest.fixture
def stranger():
    """A process of somebody else."""
    process = subprocess.Popen(SLEEP, start_new_session=True)
    yield process
    process.kill()
    process.wait()


def children(program):
    return Record.read(program.pid_file).orphans(program.place)


def forget(program):
    """As if the launcher had been killed: the program lives on, only its pid file tells of it."""
    program.process.poll()


def test_a_program_is_found_by_its_pid_file_and_ended(place, ending):
    program = Program(place, "sleeper", SLEEP).start()
    ending(program)
    forget(program)
    assert reap(place) == ["sleeper"]
    assert program.process.wait(60) == -signal.SIGTERM
    assert not program.pid_file.exists()


def test_a_foreign_process_with_our_old_pid_is_let_be(place, stranger):
    mine = Record.of(stranger.pid, signal.SIGTERM)
    replace(mine, start=mine.start - 1).write(place.pids / "sleeper.pid")
    assert reap(place) == []
    assert status(stranger.pid)


def test_a_record_of_an_earlier_boot_names_nobody(place, stranger):
    replace(Record.of(stranger.pid, signal.SIGTERM), boot="another").write(place.pids / "sleeper.pid")
    assert reap(place) == []
    assert status(stranger.pid)


def test_an_unreadable_pid_file_is_no_obstacle(place):
    (place.pids / "sleeper.pid").write_text("not json")
    assert reap(place) == []


def test_what_a_killed_leader_left_behind_is_ended_too(place, ending):
    program = Program(place, "family", FAMILY).start()
    ending(program)
    until(lambda: len(children(program)) == 2, "the child", 60)
    (child,) = set(children(program)) - {program.process.pid}
    os.kill(program.process.pid, signal.SIGKILL)
    program.process.wait()
    assert reap(place) == ["family"]
    until(lambda: status(child) is None, "the child's end", 60)


def test_a_program_that_ignores_the_polite_signal_is_killed(place, ending):
    deaf = "import signal; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"
    program = Program(place, "deaf", [sys.executable, "-c", deaf]).start()
    ending(program)
    program.wait_for(lambda: "deaf\n" in program.log.read_text())
    program.stop(seconds=0.1)
    assert program.process.returncode == -signal.SIGKILL


def test_waiting_for_a_dead_program_ends_at_once_with_its_last_words(place):
    command = [sys.executable, "-c", "import sys; sys.exit('no such table')"]
    program = Program(place, "broken", command).start()
    with pytest.raises(NotReady, match="no such table"):
        program.wait_for(lambda: False, seconds=60)


def test_waiting_has_a_deadline():
    with pytest.raises(NotReady, match="the moon"):
        until(lambda: False, "the moon", 0.1)
