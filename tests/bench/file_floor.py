"""What a filing writes, as SQL on tables with primary keys only."""

TABLES = """
CREATE TABLE bare_sequence (id int PRIMARY KEY, last int);
CREATE TABLE bare_paper (id bigserial PRIMARY KEY, state text, head text, filing_number text);
CREATE TABLE bare_move (id bigserial PRIMARY KEY, document int, body jsonb);
CREATE TABLE bare_held (id int PRIMARY KEY, reserved numeric(18, 2), committed numeric(18, 2));
CREATE TABLE bare_entry (id bigserial PRIMARY KEY, confirmation int, amount numeric(18, 2));
CREATE TABLE bare_fact (id bigserial PRIMARY KEY, contract int, agreed bigint);
CREATE TABLE bare_tally (id int PRIMARY KEY, agreed bigint);
CREATE TABLE bare_owed (id bigserial PRIMARY KEY, kind text, body jsonb);
INSERT INTO bare_sequence VALUES (1, 0);
INSERT INTO bare_paper (state) VALUES ('filing');
INSERT INTO bare_held VALUES (1, 90000000, 0);
INSERT INTO bare_tally SELECT n, 0 FROM generate_series(1, 12) n;
"""
BODY = "jsonb_build_object('text', repeat('合同', 1500))"
FILING = [
    "SELECT * FROM bare_paper WHERE id = 1 FOR UPDATE",
    "UPDATE bare_held SET reserved = reserved - 10, committed = committed + 10 WHERE id = 1",
    "INSERT INTO bare_entry (confirmation, amount) VALUES (1, 10)",
    "INSERT INTO bare_fact (contract, agreed) VALUES (1, 1000)",
    "UPDATE bare_tally SET agreed = agreed + 1000",
    "UPDATE bare_paper SET state = 'done', head = md5(state), filing_number = 'HT' WHERE id = 1",
    f"INSERT INTO bare_move (document, body) SELECT 1, {BODY}",
    f"INSERT INTO bare_owed (kind, body) SELECT 'paper', {BODY}",
    f"INSERT INTO bare_owed (kind, body) SELECT 'notice', {BODY}",
    "UPDATE bare_sequence SET last = last + 1 WHERE id = 1 RETURNING last",
]
