"""Rows that many tests need and that take long to make: made once a process, copied afterwards."""

from collections.abc import Callable

from django.core.management import call_command
from django.db import connection

from procurement.reference.models import (
    BudgetClass,
    CalendarDay,
    CatalogueEdition,
    Category,
    FundNature,
    Threshold,
)

MASTER_DATA = [CatalogueEdition, Category, Threshold, FundNature, BudgetClass, CalendarDay]
KNOWN: dict[str, dict[str, bytes]] = {}


def load_reference() -> None:
    """What `manage.py load_reference` leaves."""
    filled("reference", MASTER_DATA, lambda: call_command("load_reference", verbosity=0))


def load_calendar(*years: int) -> None:
    """The days of those years, and of no other."""
    filled(f"days {years}", [CalendarDay], lambda: [*map(CalendarDay.objects.load_library, years)])


def filled(what: str, models: list, make: Callable) -> None:
    """Tables that hold something already are filled the long way, which respects what is there."""
    tables = [model._meta.db_table for model in models]
    empty = not any(model.objects.exists() for model in models)
    if empty and what in KNOWN:
        return paste(KNOWN[what])
    make()
    if empty:
        KNOWN[what] = {table: copied(table) for table in tables}


def copied(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
        return b"".join(rows)


def paste(tables: dict[str, bytes]) -> None:
    """Their keys are free: a sequence never goes back, whatever is rolled back or truncated."""
    with connection.cursor() as cursor:
        for table, rows in tables.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(rows)
