"""备案: number, money, paper and notice together, or none of them (domain.md §15.3)."""

from decimal import Decimal

import pytest

from budgets.models import QuotaConfirmation
from budgets.verification import problems

from . import makers

pytestmark = pytest.mark.django_db


def balances(confirmed) -> tuple[Decimal, Decimal]:
    row = QuotaConfirmation.objects.get(pk=confirmed.pk)
    return row.reserved_amount, row.committed_amount


def test_filing_gives_number_money_paper_and_notice(book, confirmed, clerk, reviewer):
    paper = makers.filed(book, clerk, reviewer)
    assert paper.filing_number == f"HT{makers.TODAY.year}340001000001"
    assert balances(confirmed) == (Decimal("100.00"), Decimal("900.00"))
    assert (paper.sealed.get().number, paper.publication.state) == (paper.filing_number, "pending")
    assert paper.number in paper.publication.body["html"]
    assert not list(problems())
