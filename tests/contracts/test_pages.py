"""Pages of 采购合同管理: who gets them, what they show."""

from datetime import timedelta

import pytest

from tasks.models import MethodChange

from . import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(book, clerk, reviewer):
    return makers.filed(book, clerk, reviewer)


def test_the_way_from_a_result_to_a_filed_contract(as_user, book, clerk, reviewer):
    result = makers.result(book, clerk)
    client = as_user(clerk)
    assert f"result={result.pk}" in client.get("/contracts/new/?kind=entry").text
    page = client.get(f"/contracts/new/?kind=entry&result={result.pk}").text
    assert "安徽示例科技有限公司" in page
    assert "900.00" in page


ADDRESSES = ["", "?tab=done", "?tab=all&q=A-7", "filing/", "filing/?tab=filed", "{pk}/", "{pk}/print/",
    "export/list/", "new/?kind=entry", "new/?kind=history", "new/?kind=supplement", "new/?kind=change",
    "new/?kind=change&base={pk}", "new/?kind=supplement&base={pk}", "{pk}/performance/",
    "deadlines/"]  # fmt: skip


def test_every_page_opens_for_the_clerk_and_for_nobody_elses(as_user, filed, clerk, stranger):
    client, other = as_user(clerk), as_user(stranger)
    for address in ADDRESSES:
        path = f"/contracts/{address.format(pk=filed.pk)}"
        assert client.get(path).status_code == 200, path
        answer = other.get(path)
        assert answer.status_code == 404 or filed.contract_no.encode() not in answer.content, path


def test_who_reads_and_who_may_not(as_user, filed, clerk, reviewer, officer, viewer, auditor, admin):
    for who in (reviewer, officer, viewer, auditor):
        client = as_user(who)
        assert client.get(f"/contracts/{filed.pk}/").status_code == 200
        assert client.get("/contracts/").status_code == 403
        assert client.get("/contracts/filing/").status_code == 403
        refused = client.post(f"/contracts/{filed.pk}/moves/", {"verb": "file", "version": filed.version})
        assert refused.status_code in (403, 409)
    assert as_user(admin).get(f"/contracts/{filed.pk}/").status_code == 404
    for who in (reviewer, viewer, auditor):
        assert as_user(who).get("/contracts/review/?tab=all").status_code == 200


def test_the_unit_finds_a_contract_by_its_own_number(as_user, book, clerk):
    paper = makers.draft(book, clerk, contract_no="校采-A-7")
    client = as_user(clerk)
    assert paper.title in client.get("/contracts/?q=A-7").text
    assert paper.title not in client.get("/contracts/?q=A-8").text


def test_the_popup_shows_the_form_and_files_it_once(as_user, book, clerk, reviewer):
    paper = makers.approved(book, clerk, reviewer)
    client, address = as_user(clerk), f"/contracts/{paper.pk}/moves/"
    page = client.get(f"{address}?verb=file").text
    assert "政府采购合同备案表" in page
    assert "由计划占用转为合同占用" in page
    assert "备案" in client.get(f"/contracts/{paper.pk}/").text
    assert client.post(address, {"verb": "file", "version": "1"}).status_code == 409
    told = {"verb": "file", "version": paper.version}
    assert client.post(address, told).status_code == 302
    assert client.post(address, told).status_code == 409


def test_a_late_filing_is_asked_for_its_reason_beside_the_field(as_user, book, clerk, reviewer):
    old = makers.TODAY - timedelta(days=40)
    paper = makers.approved(book, clerk, reviewer, signed_on=old, starts_on=old)
    client, address = as_user(clerk), f"/contracts/{paper.pk}/moves/"
    assert "备案期限" in client.get(f"{address}?verb=file").text
    told = {"verb": "file", "version": paper.version}
    assert "请写明逾期原因" in client.post(address, told).text
    assert client.post(address, told | {"opinion": "供应商盖章延误"}).status_code == 302


def test_the_reviewer_returns_it_to_the_clerk(as_user, book, clerk, reviewer):
    paper = makers.draft(book, clerk).perform("submit", clerk)
    told = {"verb": "send_back", "to": "clerk", "reason": "amount", "opinion": "单价与成交结果不符"}
    client = as_user(reviewer)
    posted = client.post(f"/contracts/{paper.pk}/moves/", told | {"version": paper.version})
    assert posted.status_code == 302
    assert "单价与成交结果不符" in as_user(clerk).get(f"/contracts/{paper.pk}/edit/").text


def test_a_method_is_not_changed_once_a_contract_is_filed(book, filed):
    change = MethodChange(original_plan=book.approved_plan)
    assert "已签订合同" in change.plan_obstacle()
