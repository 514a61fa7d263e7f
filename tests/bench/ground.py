"""An empty database for each bench, and the province, people and sessions it works on."""

import os

import django
import psycopg

from .measure import Failed, say

NAME = "procurement_bench"


def fresh() -> None:
    """Drop and create the bench's own database on the given server, which must write durably."""
    loosen()
    with psycopg.connect(address("postgres"), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            if connection.execute(f"SHOW {setting}").fetchone()[0] != "on":
                raise Failed(f"{setting} is off: figures of a server that may lose data count for nothing")
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {NAME}")
    os.environ["DATABASE_URL"] = address(NAME)
    django.setup()
    from django.core.management import call_command

    say("tables")
    call_command("migrate", verbosity=0)


def address(name: str) -> str:
    """The given server's database of that name."""
    head, _, query = os.environ["DATABASE_URL"].partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}?{query}"


def loosen() -> None:
    """Give up this process's connections: before the database goes, and before a fork."""
    from django.apps import apps

    if apps.ready:
        from django.db import connection

        connection.close()
        connection.close_pool()


def conninfo() -> str:
    return os.environ["DATABASE_URL"]


def execute(sql: str, *values):
    """Run one statement and return its rows, if it has any."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall() if cursor.description else []


def value(sql: str, *values):
    return execute(sql, *values)[0][0]


def login(user) -> str:
    """A session as the login with a certificate leaves it; the key of its cookie."""
    from tests.sessions import logged_in

    return logged_in(user).session.session_key


def person(organization, post, number: int):
    """One more holder of a post."""
    from tests import world

    return world.person(f"{post}{organization.pk}-{number}", "李经办", post, organization)
