"""Money shared out by fund nature: pure arithmetic, to the fen."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from procurement.reference.money import fen

Shares = dict[int, Decimal]


def split(total: Decimal, weights: Mapping[int, Decimal], buckets: Iterable[int]) -> Shares:
    """`total` pro rata to `weights`, whole fen; what rounding leaves goes to the last bucket with weight.

    Every share is cut down to the fen, so none is negative and the last one only gains (domain.md §20).
    Without any weight nothing is guessed: all shares are zero.
    """
    shares = dict.fromkeys(buckets, Decimal(0))
    held = [bucket for bucket in shares if weights.get(bucket, 0) > 0]
    whole, left = sum(fen(weights[bucket]) for bucket in held), fen(total)
    for bucket in held[:-1]:
        part = fen(total) * fen(weights[bucket]) // whole
        shares[bucket], left = Decimal(part) / 100, left - part
    if held:
        shares[held[-1]] = Decimal(left) / 100
    return shares


def part_of(total: Decimal, whole: Decimal, before: Decimal, now: Decimal) -> Decimal:
    """The plan money of a line that buys `now` of `whole`, after `before` was bought by other lines.

    Told from the running sum, so that the parts of one plan line add up to its total exactly; what is
    bought beyond the plan's quantity has no plan money.
    """
    if not whole:
        return Decimal(0)

    def reached(quantity: Decimal) -> int:
        return int(fen(total) * min(quantity, whole) / whole)

    return Decimal(reached(before + now) - reached(before)) / 100
