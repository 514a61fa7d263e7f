"""备案: number, money, paper and notice together, or none of them (domain.md §15.3)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.models import Quota, QuotaConfirmation
from budgets.verification import problems
from contracts.models import Contract
from notices.models import Publication
from procurement.flow.models import Desk, Refused
from procurement.sandbox.sanitise import clean
from tests.contracts.statistics import makers as statistics
from tests.world import fresh

from . import makers

pytestmark = pytest.mark.django_db
LONG_AGO = makers.TODAY - timedelta(days=40)
NASTY = "<script>alert(1)</script> & {{ 7*7 }}"


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


def test_closing_the_plan_gives_the_rest_back(book, confirmed, clerk, reviewer):
    paper = makers.filed(book, clerk, reviewer, closes_plan=True)
    assert paper.released == Decimal("100.00")
    assert balances(confirmed) == (Decimal(0), Decimal("900.00"))


def test_a_plan_with_another_contract_under_way_is_not_closed(book, clerk, reviewer):
    last = makers.approved(book, clerk, reviewer, "500.00", closes_plan=True)
    makers.approved(book, clerk, reviewer, "400.00")
    with pytest.raises(ValidationError, match="不能结项"):
        last.perform("file", clerk)


def test_late_filing_asks_for_a_reason_and_keeps_it(book, clerk, reviewer):
    paper = makers.approved(book, clerk, reviewer, signed_on=LONG_AGO, starts_on=LONG_AGO)
    with pytest.raises(ValidationError, match="逾期原因"):
        paper.perform("file", clerk)
    filed = paper.perform("file", clerk, "供应商盖章延误，已补齐")
    assert (filed.late_reason, filed.countdown.text) == ("供应商盖章延误，已补齐", "逾期备案")
    assert ["备案期限", f"{paper.file_by}（逾期备案）"] in filed.sealed.get().snapshot["days"]


def test_provisional_money_blocks_until_it_is_real(book, confirmed, clerk, reviewer):
    paper = makers.approved(book, clerk, reviewer)
    Quota.objects.filter(pk=confirmed.quota_id).update(provisional=True)
    with pytest.raises(ValidationError, match="预采购指标，尚未转正"):
        paper.perform("file", clerk)
    Quota.objects.filter(pk=confirmed.quota_id).update(provisional=False)
    assert paper.perform("file", clerk).state == Desk.DONE


def test_a_secret_contract_owes_no_notice(book, clerk, reviewer):
    paper = makers.filed(book, clerk, reviewer, is_secret=True)
    assert not Publication.objects.exists()
    assert paper.publication_status == "不公告"


def test_the_notice_keeps_secret_terms_to_itself_and_survives_the_allow_list(book, clerk, reviewer):
    line = {"brand": "绝密牌", "model": "X-99", "name": NASTY}
    paper = makers.filed(book, clerk, reviewer, has_secret_terms=True, title=NASTY, item=line)
    html = paper.publication.body["html"]
    assert clean(html) == html
    assert "绝密牌" not in html
    assert "X-99" not in html
    assert "商业秘密，不公开" in html
    assert "<script" not in html
    assert "{{ 7*7 }}" in html


def test_the_open_notice_tells_what_the_law_asks(book, clerk, reviewer):
    html = makers.filed(book, clerk, reviewer).publication.body["html"]
    for text in (
        "105001001-", "台式计算机合同", book.number, "安徽示例大学", "安徽示例科技有限公司", "示例 T1",
        "1 批", "900.00 元（人民币玖佰元整）", f"{makers.TODAY}", "公开招标", "合同.pdf",
    ):  # fmt: skip
        assert text in html


def test_only_the_units_clerk_files(book, clerk, reviewer, officer, stranger):
    paper = makers.approved(book, clerk, reviewer)
    for who in (reviewer, officer, stranger):
        with pytest.raises(Refused):
            paper.perform("file", fresh(who))


def asked(paper, clerk) -> int:
    with CaptureQueriesContext(connection) as found:
        paper.perform("file", clerk)
    return len(found)


def test_a_filing_asks_the_same_whatever_the_lines(book, clerk, reviewer):
    """Above the 14 of a plain move: it reads four tables of rows, locks plan, book and quotas, and writes
    ledger, register, statistics and their sums, number, the paper's snapshot and the notice at once."""
    makers.filed(book, clerk, reviewer, "10.00")  # its supplier is in the register now
    costs = []
    for lines in (1, 6):
        paper = makers.draft(book, clerk, "60.00", contract_no=f"行-{lines}")
        item = paper.items.get()
        for _ in range(lines):
            item.pk, item.quantity, item.difference_reason = None, Decimal(1), "分批交付"
            item.unit_price = item.total = Decimal(60) / lines
            item._state.adding = True
            item.save()
        paper.items.order_by("pk").first().statistics.delete()
        paper.items.order_by("pk").first().delete()
        statistics.complete(paper)
        costs.append(asked(paper.perform("submit", clerk).perform("approve", reviewer), clerk))
    assert costs[0] == costs[1] <= 36


# --- afterwards -------------------------------------------------------------------------------------------


def test_the_office_undoes_a_filing_with_a_reason(book, confirmed, clerk, reviewer, officer):
    paper = makers.filed(book, clerk, reviewer)
    with pytest.raises(Refused):
        paper.perform("cancel", clerk, "合同有误，重新签订")
    with pytest.raises(ValidationError, match="至少 5 个字"):
        paper.perform("cancel", fresh(officer), "错")
    undone = paper.perform("cancel", fresh(officer), "合同有误，重新签订")
    assert balances(confirmed) == (Decimal("1000.00"), Decimal(0))
    assert undone.sealed.get().state == "withdrawn"
    first, second = Publication.objects.order_by("pk")
    assert second.body["supersedes"] == first.key
    assert not list(problems())
    assert makers.filed(book, clerk, reviewer, contract_no=paper.contract_no).state == Desk.DONE


def supplement(base: Contract, clerk, reviewer, amount: str) -> Contract:
    fields = {"sort": "supplement", "base": base, "contract_no": f"补-{amount}"}
    return makers.filed(base.book, clerk, reviewer, amount, **fields)


def test_supplements_come_to_a_tenth_at_most(book, confirmed, clerk, reviewer, officer):
    base = makers.filed(book, clerk, reviewer, "900.00")
    supplement(base, clerk, reviewer, "60.00")
    with pytest.raises(ValidationError, match="不得超过原合同金额的 10%，即 90"):
        supplement(base, clerk, reviewer, "30.01")
    supplement(base, clerk, reviewer, "30.00")
    assert balances(confirmed) == (Decimal("10.00"), Decimal("990.00"))
    with pytest.raises(Refused, match="不能撤销备案"):
        base.perform("cancel", fresh(officer), "合同有误，重新签订")


def test_a_change_owes_its_own_notice_and_moves_no_money(book, confirmed, clerk, reviewer):
    base = makers.filed(book, clerk, reviewer)
    fields = {"sort": "change", "base": base, "contract_no": "变-1", "change_text": "交付期延长三十日。"}
    change = makers.filed(book, clerk, reviewer, **fields)
    body = change.publication.body
    assert body["title"] == "安徽示例大学台式计算机合同变更公告"
    assert "交付期延长三十日" in body["html"]
    assert base.contract_no in body["html"]
    assert balances(confirmed) == (Decimal("100.00"), Decimal("900.00"))
