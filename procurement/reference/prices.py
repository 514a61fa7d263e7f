"""Unit price and total, both ways (domain.md 9.3); the server recomputes what the page showed."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext

CENT = Decimal("0.01")
MICRO = Decimal("0.000001")


def by_unit(unit_price: Decimal, quantity: Decimal) -> Decimal:
    """Total of a line filled in as 单价×数量, rounded half up to the 分."""
    with localcontext(prec=60):
        return (unit_price * quantity).quantize(CENT, ROUND_HALF_UP)


def by_total(total: Decimal, quantity: Decimal) -> Decimal:
    """Unit price of a line filled in as 总价÷数量, cut (not rounded) at six decimals."""
    with localcontext(prec=60):
        return (total / quantity).quantize(MICRO, ROUND_DOWN)


def agrees(unit_price: Decimal, quantity: Decimal, total: Decimal) -> bool:
    """Whether price, quantity and total tell the same story within what rounding can lose."""
    with localcontext(prec=60):
        return abs(unit_price * quantity - total) <= CENT + quantity * MICRO
