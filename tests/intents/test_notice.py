"""What goes to the portal: the words, the HTML, changes and cancellations, the preview."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from intents import wording
from intents.models import Intent
from notices.models import Publication
from procurement.flow.models import Desk
from procurement.sandbox.sanitise import clean

from . import makers

pytestmark = pytest.mark.django_db
NASTY = "<script>alert(1)</script> & \"quoted\" 'single' <b onclick=x>{{ 7*7 }}\n第二行"


@pytest.mark.parametrize(
    ("months", "text"),
    [
        ([], ""),
        ([date(2026, 11, 1)], "2026年11月"),
        ([date(2026, 11, 1), date(2026, 11, 1)], "2026年11月"),
        ([date(2026, 12, 1), date(2026, 11, 1)], "2026年11月至12月"),
        ([date(2026, 12, 1), date(2027, 1, 1)], "2026年12月至2027年1月"),
    ],
)
def test_the_span_of_months_in_words(months, text):
    assert wording.span(months) == text


def test_the_number_has_the_pattern_of_the_unit(unit, clerk, confirmed):
    first, second = (makers.intent(unit, clerk, makers.item(confirmed)) for _ in range(2))
    assert first.number == f"YX{makers.YEAR}1050010010001"
    assert second.number == f"YX{makers.YEAR}1050010010002"


def test_the_article_survives_the_portals_allow_list_unchanged(unit, clerk, reviewer, confirmed):
    rows = [
        makers.item(confirmed, project_name=NASTY[:190], demand_summary=NASTY, remark=NASTY),
        makers.item(confirmed, sme_reserved="part", sme_share=Decimal("40.00")),
    ]
    paper = makers.approved(unit, clerk, reviewer, *rows, title=NASTY.replace("\n", " "))
    paper.perform("file", clerk)
    html = Publication.objects.get().body["html"]
    assert clean(html) == html
    assert "<script" not in html
    assert "{{ 7*7 }}" in html
    assert "60.00" in html  # 万元
    assert "部分预留（40%）专门面向中小企业采购" in html
    assert "台式计算机" not in html.replace("教学用台式计算机", "")  # the category is internal
    assert confirmed.quota.doc_no not in html


def test_a_change_replaces_the_published_notice(as_user, unit, clerk, reviewer, confirmed):
    older = makers.published(unit, clerk, reviewer, makers.item(confirmed))
    client = as_user(clerk)
    address = f"/intents/new/?change={older.pk}"
    assert address in client.get(f"/intents/{older.pk}/").text
    form = client.get(address)
    assert makers.DEMAND in form.text
    assert 'value="600000.00"' in form.text

    data = makers.posted(
        makers.row(confirmed, amount="650000"), action="submit", change_reason="预算调整，金额增加"
    )
    assert client.post(address, data).status_code == 302
    newer = Intent.objects.get(notice="change")
    assert (newer.supersedes_id, newer.case, newer.state) == (older.pk, older.case, Desk.UNIT)
    assert newer.title.endswith("政府采购意向变更公告")
    newer = newer.perform("approve", reviewer).perform("file", clerk)
    body = newer.deliveries.get().body
    assert body["supersedes"] == older.deliveries.get().key
    assert body["data"]["withdrawal"] is False
    assert "预算调整，金额增加" in body["html"]
    assert clean(body["html"]) == body["html"]
    assert "已变更" in client.get("/intents/?tab=done").text
    assert address not in client.get(f"/intents/{older.pk}/").text


def test_a_cancellation_has_no_rows_and_withdraws(as_user, unit, clerk, reviewer, confirmed):
    older = makers.published(unit, clerk, reviewer, makers.item(confirmed))
    client = as_user(clerk)
    address = f"/intents/new/?cancel={older.pk}"
    form = client.get(address)
    assert "items-TOTAL_FORMS" not in form.text
    data = {"action": "submit", "title": "", "contact": "李经办", "phone": "0551-62816021"}
    refused = client.post(address, data | {"change_reason": "无"})
    assert "请写明变更或撤销的原因" in refused.text
    assert client.post(address, data | {"change_reason": "项目不再实施"}).status_code == 302
    newer = Intent.objects.get(notice="cancel")
    assert newer.title == f"关于撤销《{older.title}》的公告"
    newer = newer.perform("approve", reviewer).perform("file", clerk)
    body = newer.deliveries.get().body
    assert body["data"]["withdrawal"] is True
    assert body["supersedes"] == older.deliveries.get().key
    assert clean(body["html"]) == body["html"]
    assert "已撤销" in client.get("/intents/?tab=done").text


def test_a_notice_has_one_successor_only(as_user, unit, clerk, reviewer, confirmed):
    older = makers.published(unit, clerk, reviewer, makers.item(confirmed))
    fields = {"notice": "cancel", "supersedes": older, "change_reason": "项目不再实施"}
    makers.intent(unit, clerk, **fields)
    refused = as_user(clerk).get(f"/intents/new/?change={older.pk}")
    assert refused.status_code == 409
    second = makers.intent(unit, clerk, **fields)
    with pytest.raises(ValidationError, match="不能重复办理"):
        second.perform("submit", clerk)


@pytest.mark.parametrize("state", ["draft", "approved", "sending"])
def test_only_what_stands_on_the_portal_is_changed(as_user, unit, clerk, reviewer, confirmed, state):
    paper = makers.intent(unit, clerk, makers.item(confirmed))
    if state != "draft":
        paper = paper.perform("submit", clerk).perform("approve", reviewer)
    if state == "sending":
        paper = paper.perform("file", clerk)
    assert as_user(clerk).get(f"/intents/new/?change={paper.pk}").status_code == 409


@pytest.mark.parametrize("key", ["0", "x", "", "９９", "9" * 30, "-1", "\x00"])
def test_no_such_notice_to_change_is_404(as_user, clerk, confirmed, key):
    assert as_user(clerk).get("/intents/new/", {"change": key}).status_code == 404


def test_a_strangers_notice_cannot_be_changed(as_user, unit, clerk, reviewer, confirmed, stranger):
    older = makers.published(unit, clerk, reviewer, makers.item(confirmed))
    assert as_user(stranger).get(f"/intents/new/?cancel={older.pk}").status_code == 404


def test_the_preview_is_the_article_in_the_portals_style(as_user, unit, clerk, reviewer, confirmed):
    paper = makers.published(unit, clerk, reviewer, makers.item(confirmed, demand_summary=NASTY))
    text = as_user(clerk).get(f"/intents/{paper.pk}/preview/").text
    assert paper.deliveries.get().body["html"].strip() in text
    assert "/static/portal.css" in text
    assert "pt-article" in text
    assert "已在门户发布" in text


def test_the_preview_of_a_draft_says_it_is_not_published(as_user, unit, clerk, confirmed):
    paper = makers.intent(unit, clerk, makers.item(confirmed))
    assert "现在还没有发布" in as_user(clerk).get(f"/intents/{paper.pk}/preview/").text
