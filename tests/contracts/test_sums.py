"""Parts add up to the fen, whatever the amounts; four tables tell one total."""

from decimal import Decimal
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from contracts import rules
from contracts.content import Content
from contracts.sums import shares, tenth, total

MOST = 10**17
FEN = st.integers(0, MOST)
cents = st.builds(lambda fen: Decimal(fen).scaleb(-2), FEN)


@given(st.lists(cents, min_size=1, max_size=30), st.fractions(0, 1))
def test_shares_add_up_and_none_is_above_its_weight(weights, part):
    base = total(weights)
    whole = Decimal(int(base * 100 * part.numerator) // part.denominator).scaleb(-2)
    found = shares(whole, weights)
    assert total(found) == whole
    assert all(0 <= share <= weight for share, weight in zip(found, weights, strict=True))


@given(st.lists(st.integers(1, MOST), min_size=1, max_size=30), cents)
def test_shares_of_more_than_there_is_still_add_up(weights, whole):
    assert total(shares(whole, [Decimal(fen).scaleb(-2) for fen in weights])) == whole


@given(cents)
def test_a_tenth_is_never_more_than_a_tenth(amount):
    assert tenth(amount) * 10 <= amount < (tenth(amount) + Decimal("0.01")) * 10


@st.composite
def split(draw, whole: int) -> list[int]:
    """One total in parts, sometimes a fen off."""
    cuts = sorted(draw(st.lists(st.integers(0, whole), max_size=5)))
    parts = [high - low for low, high in zip([0, *cuts], [*cuts, whole], strict=True)]
    parts[-1] += draw(st.sampled_from([0, 0, 0, 1]))
    return parts


@given(st.data(), st.integers(1, MOST))
def test_a_sum_is_wrong_exactly_where_it_differs(data, whole):
    tables = [data.draw(split(whole)) for _ in range(4)]
    items, payees, fundings, payments = (
        [SimpleNamespace(amount=Decimal(fen).scaleb(-2), total=Decimal(fen).scaleb(-2)) for fen in parts]
        for parts in tables
    )
    for row in payees:
        row.is_payee = True
    contract = SimpleNamespace(amount=Decimal(whole).scaleb(-2))
    found = [wrong for _, wrong, _ in rules.sums(contract, Content(payees, items, fundings, payments))]
    assert found == [sum(parts) != whole for parts in tables]
