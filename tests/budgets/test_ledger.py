"""The ledger: what it refuses, what the database refuses, and how it is proved."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from budgets.models import (
    AdjustmentKind,
    Ledger,
    LedgerEntry,
    Quota,
    QuotaAdjustment,
    QuotaConfirmation,
    Shortage,
)

from . import makers

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def quota(unit):
    return makers.quota(unit, "1234567.50")


@pytest.fixture
def confirmation(quota, clerk):
    return quota.confirm(D("1000.00"), clerk)


@pytest.fixture
def plan(unit, clerk):
    return makers.paper(unit, clerk)


def balances(confirmation) -> tuple:
    row = QuotaConfirmation.objects.get(pk=confirmation.pk)
    return row.reserved_amount, row.committed_amount, row.available


def test_the_shortage_is_a_clear_sentence(quota, clerk):
    with pytest.raises(Shortage) as refused:
        quota.confirm(D("2000000.00"), clerk)
    assert refused.value.messages == [
        "指标余额不足：可用 1,234,567.50 元，本次需 2,000,000.00 元，差额 765,432.50 元"
    ]


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN", "Infinity"])
def test_an_amount_that_cannot_move_is_refused(quota, clerk, plan, confirmation, amount):
    with pytest.raises(ValidationError, match="金额须大于 0"):
        quota.confirm(D(amount), clerk)
    with pytest.raises(ValidationError, match="金额须大于 0"):
        Ledger(plan, clerk).reserve({confirmation.pk: D(amount)})


def test_a_confirmation_is_one_statement_and_its_reading(quota, clerk, django_assert_num_queries):
    with django_assert_num_queries(2):
        quota.confirm(D("1.00"), clerk)


def test_deleting_a_confirmation_gives_the_money_back_and_keeps_the_row(quota, clerk, confirmation):
    second = quota.confirm(D("5.00"), clerk)
    confirmation.delete_unused(clerk)
    fresh = Quota.objects.get(pk=quota.pk)
    assert (fresh.confirmed_amount, fresh.confirmed_count, second.seq) == (D("5.00"), 1, 2)
    assert quota.confirm(D("6.00"), clerk).seq == 3
    assert [entry.kind for entry in confirmation.entries.order_by("pk")] == ["confirm", "unconfirm"]
    with pytest.raises(ValidationError, match="已被删除"):
        confirmation.delete_unused(clerk)


def test_a_used_confirmation_is_not_deleted(clerk, confirmation, plan):
    Ledger(plan, clerk).reserve({confirmation.pk: D("0.01")})
    with pytest.raises(ValidationError, match="已被意向、计划或结转使用"):
        confirmation.delete_unused(clerk)


def test_money_goes_from_reserved_to_contract_and_back(clerk, confirmation, plan):
    ledger, one = Ledger(plan, clerk), confirmation.pk
    ledger.reserve({one: D("600.00")})
    assert balances(confirmation) == (D("600.00"), D(0), D("400.00"))
    ledger.commit({one: D("450.00")})
    assert balances(confirmation) == (D("150.00"), D("450.00"), D("400.00"))
    ledger.release()
    assert balances(confirmation) == (D(0), D("450.00"), D("550.00"))
    ledger.uncommit({one: D("450.00")})
    ledger.release()
    assert balances(confirmation) == (D(0), D(0), D("1000.00"))
    ledger.release()
    assert LedgerEntry.objects.filter(holder=plan).count() == 5


def test_a_paper_cannot_release_or_commit_what_another_holds(unit, clerk, confirmation, plan):
    Ledger(plan, clerk).reserve({confirmation.pk: D("600.00")})
    other = Ledger(makers.paper(unit, clerk, "JH2"), clerk)
    for verb in (other.release, other.commit, other.uncommit):
        with pytest.raises(Shortage, match=r"可用 0\.00 元"):
            verb({confirmation.pk: D("1.00")})


def test_one_short_confirmation_moves_nothing_of_the_others(clerk, quota, confirmation, plan):
    second = quota.confirm(D("10.00"), clerk)
    with pytest.raises(Shortage, match=r"可用 10\.00 元，本次需 10\.01 元，差额 0\.01 元"):
        Ledger(plan, clerk).reserve({confirmation.pk: D("5.00"), second.pk: D("10.01")})
    assert balances(confirmation) == (D(0), D(0), D("1000.00"))


def test_an_overdrawn_quota_takes_no_new_reservation(clerk, quota, confirmation, plan):
    quota.change(AdjustmentKind.ADJUST, D("-1234000.00"), reason="收回")
    assert Quota.objects.get(pk=quota.pk).overdrawn
    with pytest.raises(ValidationError, match="已超额确认，新的占用已暂停"):
        Ledger(plan, clerk).reserve({confirmation.pk: D("1.00")})
    confirmation.delete_unused(clerk)
    assert not Quota.objects.get(pk=quota.pk).overdrawn


def test_a_freeze_lowers_what_may_be_confirmed(clerk, quota):
    quota.change(AdjustmentKind.FREEZE, D("1234567.00"))
    with pytest.raises(Shortage, match=r"可用 0\.50 元"):
        quota.confirm(D("1.00"), clerk)
    quota.change(AdjustmentKind.FREEZE, D("-1234567.00"))
    assert quota.confirm(D("1.00"), clerk).seq == 1


def test_a_deleted_confirmation_cannot_be_reserved(clerk, confirmation, plan):
    confirmation.delete_unused(clerk)
    with pytest.raises(ValidationError, match="已被删除，请重新选择"):
        Ledger(plan, clerk).reserve({confirmation.pk: D("1.00")})


def test_what_is_not_for_procurement_is_not_confirmed(unit, clerk):
    with pytest.raises(Shortage):
        makers.quota(unit, no="ZB9", is_procurement=False).confirm(D("1.00"), clerk)


@pytest.mark.parametrize("table", ["budgets_ledgerentry", "budgets_quotaadjustment"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET amount = amount + 1", "DELETE FROM {}"])
def test_the_database_refuses_to_rewrite_history(confirmation, table, verb):
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb.format(table))


BROKEN = [
    "UPDATE budgets_quota SET confirmed_amount = confirmed_amount + 100000000",
    "UPDATE budgets_quota SET overdrawn = true",
    "UPDATE budgets_quotaconfirmation SET reserved_amount = amount + 0.01",
    "UPDATE budgets_quotaconfirmation SET committed_amount = -0.01",
    "UPDATE budgets_holding SET reserved_amount = -1",
    "UPDATE budgets_quotaconfirmation SET status = 'deleted'",
    "INSERT INTO budgets_ledgerentry (confirmation_id, kind, amount, at) "
    "SELECT id, 'confirm', -1, now() FROM budgets_quotaconfirmation",
    "INSERT INTO budgets_ledgerentry (confirmation_id, kind, amount, at) "
    "SELECT id, 'reserve', 1, now() FROM budgets_quotaconfirmation",
]


@pytest.mark.parametrize("statement", BROKEN)
def test_the_database_refuses_impossible_balances(clerk, confirmation, plan, statement):
    Ledger(plan, clerk).reserve({confirmation.pk: D("600.00")})
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def verified() -> str:
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    return out.getvalue()


WRONG = {
    "UPDATE budgets_quota SET issued_amount = issued_amount + 1": "下达、调整、冻结数与财政流水不符：ZB1",
    "UPDATE budgets_quota SET confirmed_amount = confirmed_amount + 0.01": "已确认金额与确认流水不符：ZB1",
    "UPDATE budgets_quota SET last_seq = 7": "已确认金额与确认流水不符：ZB1",
    "UPDATE budgets_quotaconfirmation SET reserved_amount = 599.99": "结转与资金流水不符：ZB1 第 1 次",
    "UPDATE budgets_holding SET reserved_amount = 599.99": "单据占用与资金流水不符：JH1",
    "DELETE FROM budgets_holding": "单据占用与资金流水不符：JH1",
}


@pytest.mark.parametrize(("statement", "told"), WRONG.items())
def test_verify_ledger_names_the_first_bad_row(clerk, confirmation, plan, statement, told):
    Ledger(plan, clerk).reserve({confirmation.pk: D("600.00")})
    assert verified() == "核对一致：1 条指标，2 笔流水\n"
    with connection.cursor() as cursor:
        cursor.execute(statement)
    with pytest.raises(CommandError, match=told) as found:
        verified()
    assert found.value.returncode == 1


def test_changes_of_finance_are_told_in_words(quota):
    change = quota.change(AdjustmentKind.ADJUST, D("350000.00"), external_id="A1", reason="追加")
    assert str(change) == "调整 350000.00"
    with pytest.raises(IntegrityError), transaction.atomic():
        quota.change(AdjustmentKind.ADJUST, D("1.00"), external_id="A1")
    assert QuotaAdjustment.objects.filter(quota=quota).count() == 2
    assert Quota.objects.get(pk=quota.pk).total == D("1584567.50")
