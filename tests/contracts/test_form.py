"""The form of a contract: prefilled from what is known, checked where it stands, never a 500."""

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contracts.models import Contract
from plans.models import PlanType
from procurement.flow.models import Desk
from tests.plans import makers as plans

from . import makers
from .posting import typed

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
NASTY = "<script>alert(1)</script>&'\"{{ 7*7 }}%s\u202e"
REST = {
    "purchaser_address": "合肥市示例路1号", "contract_type": "sale", "signed_on": str(makers.TODAY),
    "starts_on": str(makers.TODAY), "ends_on": str(makers.TODAY), "inspector": "self", "inspection": "once",
    "acceptance_content": "数量和外观", "acceptance_standard": "符合合同", "suppliers-0-size": "1",
    "suppliers-0-uscc": makers.USCC, "suppliers-0-bank": "示例银行",
    "suppliers-0-account": "6222000000000001",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def result(book, clerk):
    return makers.result(book, clerk)


@pytest.fixture
def client(as_user, clerk):
    return as_user(clerk)


def files() -> dict:
    return {f"file:{code}": SimpleUploadedFile("合同.pdf", PDF) for code in ("text", "public")}


def address(result) -> str:
    return f"/contracts/new/?kind=entry&result={result.pk}"


def known(client, result) -> dict:
    return typed(client.get(address(result)).text)


def test_what_the_result_says_is_not_typed_again(client, result):
    data = known(client, result)
    assert {
        "suppliers-0-name": "安徽示例科技有限公司", "suppliers-0-amount": "900.00", "amount": "900.00",
        "items-0-name": "教学用台式计算机", "items-0-brand": "示例", "items-0-total": "900.00",
        "items-0-unit_price": "900.00", "fundings-0-amount": "900.00", "payments-0-amount": "900.00",
        "result_on": "2026-11-20", "method": "open_tender", "purchaser_contact": "李经办",
    }.items() <= data.items()  # fmt: skip


def test_a_completed_form_is_submitted_in_one_go(client, result):
    answer = client.post(address(result), known(client, result) | REST | files() | {"action": "submit"})
    paper = Contract.objects.get()
    assert answer.status_code == 302
    assert (paper.state, paper.contract_no, paper.result) == (Desk.UNIT, paper.number, result)
    assert paper.file_by is not None


def test_a_draft_is_saved_with_gaps_and_its_submission_names_them(client, result):
    data = known(client, result) | {"suppliers-0-uscc": makers.USCC, "bond": "90.01", "has_bond": "on"}
    assert client.post(address(result), data | {"action": "save"}).status_code == 302
    paper = Contract.objects.get()
    page = client.post(
        f"/contracts/{paper.pk}/edit/",
        typed(client.get(f"/contracts/{paper.pk}/edit/").text) | {"action": "submit"},
    )
    for sentence in (
        "请填写签订日期。", "请选择供应商“安徽示例科技有限公司”的企业规模。", "请上传合同文本（PDF）。",
        "采购货物的合同，请填写验收内容。", "履约保证金不得超过合同金额的 10%，即 90.00 元",
        "请填写收款方“安徽示例科技有限公司”的收款金额",
    ):  # fmt: skip
        assert sentence in page.text
    assert Contract.objects.get().state == Desk.CLERK


WRONG = [
    ({"items-0-total": "899.99"}, "合同标的合计 899.99 元，须等于合同金额 900.00 元。"),
    ({"payments-0-amount": "1.00"}, "付款计划合计 1.00 元"),
    ({"suppliers-0-amount": "1.00"}, "收款方合计 1.00 元"),
    ({"fundings-0-amount": "1.00"}, "合同资金合计 1.00 元"),
    ({"fundings-0-amount": "1000.01"}, "还占用 1,000.00 元，不能超过"),
    ({"signed_on": "2099-01-01"}, "签订日期不能晚于今天。"),
    ({"ends_on": "2020-01-01"}, "履约结束日期不能早于开始日期。"),
    ({"items-0-quantity": "2", "items-0-unit_price": "450"}, "数量与采购计划不同，请写明原因。"),
    ({"suppliers-0-uscc": "91340000MB00000012"}, "校验位不对"),
    ({"suppliers-0-size": "3"}, "请上传中小企业声明函。"),
    ({"suppliers-0-role": "leader"}, "请上传联合体协议。"),
    ({"pay_type": "instalments"}, "分期支付至少两期"),
    ({"purchaser_phone": "电话"}, "请填写 11 位手机号"),
    ({"amount": "1e5"}, "合同金额（元）的格式不对，请检查。"),
]


def test_what_is_wrong_is_said_and_nothing_is_kept(client, result):
    data = known(client, result) | REST | {"action": "submit"}
    for changes, sentence in WRONG:
        page = client.post(address(result), data | files() | changes)
        assert (page.status_code, sentence in page.text) == (200, True), sentence
    assert not Contract.objects.exists()


def test_a_contract_never_goes_above_its_plan_or_its_award(client, book, clerk, reviewer, result):
    makers.draft(book, clerk, "200.00").perform("submit", clerk)
    page = client.post(address(result), known(client, result) | REST | files() | {"action": "submit"})
    assert "超过计划金额 1,000.00 元" in page.text
    rich = {"amount": "901.00", "items-0-total": "901.00", "items-0-unit_price": "901"}
    sums = {f"{name}-0-amount": "901.00" for name in ("suppliers", "fundings", "payments")}
    data = known(client, result) | REST | files() | rich | sums | {"action": "submit"}
    assert "不能超过中标（成交）金额 900.00 元" in client.post(address(result), data).text


def test_a_number_used_before_is_refused_with_a_sentence(client, book, clerk, result):
    makers.draft(book, clerk, "10.00", contract_no="A-1")
    page = client.post(address(result), known(client, result) | {"contract_no": "A-1", "action": "save"})
    assert "这个合同编号本单位已经用过" in page.text


def test_nothing_typed_is_a_server_error(client, result):
    data, kept = known(client, result), {"action", "version", "draft", "draft_seq"}
    names = [name for name in data if name not in kept and "_FORMS" not in name]
    names = [name for name in names if not name.endswith(("-id", "-contract"))]
    for value in (NASTY, "\x00", "9" * 400, "-1", "１，２３４．５０", "NaN", "2026-02-30"):
        page = client.post(address(result), data | dict.fromkeys(names, value) | {"action": "submit"})
        assert (page.status_code, "填写的内容有误" in page.text) == (200, True), value
        assert "<script>alert(1)" not in page.text


def test_more_rows_come_without_a_script(client, result):
    page = client.post(address(result), known(client, result) | {"action": "add:suppliers"}).text
    assert 'name="suppliers-1-name"' in page


STARTS = ["", "?kind=entry", "?kind=x", "?kind=entry&result=0", "?kind=entry&result=9e9", "?kind=supplement",
    "?kind=history&plan=x", "?kind=supplement&base=1", "?kind=change&base=%00", "?result=&plan="]  # fmt: skip


def test_where_a_contract_starts_is_checked(client, result):
    for query in STARTS:
        assert client.get(f"/contracts/new/{query}").status_code in (200, 404), query
        assert client.post(f"/contracts/new/{query}", {"action": "save"}).status_code in (200, 404), query


def test_what_was_typed_is_kept_without_saving(client, clerk, result):
    data = known(client, result)
    fields = {name: [value] for name, value in data.items() if not name.startswith("draft")}
    query = f"kind=entry&result={result.pk}"
    body = {"user": clerk.pk, "token": data["draft"], "seq": 1, "paper": 0, "query": query}
    typing = body | {"fields": fields | {"place": ["写到一半"]}}
    kept = client.post("/contracts/autosave/", json.dumps(typing), "application/json")
    assert kept.json()["state"] == "kept"
    assert "写到一半" in client.get(f"{address(result)}&draft={data['draft']}").text


def test_another_units_result_is_not_there(as_user, stranger, result):
    assert as_user(stranger).get(address(result)).status_code == 404


def test_a_line_without_a_total_is_price_times_quantity(client, result):
    data = known(client, result) | {"items-0-total": "", "suppliers-0-uscc": makers.USCC, "action": "save"}
    assert client.post(address(result), data).status_code == 302
    assert Contract.objects.get().items.get().total == Decimal("900.00")


def test_an_old_contract_goes_the_whole_way_to_its_filing(client, unit, clerk, reviewer, confirmed):
    """历史合同补录: what the plan knows of it is not typed again; no term runs, all else is as ever."""
    plan = plans.plan(unit, clerk, confirmed, "1000.00", PlanType.HISTORY)
    plan = plan.perform("submit", clerk).perform("approve", reviewer)
    assert f"plan={plan.pk}" in client.get("/contracts/new/?kind=history").text
    start = f"/contracts/new/?kind=history&plan={plan.pk}"
    data = typed(client.get(start).text)
    assert {
        "title": "运维合同", "contract_no": "HT-1", "signed_on": str(plans.HISTORY["signed_on"]),
        "amount": "1000.00", "suppliers-0-name": "示例科技有限公司", "fundings-0-amount": "1000.00",
    }.items() <= data.items()  # fmt: skip
    known = {name: data[name] for name in ("signed_on",)}
    supplier = {"suppliers-0-account_name": "示例科技有限公司", "suppliers-0-amount": "1000.00"}
    told = data | REST | known | supplier | files() | {"action": "submit"}
    assert client.post(start, told).status_code == 302
    paper = Contract.objects.get().perform("approve", reviewer)
    assert (paper.sort, paper.origin, paper.file_by, paper.countdown.text) == ("history", "history", None, "")
    move = {"verb": "file", "version": paper.version}
    assert client.post(f"/contracts/{paper.pk}/moves/", move).status_code == 302
    paper = Contract.objects.get()
    assert (paper.filing_number[:2], paper.publication.state, paper.facts.count()) == ("HT", "pending", 1)
    assert plan.holdings.get().committed_amount == 1000
    assert f"plan={plan.pk}" not in client.get("/contracts/new/?kind=history").text
