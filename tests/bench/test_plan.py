"""What ./run bench PLAN times must not ask the database more for more items; untimed, so it runs in CI."""

import pytest

from tests.plans import makers

from .plan_form import SIZES, draft, queries

pytestmark = pytest.mark.django_db


def test_opening_recomputing_and_submitting_ask_the_same_for_1_20_and_200_items(as_user, unit, clerk):
    confirmed = makers.confirmation(unit, clerk)
    client = as_user(clerk)
    queries(client, draft(unit, clerk, confirmed, 1))  # what a process remembers is remembered now
    found = {rows: queries(client, draft(unit, clerk, confirmed, rows)) for rows in SIZES}
    assert found[1] == found[20] == found[200], found
