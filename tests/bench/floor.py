"""The bare floor: WSGI and psycopg, a session look-up and the statements; no framework, no other check."""

import os
import secrets
from http.cookies import SimpleCookie
from urllib.parse import parse_qs

from psycopg_pool import ConnectionPool

POOL = ConnectionPool(
    os.environ["DATABASE_URL"], min_size=2, max_size=4, open=True, kwargs={"autocommit": True}
)
SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > now()"
CONFIRM = """
    WITH taken AS (
        UPDATE budgets_quota SET confirmed_amount = confirmed_amount + %(amount)s,
            confirmed_count = confirmed_count + 1, last_seq = last_seq + 1
        WHERE id = %(quota)s AND available >= %(amount)s RETURNING id, last_seq
    ), made AS (
        INSERT INTO budgets_quotaconfirmation (quota_id, seq, amount, reserved_amount, committed_amount,
            carried_amount, status, confirmed_by_id, confirmed_at, remark)
        SELECT id, last_seq, %(amount)s, 0, 0, 0, 'active', %(by)s, now(), '' FROM taken RETURNING id
    )
    INSERT INTO budgets_ledgerentry (confirmation_id, kind, amount, by_id, at)
    SELECT id, 'confirm', %(amount)s, %(by)s, now() FROM made RETURNING confirmation_id
"""
LOCK = "SELECT state, version, head FROM flow_document WHERE id = %s FOR UPDATE"
# the paper stays where it was, so that it can be approved again and again
MOVE = """UPDATE flow_document SET state = 'unit', last_verb = 'approve', desk_since = now(),
    version = version + 0, head = %s WHERE id = %s"""
LOG = """INSERT INTO flow_move (document_id, verb, source, target, by_id, post, organization_id, opinion,
    reason, at, key, content_sha256, previous, sha256)
    VALUES (%s, 'approve', 'unit', 'division', %s, 'reviewer', %s, %s, '', now(), '', '', %s, %s)"""


def application(environ, start_response):
    """POST /confirm and /approve: 302 when done, 409 when not; GET / for the probe."""
    if environ["REQUEST_METHOD"] == "GET":
        return answer(start_response, "200 OK")
    size = int(environ["CONTENT_LENGTH"])
    form = {name: values[0] for name, values in parse_qs(environ["wsgi.input"].read(size).decode()).items()}
    session = SimpleCookie(environ["HTTP_COOKIE"])["gp_sid"].value
    with POOL.connection() as connection:
        if connection.execute(SESSION, [session]).fetchone() is None:
            return answer(start_response, "403 Forbidden")
        done = (confirm if environ["PATH_INFO"] == "/confirm" else approve)(connection, form)
    return answer(start_response, "302 Found" if done else "409 Conflict")


def confirm(connection, form: dict) -> bool:
    return connection.execute(CONFIRM, form).fetchone() is not None


def approve(connection, form: dict) -> bool:
    with connection.transaction():
        state, version, head = connection.execute(LOCK, [form["paper"]]).fetchone()
        if state != "unit" or version != int(form["version"]):
            return False
        new = secrets.token_hex(32)
        connection.execute(MOVE, [new, form["paper"]])
        facts = [form["paper"], form["by"], form["organization"], form["opinion"], head, new]
        connection.execute(LOG, facts)
    return True


def answer(start_response, status: str):
    start_response(status, [("Location", "/"), ("Content-Length", "0")])
    return []
