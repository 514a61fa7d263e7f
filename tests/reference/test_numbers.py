"""Running numbers on real PostgreSQL: no gap and no number twice, whatever rolls back."""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest
from django.db import connection, transaction

from procurement.reference import numbers
from procurement.reference.models import Sequence


class Cancelled(Exception):
    """The paper was not saved after all."""


def paper(seed: int) -> int | None:
    """Take a number; every third paper is given up."""
    try:
        with transaction.atomic():
            number = numbers.take("JH", 2026)
            if random.Random(seed).random() < 0.33:
                raise Cancelled
            return number
    except Cancelled:
        return None


def worker(seeds) -> list[int]:
    try:
        return [number for seed in seeds if (number := paper(seed))]
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_eight_threads_with_rollbacks_leave_no_gap():
    with ThreadPoolExecutor(8) as pool:
        taken = [*chain(*pool.map(worker, [range(n, 400, 8) for n in range(8)]))]
    assert sorted(taken) == list(range(1, len(taken) + 1))
    assert 200 < len(taken) < 350
    assert Sequence.objects.get(scope="JH").last == len(taken)


@pytest.mark.django_db
def test_scope_year_and_region_are_separate_series():
    assert numbers.take("YS", 2026) == 1
    assert numbers.take("YS", 2026) == 2
    assert numbers.take("YS", 2027) == 1
    assert numbers.take("JH", 2026) == 1
    assert numbers.take("YS", 2026, region="340100") == 1


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError, match="transaction"):
        numbers.take("YS", 2026)
