"""Money shared out to the fen: exact, never negative, and as even as a fen allows."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from contracts.statistics.split import part_of, split

BUCKETS = range(1, 7)
amounts = st.decimals(0, Decimal("9999999999999999.99"), places=2)
weights = st.dictionaries(st.sampled_from(BUCKETS), amounts, max_size=6)


def held(given_weights) -> list[int]:
    return [bucket for bucket in BUCKETS if given_weights.get(bucket, 0) > 0]


@given(amounts, weights)
def test_shares_add_up_exactly_and_none_is_negative(total, given_weights):
    shares = split(total, given_weights, BUCKETS)
    assert list(shares) == list(BUCKETS)
    assert sum(shares.values()) == (total if held(given_weights) else 0)
    assert all(share >= 0 for share in shares.values())
    assert all(share == 0 for bucket, share in shares.items() if bucket not in held(given_weights))


@given(amounts, weights)
def test_only_the_last_bucket_gains_by_rounding_and_by_less_than_a_fen_for_each_other(total, given_weights):
    shares, names = split(total, given_weights, BUCKETS), held(given_weights)
    whole = sum(given_weights[bucket] for bucket in names)
    for bucket in names[:-1]:
        exact = int(total * 100) * int(given_weights[bucket] * 100)
        assert int(shares[bucket] * 100) == exact // int(whole * 100)
    if names:
        missing = int(shares[names[-1]] * 100) * int(whole * 100) - int(total * 100) * int(
            given_weights[names[-1]] * 100
        )
        assert 0 <= missing < max(len(names) - 1, 1) * int(whole * 100)


@given(amounts, amounts, weights)
def test_more_money_never_takes_from_a_bucket_that_is_not_the_last(one, other, given_weights):
    low, high = sorted([one, other])
    less, more = split(low, given_weights, BUCKETS), split(high, given_weights, BUCKETS)
    assert all(less[bucket] <= more[bucket] for bucket in held(given_weights)[:-1])


@given(amounts, weights)
def test_a_heavier_bucket_never_gets_less_than_a_lighter_one_before_it(total, given_weights):
    shares, names = split(total, given_weights, BUCKETS), held(given_weights)[:-1]
    ordered = sorted(names, key=lambda bucket: given_weights[bucket])
    assert all(shares[low] <= shares[high] for low, high in pairwise(ordered))


def test_the_fen_that_is_left_stands_in_the_last_bucket():
    third = {1: Decimal(1), 2: Decimal(1), 4: Decimal(1)}
    shares = split(Decimal("100.00"), third, BUCKETS)
    assert [str(shares[bucket]) for bucket in (1, 2, 4)] == ["33.33", "33.33", "33.34"]


@given(amounts, st.lists(st.decimals("0.0001", 99999, places=4), min_size=1, max_size=8), st.booleans())
def test_parts_of_a_plan_line_add_up_to_its_total(total, quantities, beyond):
    whole, before, parts = sum(quantities), Decimal(0), []
    for quantity in quantities + [Decimal(3)] * beyond:
        parts.append(part_of(total, whole, before, quantity))
        before += quantity
    assert sum(parts) == total
    assert all(part >= 0 for part in parts)
