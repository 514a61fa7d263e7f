"""提示 in orange: they are shown and stop nothing."""

from datetime import date
from decimal import Decimal

import pytest

from intents.hints import hints
from intents.models import Intent
from procurement.flow.models import Desk

from . import makers

pytestmark = pytest.mark.django_db
TODAY = date(makers.YEAR, 11, 22)


def texts(paper, today=TODAY) -> list[str]:
    return [hint.text for hint in hints(Intent.objects.get(pk=paper.pk).lines, today)]


def test_a_good_paper_has_no_hint(unit, clerk, confirmed):
    assert texts(makers.intent(unit, clerk, makers.item(confirmed))) == []


def test_more_than_confirmed_is_told_with_all_three_amounts(unit, clerk, confirmed):
    makers.intent(unit, clerk, makers.item(confirmed, project_name="交换机", amount=Decimal("500000.00")))
    paper = makers.intent(unit, clerk, makers.item(confirmed))
    (text,) = texts(paper)
    assert "已确认 900,000.00 元" in text
    assert "合计 1,100,000.00 元" in text
    assert "超出 200,000.00 元" in text


def test_what_is_void_or_replaced_no_longer_counts(unit, clerk, reviewer, confirmed):
    void = makers.approved(unit, clerk, reviewer, makers.item(confirmed))
    void.perform("void", clerk, "项目已取消")
    older = makers.published(unit, clerk, reviewer, makers.item(confirmed))
    fields = {"notice": "change", "supersedes": older, "change_reason": "预算有所调整"}
    newer = makers.intent(unit, clerk, makers.item(confirmed), **fields)
    assert texts(newer) == []  # its own predecessor is not a twin
    newer.perform("submit", clerk).perform("approve", reviewer).perform("file", clerk)
    third = makers.intent(unit, clerk, makers.item(confirmed, amount=Decimal("300000.00")))
    (text,) = texts(third)
    assert "已经出现" in text  # the change counts once, the replaced notice not at all


def test_a_duplicate_is_told_within_and_across_papers(unit, clerk, confirmed):
    twice = makers.item(confirmed, amount=Decimal("1000.00"))
    assert "在本公告中已经出现" in texts(makers.intent(unit, clerk, twice, twice))[0]
    other = makers.intent(unit, clerk, twice)
    assert "在本单位本年度其他意向中已经出现" in texts(other)[0]


@pytest.mark.parametrize(
    ("month", "told"), [((0, 11), True), ((0, 12), False), ((1, 1), False), ((0, 1), True)]
)
def test_less_than_thirty_days_ahead_is_told(unit, clerk, confirmed, month, told):
    when = date(makers.YEAR + month[0], month[1], 1)
    found = texts(makers.intent(unit, clerk, makers.item(confirmed, expected_month=when)))
    assert any("不足 30 日" in text for text in found) is told


def test_thirty_days_reach_into_the_next_year(unit, clerk, confirmed):
    when = date(makers.YEAR, 12, 1)
    paper = makers.intent(unit, clerk, makers.item(confirmed, expected_month=when))
    assert any("不足 30 日" in text for text in texts(paper, date(makers.YEAR, 12, 2)))


def test_short_demands_and_missing_reasons_are_told(unit, clerk, confirmed):
    row = makers.item(confirmed, demand_summary="电脑", sme_reserved="none")
    found = texts(makers.intent(unit, clerk, row))
    assert any("不足 20 个字" in text for text in found)
    assert any("应在备注中说明理由" in text for text in found)


def test_hints_are_shown_and_block_nothing(as_user, unit, clerk, confirmed):
    row = makers.row(confirmed, amount="2000000", demand_summary="电脑", sme_reserved="none")
    client = as_user(clerk)
    saved = client.post("/intents/new/", makers.posted(row))
    text = client.get(saved.url).text
    assert "超出 1,100,000.00 元" in text
    assert 'class="hint"' in text
    paper = Intent.objects.get()
    line = paper.items.get()
    again = makers.posted({**row, "id": line.pk}, action="submit", initial=1, version=paper.version)
    assert client.post(f"/intents/{paper.pk}/edit/", again).status_code == 302
    assert Intent.objects.get().state == Desk.UNIT
    assert "超出 1,100,000.00 元" in client.get(f"/intents/{paper.pk}/").text
