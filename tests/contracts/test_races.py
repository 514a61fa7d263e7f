"""Eight filings at once, and a filing killed before each of its statements: one number each, no fen lost."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from budgets.models import Ledger
from budgets.verification import problems
from contracts.models import Contract
from notices.models import Publication
from procurement.flow.models import Conflict, Desk, Refused
from procurement.reference.models import Sequence
from procurement.sealing.models import SealedPaper
from tests.forks import ends, fork
from tests.world import fresh

from . import makers

pytestmark = pytest.mark.django_db(transaction=True)
EIGHT = 8


@pytest.fixture
def waiting(book, clerk, reviewer):
    """Eight approved contracts that take all a plan has."""
    return [makers.approved(book, clerk, reviewer, "125.00") for _ in range(EIGHT)]


def file(barrier: Barrier, pk: int, user) -> str:
    """One clerk on one connection; his number, or the sentence he reads."""
    try:
        user = fresh(user)
        barrier.wait()
        return Contract.objects.get(pk=pk).perform("file", user).filing_number
    except (Conflict, Refused) as lost:
        return str(lost)
    except ValidationError as short:
        return short.messages[0]
    finally:
        connection.close()


def at_once(keys: list[int], user) -> list[str]:
    barrier = Barrier(EIGHT)
    with ThreadPoolExecutor(EIGHT) as pool:
        return [one.result(60) for one in [pool.submit(file, barrier, key, user) for key in keys]]


def numbers(said: list[str]) -> list[int]:
    return sorted(int(text[-6:]) for text in said if text.startswith("HT"))


def test_eight_at_once_get_one_number_each_and_the_last_fen_is_spent_once(book, clerk, waiting, confirmed):
    Ledger(book.approved_plan, clerk).release({confirmed.pk: Decimal("0.01")})
    said = at_once([paper.pk for paper in waiting], clerk)
    assert numbers(said) == list(range(1, EIGHT))
    assert sum("指标余额不足：可用 124.99 元，本次需 125.00 元" in text for text in said) == 1
    held = book.approved_plan.holdings.get()
    assert (held.reserved_amount, held.committed_amount) == (Decimal("124.99"), Decimal("875.00"))
    assert SealedPaper.objects.filter(template="contract").count() == Publication.objects.count() == 7
    assert list(problems()) == []


def test_one_contract_filed_eight_times_at_once_is_filed_once(book, clerk, waiting):
    said = at_once([waiting[0].pk] * EIGHT, clerk)
    assert numbers(said) == [1]
    assert sum("不能备案" in text or "他人处理" in text for text in said) == EIGHT - 1
    assert book.approved_plan.holdings.get().committed_amount == Decimal("125.00")


def dies_before(number: int, pk: int, user: int) -> bool:
    """A process that is killed before its statement of that number; False when it came to its end."""
    count = iter(range(1, 10_000))

    def guard(execute, sql, params, many, context):
        if next(count) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    def work() -> None:
        try:
            with connection.execute_wrapper(guard):
                paper = Contract.objects.get(pk=pk)
                paper.perform("file", type(paper.clerk).objects.get(pk=user))
        finally:
            os._exit(0)

    return ends([fork(work)]) == [-signal.SIGKILL]


def test_a_filing_killed_before_any_statement_leaves_nothing(book, clerk, waiting):
    paper, number = waiting[0], 1
    while dies_before(number, paper.pk, clerk.pk):
        number += 1
        assert Contract.objects.get(pk=paper.pk).state == Desk.FILING
        assert not book.approved_plan.holdings.filter(committed_amount__gt=0).exists()
        assert not SealedPaper.objects.filter(template="contract").exists()
        assert not Publication.objects.exists()
        assert not Sequence.objects.filter(scope="HT").exists()
    assert number > 20
    assert Contract.objects.get(pk=paper.pk).filing_number.endswith("000001")
    assert list(problems()) == []
