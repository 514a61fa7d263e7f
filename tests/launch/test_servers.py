"""A private PostgreSQL and a private broker: made, killed, started again."""

import os
import signal

import psycopg
import pytest
import redis

from procurement.launch import broker, postgres
from procurement.launch.places import Place
from procurement.launch.processes import reap


def binaries():
    found = {one.major: one for one in postgres.of_wheel() + postgres.of_machine()}
    return [pytest.param(one, id=f"postgres{major}") for major, one in sorted(found.items())]


@pytest.mark.parametrize("one", binaries())
def test_postgres_keeps_its_rows_through_a_kill_and_reads_chinese(place, ending, one):
    cluster = postgres.Cluster(place, one)
    ending(cluster)
    address = cluster.start().ensure("procurement")
    with psycopg.connect(address) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        assert connection.execute("SELECT show_trgm('政府采购') <> '{}'").fetchone() == (True,)
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    os.kill(cluster.program.process.pid, signal.SIGKILL)
    cluster.program.process.wait()

    again = postgres.Cluster(place, one)
    ending(again)
    again.start()
    with psycopg.connect(again.ensure("procurement")) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_postgres_runs_from_a_folder_closed_to_everybody_else(tmp_path, ending):
    tmp_path.chmod(0o700)
    place = Place(tmp_path / "place").prepare()
    cluster = postgres.Cluster(place, postgres.choose(place.home, wheel_first=True), hasty=True)
    ending(cluster)
    cluster.start()


def test_a_postgres_left_running_is_ended_before_the_next_one(place, ending):
    one = postgres.choose(place.home, wheel_first=False)
    left = postgres.Cluster(place, one, hasty=True).start()
    ending(left)
    assert reap(place) == ["postgres"]
    left.program.process.wait(60)
    again = postgres.Cluster(place, one, hasty=True)
    ending(again)
    again.start()


def test_the_data_already_there_choose_the_binaries(place):
    found = postgres.of_machine() + postgres.of_wheel()
    for one in found:
        data = place.home / f"pg{one.major}"
        data.mkdir()
        (data / "PG_VERSION").touch()
        assert postgres.choose(place.home, wheel_first=True).major == one.major
        (data / "PG_VERSION").unlink()


@pytest.mark.parametrize("binary", broker.of_machine() + broker.of_wheel(), ids=lambda path: path.name)
def test_the_broker_answers_on_its_socket_again_after_a_kill(place, ending, binary):
    for _ in range(2):
        server = broker.Broker(place, binary)
        ending(server)
        server.start()
        with redis.Redis(unix_socket_path=str(server.socket)) as client:
            assert client.dbsize() == 0
            client.set("expendable", 1)
        os.kill(server.program.process.pid, signal.SIGKILL)
        server.program.process.wait()
