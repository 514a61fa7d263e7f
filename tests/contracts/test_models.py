"""A contract travels like every paper; the tables hold what the form asks."""

import pytest
from django.db import IntegrityError, transaction

from plans.models import Plan
from procurement.flow.models import Desk

from . import makers

pytestmark = pytest.mark.django_db


def test_a_contract_travels_from_the_clerk_to_its_filing(book, clerk, reviewer):
    paper = makers.filed(book, clerk, reviewer)
    assert (paper.state, paper.route) == (Desk.DONE, ["unit", "filing"])
    assert paper.status == "已备案"


def test_a_number_is_used_once_in_a_unit_unless_the_first_is_void(book, clerk, reviewer):
    makers.draft(book, clerk, "100.00", contract_no="A-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        makers.draft(book, clerk, "100.00", contract_no="A-1")


def test_a_plan_under_contract_is_not_voided(book, clerk):
    makers.draft(book, clerk)
    assert Plan.objects.get(pk=book.approved_plan_id).void_obstacle() is not None


def test_a_result_comes_from_the_clerks_own_hand(book, clerk):
    assert makers.result(book, clerk).amount == 900
