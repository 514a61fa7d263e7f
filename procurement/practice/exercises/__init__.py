"""Every step of the manual as an exercise, in files by chapter; title and text are the manual's own."""

from procurement.handbook.chapters import steps

from . import general, money, plans, purchases, tasks
from .exercise import EVERYBODY, Exercise, seat_of

__all__ = ["ALL", "EVERYBODY", "Exercise", "of_seat", "seat_of"]
ORDER = list(steps())
TABLES = [*general.EXERCISES, *money.EXERCISES, *plans.EXERCISES, *tasks.EXERCISES, *purchases.EXERCISES]
KNOWN = [one for one in TABLES if one.anchor in ORDER]  # a step is in the manual once it has been walked
ALL: list[Exercise] = sorted(KNOWN, key=lambda one: ORDER.index(one.anchor))


def of_seat(seat: str) -> list[Exercise]:
    return [one for one in ALL if seat in one.seats]
