"""What becomes of one line's money: carried on, given back to finance, or left where it is."""

from decimal import Decimal
from typing import NamedTuple

from django.db import models

ZERO = Decimal(0)


class Basis(models.TextChoices):
    """On what ground money is still there at the year's end; told by the ledger (domain.md §15b a, b, c)."""

    CONTRACTED = "contracted", "已签合同"
    PLANNED = "planned", "已列计划"
    IDLE = "idle", "已确认未列计划"


class Pool(NamedTuple):
    """What a line can draw on when it is executed: of its holder, or free."""

    reserved: Decimal = ZERO
    committed: Decimal = ZERO
    free: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.reserved + self.committed + self.free


class Split(NamedTuple):
    """Amounts taken from the pool; what is in none of them stays."""

    carried: Pool
    returned: Pool


def split(basis: str, balance: Decimal, amount: Decimal, pool: Pool, *, allowed: bool = True) -> Split:
    """Carry `amount`, give the rest of the declared `balance` back, never more than the pool has by now.

    Money owed under a contract is never given back: what is not carried of it was paid in the old year.
    A plan whose contract was filed since the application goes on with what was committed.
    """
    wanted = amount if allowed else ZERO
    carried = draw(pool, wanted, committed_too=basis != Basis.IDLE)
    left = Pool(*(had - took for had, took in zip(pool, carried, strict=True)))
    rest = ZERO if basis == Basis.CONTRACTED else balance - wanted
    return Split(carried, draw(left, rest, committed_too=False))


def draw(pool: Pool, wanted: Decimal, *, committed_too: bool) -> Pool:
    """Up to `wanted`, from reserved money first."""
    reserved = min(pool.reserved, wanted)
    committed = min(pool.committed, wanted - reserved) if committed_too else ZERO
    return Pool(reserved, committed, min(pool.free, wanted - reserved - committed))
