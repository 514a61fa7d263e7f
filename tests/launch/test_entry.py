"""The one entry, and how it hands over."""

import subprocess
import sys

import pytest

from procurement.launch.demo import hosts
from procurement.launch.places import ROOT
from procurement.launch.tests import bytecode, pytest_command


def run(*words):
    return subprocess.run(
        ["sh", ROOT / "run", *words], capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def test_without_a_verb_it_explains_itself():
    done = run()
    assert done.returncode == 0
    assert all(verb in done.stdout for verb in ("demo", "test", "check", "bench", "stop", "doctor"))


def test_an_unknown_verb_is_refused():
    assert run("dmeo").returncode == 2


def test_ci_is_a_list_of_the_entrys_own_verbs():
    steps = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line.startswith("./run")]
    assert steps == ["./run check", "./run test"]


@pytest.mark.parametrize(
    ("words", "parallel"), [([], True), (["-k", "quota"], True), (["-n0"], False), (["--pdb"], False)]
)
def test_tests_run_on_both_cores_unless_told_otherwise(words, parallel):
    command = pytest_command(words)
    assert (command[3:5] == ["-n", "4"]) is parallel
    assert command[len(command) - len(words) :] == words


def test_the_demo_answers_to_loopback_only_unless_told_otherwise():
    assert hosts("127.0.0.1") == ["127.0.0.1", "localhost"]
    assert hosts("10.0.0.5")[0] == "10.0.0.5"


@pytest.mark.parametrize("clean", [True, False])
def test_a_tree_that_must_stay_clean_costs_no_compiling_of_each_process(place, monkeypatch, clean):
    monkeypatch.setattr(sys, "dont_write_bytecode", clean)
    kept = bytecode(place)
    assert bool(kept) is clean
    assert kept.get("PYTHONPYCACHEPREFIX", str(place.home)).startswith(str(place.home))
