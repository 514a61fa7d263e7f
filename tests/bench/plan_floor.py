"""The bare floor of the plan's pages: WSGI and psycopg, the same rows and inputs; no framework, no rule."""

import secrets
from html import escape
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl

from .floor import LOG, POOL, SESSION, answer

HEAD = (
    """SELECT d.*, p.* FROM flow_document d JOIN plans_plan p ON p.document_ptr_id = d.id WHERE d.id = %s"""
)
ITEMS = """SELECT i.id, c.code || ' ' || c.name AS category, i.content, i.entry_mode, i.unit_price,
    i.quantity, i.measure, i.total_price, i.is_import, i.requirement, i.spec, i.industry, i.is_core,
    i.energy_saving, i.water_saving, i.environmental, m.country, m.purpose, m.import_class, m.import_case,
    m.policy, m.reason
    FROM plans_planitem i JOIN reference_category c ON c.id = i.category_id
    LEFT JOIN plans_importapproval m ON m.item_id = i.id WHERE i.plan_id = %s ORDER BY i.id"""
MONEY = """SELECT f.*, c.available, q.project_name FROM plans_planfunding f
    JOIN budgets_quotaconfirmation c ON c.id = f.confirmation_id JOIN budgets_quota q ON q.id = c.quota_id
    WHERE f.plan_id = %s ORDER BY f.id"""
KEEP = """UPDATE plans_planitem i SET content = n.content, unit_price = n.price, quantity = n.quantity,
    total_price = round(n.price * n.quantity, 2)
    FROM unnest(%s::bigint[], %s::text[], %s::numeric[], %s::numeric[]) AS n(id, content, price, quantity)
    WHERE i.id = n.id"""
TAKE = """WITH taken AS (
        UPDATE budgets_quotaconfirmation c SET reserved_amount = reserved_amount + f.amount
        FROM plans_planfunding f WHERE f.plan_id = %(paper)s AND c.id = f.confirmation_id
            AND c.available >= f.amount RETURNING c.id, f.amount)
    INSERT INTO budgets_ledgerentry (confirmation_id, kind, amount, holder_id, document_id, by_id, at)
    SELECT id, 'reserve', amount, %(paper)s, %(paper)s, %(by)s, now() FROM taken RETURNING id"""
# the paper stays on the clerk's desk, so that it can be submitted again and again
MOVE = """UPDATE flow_document SET last_verb = 'submit', desk_since = now(), version = version + 0
    WHERE id = %s RETURNING clerk_id, unit_id"""


def application(environ, start_response):
    """GET /<paper> opens, POST /recompute/<paper> sums up, POST /submit/<paper> saves, reserves, logs."""
    work, _, paper = environ["PATH_INFO"].strip("/").rpartition("/")
    if not paper:
        return answer(start_response, "200 OK")
    session = SimpleCookie(environ["HTTP_COOKIE"])["gp_sid"].value
    with POOL.connection() as connection:
        if connection.execute(SESSION, [session]).fetchone() is None:
            return answer(start_response, "403 Forbidden")
        if environ["REQUEST_METHOD"] == "GET":
            return page(start_response, form(connection, int(paper)))
        data = dict(parse_qsl(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()))
        if work == "recompute":
            return page(start_response, summed(connection, int(paper), data))
        return answer(
            start_response, "302 Found" if submitted(connection, int(paper), data) else "409 Conflict"
        )


def page(start_response, text: str):
    body = text.encode()
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
    return [body]


def rows(connection, sql: str, paper: int) -> list[dict]:
    cursor = connection.execute(sql, [paper])
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def inputs(prefix: str, row: dict) -> str:
    return "".join(f'<input name="{prefix}{name}" value="{escape(str(row[name]))}">' for name in row)


def form(connection, paper: int) -> str:
    """Every column of the plan and of its rows as an input."""
    parts = [inputs("", row) for row in rows(connection, HEAD, paper)]
    for prefix, sql in (("items", ITEMS), ("fundings", MONEY)):
        found = rows(connection, sql, paper)
        parts += [f"<tr>{inputs(f'{prefix}-{number}-', row)}</tr>" for number, row in enumerate(found)]
    return "<form>" + "\n".join(parts) + "</form>"


def items(data: dict) -> list[list]:
    """Columns of the typed rows: key, content, price, quantity."""
    saved = [number for number in range(int(data["items-TOTAL_FORMS"])) if f"items-{number}-id" in data]
    names = ("id", "content", "unit_price", "quantity")
    return [[data[f"items-{number}-{name}"].replace(",", "") for number in saved] for name in names]


def summed(connection, paper: int, data: dict) -> str:
    """The two sums beside each other."""
    _, _, prices, quantities = items(data)
    total = sum(float(price) * float(many) for price, many in zip(prices, quantities, strict=True))
    money = sum(row["amount"] for row in rows(connection, MONEY, paper))
    return f"<p>{total:.2f} {money}</p>"


def submitted(connection, paper: int, data: dict) -> bool:
    with connection.transaction():
        connection.execute(KEEP, items(data))
        by, unit = connection.execute(MOVE, [paper]).fetchone()
        if connection.execute(TAKE, {"paper": paper, "by": by}).fetchone() is None:
            return False
        previous, new = secrets.token_hex(32), secrets.token_hex(32)
        connection.execute(LOG, [paper, by, unit, "", previous, new])
    return True
