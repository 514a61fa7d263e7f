"""Moments as the clock in Hefei shows them."""

from datetime import UTC, datetime, timedelta

import time_machine

HEFEI = timedelta(hours=8)


def hefei(text: str) -> datetime:
    """A moment as the clock in Hefei shows it."""
    return (datetime.fromisoformat(text) - HEFEI).replace(tzinfo=UTC)


def at(text: str):
    return time_machine.travel(hefei(text), tick=False)
