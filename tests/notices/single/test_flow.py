"""From the chosen quota to the portal: the form, the office, the seven legal items."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from notices.models import Publication, SingleSourceNotice
from notices.single.hints import hints
from procurement.flow.attachments import Attachment
from procurement.flow.models import Desk
from procurement.sandbox.sanitise import clean
from tests.intents.test_form import NASTY as VALUES
from tests.world import credit_code, fresh

from . import makers

pytestmark = pytest.mark.django_db
NASTY = "<script>alert(1)</script> & \"quoted\" 'single' <b onclick=x>{{ 7*7 }}\n第二行"


def test_entry_office_portal(as_user, unit, clerk, officer, confirmed):
    """M 3.4: entered, passed by the office, published by itself, with all seven items."""
    client = as_user(clerk)
    start = client.get(f"/notices/single/new/?c={confirmed.pk}&next=1")
    assert f'value="{confirmed.quota.project_name}"' in start.text
    assert 'value="900000.00"' in start.text
    assert unit.phone in start.text
    data = makers.posted(confirmed, *map(makers.expert, ("张明远", "李文静", "王建国")), action="submit")
    answer = client.post(f"/notices/single/new/?c={confirmed.pk}", data)
    assert answer.status_code == 302
    paper = SingleSourceNotice.objects.get()
    assert (paper.state, paper.case) == (Desk.OFFICE, confirmed.quota.case)
    assert paper.number == f"DY{makers.YEAR}3400010001"
    assert paper.experts.filter(signature__isnull=False).count() == 3
    move = {"verb": "approve", "version": paper.version, "opinion": "同意公示"}
    assert as_user(officer).post(f"/notices/single/{paper.pk}/moves/", move).status_code == 302
    body = Publication.objects.get().body
    html = body["html"]
    assert clean(html) == html
    heads = [f"<h3>{number}、" for number in "一二三四五六七"]
    assert [html.count(head) for head in heads] == [1] * 7
    for text in (makers.PROJECT, makers.GOODS, makers.REASON, "示例波谱技术有限公司", "研究员", "5 个工作日"):
        assert text in html
    assert f"/notices/public/{paper.number}/" in html
    assert body["data"]["supplier"]["uscc"] == credit_code(77)
    assert set(body["data"]["experts"][0]) == {"name", "employer", "title"}
    assert confirmed.quota.doc_no not in html
    assert "待发布" in client.get("/notices/single/?tab=done").text


def test_the_article_survives_the_portals_allow_list_unchanged(unit, clerk, officer):
    texts = dict.fromkeys(["content", "goods_description", "reason", "supplier_name", "address"], NASTY * 2)
    paper = makers.approved(unit, clerk, officer, **texts, experts=[(NASTY[:30], NASTY[:90], NASTY[:40])])
    html = paper.deliveries.get().body["html"]
    assert clean(html) == html
    assert "<script" not in html
    assert "{{ 7*7 }}" in html


WRONG = [
    ({"goods_description": "太短"}, "至少 30 个字，现在有 2 个"),
    ({"reason_code": ""}, "请选择唯一性原因"),
    ({"legal_basis": "31-3"}, "添购请填写原合同编号"),
    (
        {"legal_basis": "31-3", "original_contract": "HT1", "original_amount": Decimal("7999999.99")},
        "不得超过原合同金额的百分之十",
    ),
    ({"experts": ()}, "请填写专业人员的论证意见"),
    ({"address": " "}, "请填写采购人地址"),
    ({"finance_phone": ""}, "请填写财政部门电话"),
    ({"finance_address": ""}, "请填写财政部门地址"),
    ({"agency": "示例代理公司"}, "请填写代理机构联系人"),
]


@pytest.mark.parametrize(("fields", "sentence"), WRONG)
def test_what_is_missing_stops_the_submission(unit, clerk, fields, sentence):
    paper = makers.notice(unit, clerk, **fields)
    with pytest.raises(ValidationError) as refused:
        paper.perform("submit", clerk)
    assert sentence in " ".join(refused.value.messages)


def test_ten_per_cent_exactly_is_enough_for_an_addition(unit, clerk):
    added = {"legal_basis": "31-3", "original_contract": "HT1", "original_amount": Decimal("8000000.00")}
    assert makers.notice(unit, clerk, reason_code="", **added).perform("submit", clerk).state == Desk.OFFICE


def test_an_unsigned_opinion_and_a_paper_that_cannot_be_public_stop_it(as_user, unit, clerk, confirmed):
    client = as_user(clerk)
    data = makers.posted(confirmed, makers.expert(signed=""), action="submit")
    assert "请上传张明远的签字文件" in client.post("/notices/single/new/", data).text
    picture = makers.pdf("图.docx", b"PK")
    answer = client.post("/notices/single/new/", makers.posted(confirmed, makers.expert(signed=picture)))
    assert "内容与扩展名" in answer.text
    assert not SingleSourceNotice.objects.exists()


def test_a_signed_file_is_replaced_and_none_is_left_over(as_user, unit, clerk, confirmed):
    client = as_user(clerk)
    client.post("/notices/single/new/", makers.posted(confirmed, makers.expert()))
    paper = SingleSourceNotice.objects.get()
    row = makers.expert(id=paper.experts.get().pk, signed=makers.pdf("新的.pdf"))
    data = makers.posted(confirmed, row, version=paper.version) | {"experts-INITIAL_FORMS": "1"}
    assert client.post(f"/notices/single/{paper.pk}/edit/", data).status_code == 302
    assert [file.name for file in paper.attachments.all()] == ["新的.pdf"]
    assert paper.experts.get().signature.name == "新的.pdf"
    file = paper.attachments.get()
    assert client.post(f"/notices/single/{paper.pk}/files/{file.pk}/delete/").status_code == 302
    assert paper.experts.get().signature is None
    assert client.post(f"/notices/single/{paper.pk}/delete/").status_code == 302


FIELDS = {
    "supplier_uscc": ("12340000MB00000770", "校验位不对"),
    "phone": ("一二三", "请填写 11 位手机号"),
    "finance_phone": ("12", "请填写 11 位手机号"),
    "intent_number": ("YX20261", "没有这个编号的已公开采购意向"),
    "amount": ("-1", "预算金额（元）不能小于"),
    "confirmation": ("999999", "请从列表中选择采购指标"),
    "project_name": ("长" * 151, "采购项目名称最多 150 个字"),
}


def test_a_wrong_field_says_what_to_do_and_keeps_what_was_typed(as_user, clerk, confirmed):
    wrong = {name: value for name, (value, _) in FIELDS.items()}
    answer = as_user(clerk).post("/notices/single/new/", makers.posted(confirmed, **wrong))
    assert answer.status_code == 200
    for name, (value, sentence) in FIELDS.items():
        assert sentence in answer.text, name
        assert value in answer.text or name == "confirmation", name


TYPED = [
    "confirmation", "intent_number", "project_name", "amount", "content", "goods_description", "legal_basis",
    "reason_code", "reason", "original_contract", "original_amount", "supplier_name", "supplier_uscc",
    "supplier_address", "contact", "phone", "agency", "agency_phone", "finance", "version", "action",
    "experts-0-name", "experts-0-employer", "experts-0-title", "experts-0-opinion", "experts-0-id",
    "experts-TOTAL_FORMS", "experts-INITIAL_FORMS",
]  # fmt: skip


def test_whatever_is_typed_is_answered(as_user, clerk, confirmed):
    """Every field meets every value once, all wrong together; a wrong phone keeps it from being stored."""
    client, good = as_user(clerk), makers.posted(confirmed, makers.expert(signed=""))
    for shift in range(len(VALUES)):
        typed = {field: VALUES[(place + shift) % len(VALUES)] for place, field in enumerate(TYPED)}
        answer = client.post("/notices/single/new/", good | typed | {"finance_phone": "错"})
        assert answer.status_code == 200, typed
        assert "<script>alert" not in answer.text
        assert "<svg onload" not in answer.text
    assert not SingleSourceNotice.objects.exists()


def test_hints_name_what_to_look_at_again(unit, clerk):
    experts = [("张明远", f"{unit.name}化学院", "教授"), ("张明远", "示例院", "教授")]
    paper = makers.notice(unit, clerk, experts=experts, amount=Decimal("900000.01"))
    text = " ".join(hint.text for hint in hints(paper, list(paper.experts.all())))
    for part in ("现有 2 名专业人员", "张明远是本单位人员", "张明远出现了两次", "超过已确认的"):
        assert part in text


def test_the_units_own_review_can_be_switched_on(as_user, unit, clerk, reviewer, officer, settings):
    assert as_user(reviewer).get("/notices/single/review/").status_code == 403
    settings.SINGLE_SOURCE_UNIT_REVIEW = True
    paper = makers.notice(unit, clerk).perform("submit", clerk)
    assert paper.route == [Desk.UNIT, Desk.OFFICE]
    assert paper.title in as_user(fresh(reviewer)).get("/notices/single/review/").text
    assert paper.perform("approve", reviewer).perform("approve", officer).state == Desk.DONE


def test_a_secret_notice_never_leaves(unit, clerk, officer):
    paper = makers.notice(unit, clerk, is_secret=True).perform("submit", clerk)
    with pytest.raises(ValidationError, match="涉密"):
        paper.perform("approve", officer)
    assert makers.again(paper).state == Desk.OFFICE
    assert not Publication.objects.exists()


def test_only_the_papers_meant_for_it_become_public(unit, clerk, officer):
    paper = makers.notice(unit, clerk)
    Attachment.receive(paper, makers.pdf("公开.pdf"), "open", clerk)
    Attachment.receive(paper, makers.pdf("内部.pdf"), "other", clerk)
    paper = paper.perform("submit", clerk).perform("approve", officer)
    assert [file.name for file in paper.attachments.filter(is_public=True)] == ["公开.pdf"]
