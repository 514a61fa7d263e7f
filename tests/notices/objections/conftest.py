"""Fixtures of the objection desk's tests."""

from tests.notices.single.conftest import announced, calendar, confirmed

__all__ = ["announced", "calendar", "confirmed"]
