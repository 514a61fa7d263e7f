"""The form: four types, rows, prefilled starts, names and totals that follow, whatever people type."""

from decimal import Decimal

import pytest

from plans.models import Plan, PlanType

from . import makers

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", PlanType.values)
def test_a_plan_of_each_type_is_written_and_submitted(as_user, clerk, confirmed, kind):
    client = as_user(clerk)
    assert client.get(f"/plans/new/?kind={kind}&blank=1").status_code == 200
    data = makers.posted([makers.item()], [makers.fund(confirmed)], kind=kind, action="submit")
    answer = client.post(f"/plans/new/?kind={kind}&blank=1", data)
    assert answer.status_code == 302, answer.text
    paper = Plan.objects.get()
    assert (paper.plan_type, paper.state, paper.amount) == (kind, "unit", Decimal("600000.00"))
    assert (paper.title, paper.procurement_type) == ("台式计算机", "A")
    confirmed.refresh_from_db()
    assert confirmed.reserved_amount == Decimal("600000.00")
    assert client.get(f"/plans/{paper.pk}/").status_code == 200
    assert client.get(f"/plans/{paper.pk}/print/").headers["Content-Type"] == "application/pdf"
