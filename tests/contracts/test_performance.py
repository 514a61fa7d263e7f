"""After filing: payments, acceptances, completion, termination (domain.md §15.3)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from budgets.models import QuotaConfirmation
from budgets.verification import problems
from contracts import performance
from contracts.models import Contract, PaymentRecord
from notices.models import Publication
from procurement.flow.log import first_break
from procurement.flow.models import Conflict, Refused
from procurement.sandbox.sanitise import clean
from tests.world import fresh

from . import makers
from .posting import typed

pytestmark = pytest.mark.django_db
TODAY = str(makers.TODAY)
PASSED = {
    "accept-accepted_on": TODAY, "accept-verdict": "passed", "accept-inspectors": "李经办、专家一名",
    "accept-summary": "数量型号符合合同", "action": "accept",
}  # fmt: skip


@pytest.fixture
def filed(book, clerk, reviewer) -> Contract:
    return makers.filed(book, clerk, reviewer, "900.00")


@pytest.fixture
def page(as_user, clerk, filed):
    """`page(**typed)` posts the page; without anything it is read."""
    client, address = as_user(clerk), f"/contracts/{filed.pk}/performance/"
    return lambda **data: client.post(address, data, follow=True) if data else client.get(address)


def pay(page, amount: str, **more):
    given = {"pay-paid_on": TODAY, "pay-amount": amount, "pay-voucher": "PZ-1", "action": "pay"}
    return page(**(given | {f"pay-{name}": value for name, value in more.items()}))


def test_payments_come_to_the_amount_and_no_further(page, filed):
    assert "付款已登记" in pay(page, "600").text
    assert "最多还能支付 300.00 元" in pay(page, "300.01").text
    assert "请写明说明" in pay(page, "-100").text
    assert "付款已登记" in pay(page, "-100", remark="多付退回").text
    assert "退款不能超过已支付的 500.00 元" in pay(page, "-500.01", remark="错").text
    assert '已支付 <span class="num">500.00</span>' in page().text
    assert [row.amount for row in filed.paid.all()] == [Decimal("600.00"), Decimal("-100.00")]


def test_it_is_complete_once_it_was_accepted(page, filed, as_user, officer):
    done = {"end-verb": "complete", "end-reason": "全部履行完毕", "action": "end"}
    assert "登记验收合格后才能" in page(**done).text
    assert "验收已登记" in page(**PASSED).text
    assert "合同履行状态已登记" in page(**done).text
    fresh_row = Contract.objects.get(pk=filed.pk)
    assert (fresh_row.status, first_break(fresh_row)) == ("已履行完毕", None)
    assert "合格" in as_user(officer).get(f"/contracts/{filed.pk}/").text
    assert pay(page, "1").status_code == 409


def test_termination_gives_back_what_was_not_paid(page, filed, book, confirmed, clerk, reviewer):
    pay(page, "300")
    page(**{"end-verb": "terminate", "end-reason": "供应商不能履约", "action": "end"})
    row = QuotaConfirmation.objects.get(pk=confirmed.pk)
    assert (row.reserved_amount, row.committed_amount) == (Decimal("700.00"), Decimal("300.00"))
    assert Contract.objects.get(pk=filed.pk).returned == Decimal("600.00")
    assert list(problems()) == []
    assert makers.filed(book, clerk, reviewer, "700.00").status == "已备案"


def test_a_termination_is_told_to_the_public_and_beside_the_statistics(page, filed, as_user, clerk):
    pay(page, "300")
    page(**{"end-verb": "terminate", "end-reason": "供应商不能履约", "action": "end"})
    first, second = Publication.objects.order_by("pk")
    assert (second.body["title"], second.body["supersedes"]) == (
        "安徽示例大学台式计算机合同终止公告",
        first.key,
    )
    for text in (filed.contract_no, "供应商不能履约", "900.00 元；不再支付：600.00 元"):
        assert text in second.body["html"]
    assert clean(second.body["html"]) == second.body["html"]
    client, year = as_user(clerk), filed.signed_on.year
    report = client.get(f"/contracts/statistics/?year={year}").text
    for text in ('title="900.00 元"', "退回 <span", "600.00", "300.00"):  # signed, returned, really bought
        assert text in report
    listed = client.get(f"/contracts/statistics/contracts/?year={year}&of=returned").text
    assert f"/contracts/{filed.pk}/" in listed
    returned = "SELECT sum(returned) FROM contracts_contract WHERE extract(year FROM signed_on) = %s"
    with connection.cursor() as cursor:
        cursor.execute(returned, [year])
        assert cursor.fetchone() == (Decimal("600.00"),)


def test_a_secret_termination_is_told_to_nobody(book, clerk, reviewer):
    performance.end(
        makers.filed(book, clerk, reviewer, is_secret=True).pk, clerk, "terminate", "供应商不能履约"
    )
    assert not Publication.objects.exists()


def test_a_contract_ends_after_its_supplements(filed, book, clerk, reviewer):
    more = makers.filed(book, clerk, reviewer, "90.00", sort="supplement", base=filed, contract_no="补-1")
    with pytest.raises(ValidationError, match="补充合同 补-1 还在履行"):
        performance.end(filed.pk, clerk, "terminate", "供应商不能履约")
    performance.end(more.pk, clerk, "terminate", "供应商不能履约")
    assert performance.end(filed.pk, clerk, "terminate", "供应商不能履约").status == "已终止"
    assert list(problems()) == []


def test_a_contract_that_was_paid_is_not_undone(page, filed, officer):
    pay(page, "300")
    with pytest.raises(Refused, match="已付款"):
        filed.perform("cancel", fresh(officer), "合同有误，重新签订")


def test_nothing_typed_is_a_server_error(page):
    for value in ("", "x", "1e9", "9" * 40, "\x00", "<script>", "NaN", "2099-01-01"):
        form = dict.fromkeys((*PASSED, "pay-paid_on", "pay-amount", "end-verb", "end-reason"), value)
        for action in ("pay", "accept", "end", value):
            assert page(**(form | {"action": action})).status_code == 200, value
    assert not PaymentRecord.objects.exists()


def test_only_the_units_clerk_enters_anything(as_user, filed, reviewer, officer, stranger):
    address = f"/contracts/{filed.pk}/performance/"
    assert [as_user(who).get(address).status_code for who in (reviewer, officer, stranger)] == [403, 403, 404]
    with pytest.raises(Refused):
        performance.end(filed.pk, fresh(officer), "terminate", "供应商不能履约")


def test_a_payment_after_the_end_is_a_conflict(filed, clerk):
    performance.end(filed.pk, clerk, "terminate", "供应商不能履约")
    record = PaymentRecord(paid_on=makers.TODAY - timedelta(days=1), amount=Decimal(1))
    with pytest.raises(Conflict):
        performance.pay(filed.pk, clerk, record)
    with pytest.raises((Conflict, ValidationError)):
        performance.end(filed.pk, clerk, "complete", "全部履行完毕")


# --- the other sorts --------------------------------------------------------------------------------------


def test_a_supplement_starts_with_the_supplier_of_its_contract(as_user, clerk, filed):
    data = typed(as_user(clerk).get(f"/contracts/new/?kind=supplement&base={filed.pk}").text)
    assert (data["suppliers-0-uscc"], data["title"]) == (makers.USCC, "台式计算机合同补充合同")


def test_a_change_is_written_submitted_and_filed_from_its_short_form(as_user, clerk, reviewer, filed):
    client = as_user(clerk)
    address = f"/contracts/new/?kind=change&base={filed.pk}"
    data = typed(client.get(address).text) | {"signed_on": TODAY, "change_text": "交付期延长三十日。"}
    assert client.post(address, data | {"action": "save"}).status_code == 302
    change = Contract.objects.latest("pk")
    for category in ("text", "public"):
        makers.attach(change, clerk, category)
    change = change.perform("submit", clerk).perform("approve", reviewer).perform("file", clerk)
    assert "交付期延长三十日" in change.publication.body["html"]
    assert as_user(clerk).get(f"/contracts/{change.pk}/").status_code == 200
