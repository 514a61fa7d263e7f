"""W1 in SQL: what the project sends, the same as one statement, and one statement on bare tables."""

import re

from budgets.models import QuotaConfirmation
from budgets.models.confirmations import CONFIRM
from budgets.models.ledger import RECORD, RESERVE

TABLES = """
CREATE TABLE bare_quota (id bigint PRIMARY KEY, left_over numeric(18, 2), seq int DEFAULT 0);
CREATE TABLE bare_confirmation (id bigserial PRIMARY KEY, quota_id bigint, seq int, amount numeric(18, 2),
    left_over numeric(18, 2), by_id bigint, at timestamptz);
CREATE TABLE bare_entry (id bigserial PRIMARY KEY, confirmation_id bigint, kind text, amount numeric(18, 2),
    document_id bigint, by_id bigint, at timestamptz);
INSERT INTO bare_quota SELECT n, 90000000 FROM generate_series(1, 10001) n;
"""
BARE = {
    "confirm": """
        WITH taken AS (
            UPDATE bare_quota SET left_over = left_over - 0.01, seq = seq + 1
            WHERE id = :row AND left_over >= 0.01 RETURNING id, seq
        ), made AS (
            INSERT INTO bare_confirmation (quota_id, seq, amount, left_over, by_id, at)
            SELECT id, seq, 0.01, 0.01, :by, now() FROM taken RETURNING id
        )
        INSERT INTO bare_entry (confirmation_id, kind, amount, by_id, at)
        SELECT id, 'confirm', 0.01, :by, now() FROM made RETURNING confirmation_id""",
}
VALUES = {
    "amount": "0.01", "by": ":by", "at": "now()", "remark": "''", "quota": ":row", "confirmation": ":row",
    "kind": "'reserve'", "signed": "0.01", "holder": ":holder", "document": ":holder", "move": "NULL",
}  # fmt: skip


def scripts(work: str) -> dict[str, str]:
    """{bare, one, asked: SQL for pgbench}."""
    own = (CONFIRM if work == "confirm" else RESERVE + RECORD) % VALUES
    bare = {"bare": closed(BARE[work])} if work in BARE else {}
    return bare | {"one": closed(own), "asked": asked(work, own)}


def asked(work: str, own: str) -> str:
    """With what Python adds: the row read back, or a transaction around it."""
    if work == "reserve":
        return "BEGIN;\n" + closed(own) + "COMMIT;\n"
    back = str(QuotaConfirmation.objects.filter(pk=0).query)
    return flat(own) + " \\gset\n" + closed(re.sub(r"= 0\b.*", "= :confirmation_id LIMIT 21", back))


def flat(statement: str) -> str:
    return " ".join(statement.split())


def closed(statement: str) -> str:
    return flat(statement) + ";\n"
