"""Splitting a line's money: nothing is made, nothing is lost, contracts are never taken back."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from budgets.carryover.splitting import Basis, Pool, draw, split

amounts = st.decimals(Decimal(0), Decimal(10) ** 9, places=2)
pools = st.builds(Pool, amounts, amounts, amounts)


@given(st.sampled_from(Basis), amounts, amounts, pools, st.booleans())
def test_every_fen_is_carried_returned_or_left(basis, balance, wanted, pool, allowed):
    amount = min(balance, wanted)
    done = split(basis, balance, amount, pool, allowed=allowed)
    for had, carried, returned in zip(pool, done.carried, done.returned, strict=True):
        assert carried >= 0
        assert returned >= 0
        assert carried + returned <= had
    assert done.carried.total <= (amount if allowed else 0)
    assert done.returned.committed == 0
    assert done.carried.total + done.returned.total <= balance
    if basis == Basis.CONTRACTED:
        assert done.returned.total == 0


@given(amounts, amounts, pools)
def test_where_nothing_moved_since_the_declaration_holds_to_the_fen(balance, wanted, pool):
    amount = min(balance, wanted)
    for basis, there in ((Basis.IDLE, Pool(free=balance)), (Basis.PLANNED, Pool(reserved=balance))):
        done = split(basis, balance, amount, there)
        assert (done.carried.total, done.returned.total) == (amount, balance - amount)


@given(pools, amounts)
def test_drawing_takes_what_is_there_up_to_what_is_wanted(pool, wanted):
    assert draw(pool, wanted, committed_too=True).total == min(wanted, pool.total)
