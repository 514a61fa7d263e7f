"""The clock that business goes by: the days and moments on papers, deadlines, the fiscal year.

It is the machine's own, except in practice mode, where days pass faster (docs/adr/0013): there the file
named by CLOCK_AHEAD says how many days it runs ahead. What keeps keys, sessions, leases and limits safe
asks the machine, never this. Needs nothing but the standard library: the outside programs of the demo
go by it too.
"""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

VARIABLE = "CLOCK_AHEAD"
HEFEI = ZoneInfo("Asia/Shanghai")


def ahead() -> timedelta:
    """How far business is ahead of the machine, in whole days."""
    path = os.environ.get(VARIABLE)
    return timedelta(days=int(Path(path).read_text())) if path else timedelta()


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC) + ahead()


def today() -> date:
    """The day in Hefei."""
    return now().astimezone(HEFEI).date()
