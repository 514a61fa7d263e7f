"""Arithmetic of a contract: parts that add up to the fen."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

CENT = Decimal("0.01")
ZERO = Decimal(0)
TENTH = Decimal("0.10")


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), ZERO)


def shares(whole: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`whole` pro rata in 分; the last shares with a fraction take what rounding leaves over.

    No share is above its weight as long as the whole is not above their sum.
    """
    base = total(weights)
    if not base:
        return [ZERO for _ in weights]
    with localcontext(prec=60):
        exact = [whole * weight / base for weight in weights]
        found = [share.quantize(CENT, ROUND_FLOOR) for share in exact]
        left = whole - total(found)
        for place in reversed(range(len(found))):
            if left >= CENT and exact[place] > found[place]:
                rounded = exact[place].quantize(CENT, ROUND_CEILING)
                left -= rounded - found[place]
                found[place] = rounded
    return found


def tenth(amount: Decimal) -> Decimal:
    """Ten per cent, cut at the fen: what a guarantee or all supplements may come to."""
    with localcontext(prec=60):
        return (amount * TENTH).quantize(CENT, ROUND_FLOOR)
