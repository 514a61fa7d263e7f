"""Fixtures of the objection desk's tests."""

from tests.notices.single.conftest import calendar, confirmed

__all__ = ["calendar", "confirmed"]
