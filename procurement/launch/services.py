"""The two servers every run needs. DATABASE_URL and REDIS_URL name others to use instead of our own."""

import os
from contextlib import ExitStack

from . import broker, postgres
from .places import Place
from .say import step

DATABASE = "procurement"


def start(place: Place, stack: ExitStack, *, wheel_first: bool, hasty: bool) -> dict[str, str]:
    """Starts what is not given from outside and returns the addresses; `stack` will stop it."""
    return {
        "DATABASE_URL": os.environ.get("DATABASE_URL") or _database(place, stack, wheel_first, hasty),
        "REDIS_URL": os.environ.get("REDIS_URL") or _broker(place, stack, wheel_first),
    }


def _database(place: Place, stack: ExitStack, wheel_first: bool, hasty: bool) -> str:
    binaries = postgres.choose(place.home, wheel_first)
    with step(f"数据库 PostgreSQL {binaries.major}"):
        cluster = postgres.Cluster(place, binaries, hasty)
        stack.callback(cluster.stop)
        return cluster.start().ensure(DATABASE)


def _broker(place: Place, stack: ExitStack, wheel_first: bool) -> str:
    binary = broker.choose(wheel_first)
    with step(f"消息队列 {binary.name}"):
        server = broker.Broker(place, binary)
        stack.callback(server.stop)
        return server.start().url()
