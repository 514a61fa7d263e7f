"""The usual port, or the next."""

import socket

import pytest

from procurement.launch.ports import answers, first_free
from procurement.launch.waiting import NotReady


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_passed_over(taken):
    with socket.create_server(("127.0.0.1", 0)) as other:
        free = other.getsockname()[1]
    assert first_free([taken, free]) == free


def test_no_free_port_is_a_clear_failure(taken):
    with pytest.raises(NotReady):
        first_free([taken])


def test_a_listening_port_answers(taken):
    assert answers(taken)
