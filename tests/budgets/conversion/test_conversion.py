"""预采购转正: a provisional quota is joined to the formal one, with everything that lives on it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from budgets.models import Conversion, Holding, Ledger, LedgerEntry, Quota, QuotaConfirmation
from budgets.verification import problems
from procurement.flow.models import Desk
from tests.budgets import makers
from tests.budgets.carryover.makers import D
from tests.world import YEAR

pytestmark = pytest.mark.django_db
BASE = "/budgets/conversions/"


@pytest.fixture
def provisional(unit, clerk) -> Quota:
    """Two confirmations in force, the first in a plan; one deleted between them."""
    quota = makers.quota(unit, "100.00", "YS1", source_type="pre", provisional=True)
    first, gone = quota.confirm(D("60.00"), clerk), quota.confirm(D("5.00"), clerk)
    gone.delete_unused(clerk)
    quota.confirm(D("20.00"), clerk)
    ledger = Ledger(makers.paper(unit, clerk), clerk)
    ledger.reserve({first.pk: D("50.00")})
    ledger.commit({first.pk: D("10.00")})
    return Quota.objects.get(pk=quota.pk)


@pytest.fixture
def formal(unit, clerk) -> Quota:
    quota = makers.quota(unit, "90.00", "ZB1")
    quota.confirm(D("5.00"), clerk)
    return Quota.objects.get(pk=quota.pk)


def paper(unit, clerk, provisional, formal) -> Conversion:
    made = Conversion.begin(
        unit, clerk, year=YEAR, title="转正", provisional=provisional, formal=formal,
        amount=provisional.confirmed_amount, case=provisional.case,
    )  # fmt: skip
    made.assign_number()
    made.save()
    return made


def test_confirmations_change_their_quota_with_what_papers_hold(unit, clerk, divisional, provisional, formal):
    holding = Holding.objects.get()
    made = paper(unit, clerk, provisional, formal).perform("submit", clerk)
    assert made.state == Desk.DIVISION
    made = made.perform("approve", divisional)
    assert made.state == Desk.DONE
    old, new = Quota.objects.get(pk=provisional.pk), Quota.objects.get(pk=formal.pk)
    assert (old.provisional, old.confirmed_amount, old.available, old.total) == (False, 0, 0, 0)
    assert (new.confirmed_amount, new.available, new.confirmed_count, new.last_seq) == (85, 5, 3, 3)
    moved = QuotaConfirmation.objects.get(pk=holding.confirmation_id)
    assert (moved.quota, moved.seq, moved.reserved_amount, moved.committed_amount) == (new, 2, 40, 10)
    assert list(Holding.objects.values()) == list(Holding.objects.filter(pk=holding.pk).values())
    entries = LedgerEntry.objects.filter(kind="convert").order_by("pk").values_list("amount", flat=True)
    assert list(entries) == [-60, 60, -20, 20]
    assert [(line.seq_before, line.seq_after) for line in made.lines.all()] == [(1, 2), (3, 3)]
    assert list(problems()) == []
    Ledger(holding.document, clerk).commit({moved.pk: D("40.00")})  # the contract is open now


WRONG = [
    ({"confirm": "20.00"}, "差额 15"),
    ({"provisional": True}, "也是预采购指标"),
    ({"fiscal_year": YEAR + 1}, "同一年度"),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG)
def test_what_does_not_fit_together_is_refused(unit, clerk, provisional, formal, change, sentence):
    if amount := change.get("confirm"):
        formal.confirm(D(amount), clerk)
    else:
        Quota.objects.filter(pk=formal.pk).update(**change)
    formal = Quota.objects.get(pk=formal.pk)
    with pytest.raises(ValidationError, match=sentence):
        paper(unit, clerk, provisional, formal).perform("submit", clerk)


def test_money_taken_meanwhile_stops_the_division(unit, clerk, divisional, provisional, formal):
    made = paper(unit, clerk, provisional, formal).perform("submit", clerk)
    with pytest.raises(ValidationError, match="正在审核"):
        paper(unit, clerk, provisional, formal).perform("submit", clerk)
    formal.confirm(D("10.00"), clerk)
    with pytest.raises(ValidationError, match="差额"):
        made.perform("approve", divisional)
    assert Conversion.objects.get(pk=made.pk).state == Desk.DIVISION
    assert Quota.objects.get(pk=provisional.pk).provisional
    assert list(problems()) == []


def test_death_at_any_statement_leaves_both_as_they_were(unit, clerk, divisional, provisional, formal):
    made = paper(unit, clerk, provisional, formal).perform("submit", clerk)
    for point in range(1, 60):
        seen = []

        def die(execute, *given, point=point, seen=seen):
            seen.append(given)
            if len(seen) == point:
                raise DatabaseError
            return execute(*given)

        try:
            with connection.execute_wrapper(die):
                made.perform("approve", divisional)
            break
        except DatabaseError:
            assert Quota.objects.get(pk=provisional.pk).confirmed_amount == 80
            assert not LedgerEntry.objects.filter(kind="convert").exists()
    assert point > 8
    assert list(problems()) == []


def page(response, status: int = 200) -> str:
    text = response.content.decode()
    assert response.status_code == status, text[:3000]
    return text


def queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        page(client.get(address))
    return len([one for one in seen if "SAVEPOINT" not in one["sql"]])


def test_the_way_over_the_pages(as_user, unit, clerk, divisional, reviewer, stranger, provisional, formal):
    Quota.objects.filter(pk=formal.pk).update(project_name="教学设备")
    client = as_user(clerk)
    assert "办理转正" in page(client.get(f"/budgets/quotas/{provisional.pk}/"))
    new = f"{BASE}new/?quota={provisional.pk}"
    assert f'<option value="{provisional.pk}" selected>' in page(client.get(new))
    data = {"provisional": provisional.pk, "formal": "x", "remark": "已批复", "version": 1, "action": "save"}
    assert "请从列表中选择正式指标" in page(client.post(new, data))
    saved = client.post(new, data | {"formal": formal.pk, "action": "submit"}, follow=True)
    assert "下一步由教科文处审核岗审核" in page(saved)
    made = Conversion.objects.get()
    assert "预算项目名称不一致" in page(client.get(f"{BASE}{made.pk}/"))
    page(as_user(stranger).get(f"{BASE}{made.pk}/"), 404)
    approve = {"verb": "approve", "version": made.version, "opinion": "同意"}
    page(as_user(reviewer).post(f"{BASE}{made.pk}/moves/", approve), 403)
    passing = as_user(divisional)
    assert passing.post(f"{BASE}{made.pk}/moves/", approve).status_code == 302
    for quota, sentence in ((provisional, "转正并入"), (formal, "预采购转入")):
        text = page(client.get(f"/budgets/quotas/{quota.pk}/"))
        assert sentence in text
        assert "第 1 次 → 第 2 次" in text
    assert client.get(f"{BASE}{made.pk}/print/").content.startswith(b"%PDF")
    assert queries(client, f"{BASE}{made.pk}/") <= 9
    assert queries(client, BASE) <= 6
    assert queries(passing, f"{BASE}review/") <= 6
    assert queries(client, f"/budgets/quotas/{formal.pk}/") <= 12
