"""What every stand-in keeps its papers in: one SQLite file."""

import sqlite3
import threading


class Database:
    """One connection under one lock: writes are serial, as SQLite's are anyway."""

    schema: str

    def __init__(self, path: str):
        self.lock = threading.RLock()
        self.connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        self.connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + self.schema)

    def rows(self, sql: str, *values) -> list[sqlite3.Row]:
        with self.lock:
            return self.connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values) -> sqlite3.Row | None:
        return next(iter(self.rows(sql, *values)), None)
