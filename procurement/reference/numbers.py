"""Running numbers: one row per series, locked until the paper that took the number is saved."""

from django.db import connection, transaction

TAKE = """
    INSERT INTO reference_sequence AS s (scope, region, year, last) VALUES (%s, %s, %s, 1)
    ON CONFLICT (scope, region, year) DO UPDATE SET last = s.last + 1 RETURNING last
"""


def take(scope: str, year: int, *, region: str = "340001") -> int:
    """The next number of a series; gap-free, since it is given back when the transaction rolls back."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a number is taken in the transaction of its paper")
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [scope, region, year])
        return cursor.fetchone()[0]
