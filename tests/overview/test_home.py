"""工作台: what waits, where my papers lie and with whom, the flow chart, the money."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Appointment, Post
from budgets.models import BudgetEntry
from procurement.overview import flowchart
from tests.papers import entry, nature
from tests.world import YEAR, organization

HOME = "home"
MOST_QUERIES = 10


@pytest.fixture
def submitted(unit, clerk):
    return entry(unit, clerk).perform("submit", clerk)


def context(browser):
    answer = browser.get(reverse(HOME))
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.context


def cards(browser) -> dict[str, int]:
    return {card["label"]: card["count"] for card in context(browser)["cards"]}


def boxes(browser) -> dict[str, dict]:
    return {box["label"]: box for box in context(browser)["chart"]["wide"]["boxes"]}


def test_nobody_sees_it_without_login(client, db):
    assert client.get(reverse(HOME))["Location"].startswith(reverse("login"))


def test_a_clerk_sees_what_was_returned(as_user, clerk, reviewer, submitted):
    back = {"to": "clerk", "reason": "demand"}
    submitted.perform("send_back", reviewer, "请补充技术要求。", **back)
    browser = as_user(clerk)
    assert cards(browser)["退回待修改"] == 1
    page = context(browser)
    assert page["total"] == 1
    assert [row["paper"].pk for row in page["drafts"]] == [submitted.pk]
    assert page["submissions"] == []


def test_my_submissions_say_where_they_lie_and_with_whom(as_user, clerk, reviewer, divisional, submitted):
    browser = as_user(clerk)
    row = context(browser)["submissions"][0]
    assert (row["place"], row["post"], row["people"]) == (submitted.unit, "审核岗", [reviewer])
    submitted.perform("approve", reviewer)
    page = browser.get(reverse(HOME))
    row = page.context["submissions"][0]
    assert (row["place"], row["people"]) == (submitted.division, [divisional])
    text = page.content.decode()
    assert divisional.name in text
    assert f"tel:{divisional.phone.replace('-', '')}" in text
    assert "审核中（归口支出处室）" in text


def test_a_desk_without_people_is_said(as_user, clerk, reviewer, submitted):
    reviewer.appointments.update(valid_to=timezone.localdate() - timedelta(days=1), valid_from="2020-01-01")
    assert "暂无人任岗" in as_user(clerk).get(reverse(HOME)).content.decode()


def test_every_reviewer_sees_his_own_queue_and_only_that(as_user, people, submitted):
    at = {"reviewer": 1, "divisional": 0, "officer": 0, "foreign_reviewer": 0}
    for name, count in at.items():
        browser = as_user(getattr(people, name))
        assert len(context(browser)["queue"]) == count, name
        assert cards(browser)["预算录入待审核"] == count, name
    submitted.perform("approve", people.reviewer)
    assert [row["paper"].pk for row in context(as_user(people.divisional))["queue"]] == [submitted.pk]
    assert context(as_user(people.reviewer))["queue"] == []


def test_the_oldest_waits_first_and_turns_red(as_user, reviewer, unit, clerk, submitted):
    old = entry(unit, clerk, title="旧单据").perform("submit", clerk)
    BudgetEntry.objects.filter(pk=old.pk).update(desk_since=timezone.now() - timedelta(days=30))
    page = context(as_user(reviewer))
    assert [row["paper"].pk for row in page["queue"]] == [old.pk, submitted.pk]
    assert page["cards"][0]["tone"] == "r"
    assert page["late"] == 2
    assert boxes(as_user(reviewer))["预算录入"]["tone"] == "me hot"


def test_the_chart_links_what_exists_and_fakes_nothing(as_user, clerk, submitted):
    chart = boxes(as_user(clerk))
    assert chart["预算录入"]["url"] == reverse("budgetentry-list")
    assert chart["预算录入"]["text_line"] == "审核中 1"
    assert chart["意向公开"]["url"] == reverse("intent-list")
    for label in ("采购计划", "任务书备案", "合同备案", "年终结转"):
        box = chart[label]
        live = next(node.kind for node in flowchart.NODES if node.label == label) in flowchart.stages()
        assert bool(box["url"]) is live, label
        assert live or (box["text_line"] == "尚未开放" and box["mine"] == 0), label


def test_each_post_is_led_to_its_own_page(as_user, reviewer, officer, viewer, submitted):
    for user, address in ((reviewer, "budgetentry-review"), (officer, "budgetentry-review")):
        assert boxes(as_user(user))["预算录入"]["url"] == reverse(address)
    assert boxes(as_user(viewer))["预算录入"]["text_line"] == "没有待办"


def test_both_charts_have_all_nodes_and_every_coordinate_is_plain(as_user, clerk):
    chart = context(as_user(clerk))["chart"]
    for drawing in chart.values():
        assert len(drawing["boxes"]) == len(flowchart.NODES)
        for box in drawing["boxes"]:
            assert "," not in box["x"] + box["y"]
            assert 0 <= float(box["x"]) <= drawing["width"] - box["width"]
            assert float(box["y"]) + box["height"] <= drawing["height"]


def test_the_bars_follow_the_money(as_user, clerk, reviewer, divisional, officer, submitted):
    for person in (reviewer, divisional, officer):
        submitted.perform("approve", person)
    quota = BudgetEntry.objects.get(pk=submitted.pk).quota
    quota.confirm(quota.issued_amount / 4, clerk)
    page = context(as_user(clerk))
    assert {bar["label"]: (bar["amount"], bar["width"]) for bar in page["bars"]} == {
        "指标": ("480.00", "1000"), "已确认": ("120.00", "250"), "占用": ("0.00", "0"),
        "已签": ("0.00", "0"), "可用": ("120.00", "250"),
    }  # fmt: skip
    card = next(card for card in page["cards"] if card["label"] == "指标待确认")
    assert (card["count"], card["note"]) == (1, "可确认 360.00 万元")


def test_another_units_papers_and_money_are_not_mine(as_user, stranger, submitted):
    page = context(as_user(stranger))
    assert (page["total"], page["submissions"], page["drafts"], page["bars"]) == (0, [], [], [])


def test_another_year_shows_other_counts(as_user, clerk, submitted):
    browser = as_user(clerk)
    browser.post(reverse("switch-year"), {"year": str(YEAR - 1)})
    assert boxes(browser)["预算录入"]["text_line"] == "暂无单据"


def test_an_administrator_is_told_that_he_has_no_post(as_user, admin):
    page = as_user(admin).get(reverse(HOME)).content.decode()
    assert "您没有业务岗位" in page
    assert reverse("admin:index") in page


def test_drafts_of_the_other_post_are_not_mixed_in(as_user, clerk, places, unit):
    Appointment.objects.appoint(clerk, Post.CLERK, places.foreign_unit)
    entry(unit, clerk, title="大学的草稿")
    entry(places.foreign_unit, clerk, title="医院的草稿")
    page = context(as_user(clerk))
    assert [row["paper"].title for row in page["drafts"]] == ["大学的草稿"]


@pytest.mark.parametrize("papers", [1, 12])
def test_the_number_of_queries_does_not_grow(
    as_user, people, places, unit, papers, django_assert_max_num_queries
):
    for number in range(papers):
        paper = entry(unit, people.clerk, title=f"项目 {number}").perform("submit", people.clerk)
        entry(unit, people.clerk, title=f"草稿 {number}")
        if number % 2:
            paper.perform("approve", people.reviewer)
    for name in ("clerk", "reviewer", "divisional", "officer", "viewer", "auditor"):
        browser = as_user(getattr(people, name))
        browser.get(reverse(HOME))
        with django_assert_max_num_queries(MOST_QUERIES):
            assert browser.get(reverse(HOME)).status_code == 200, name


def test_titles_are_shown_as_text(as_user, clerk, unit):
    nature()
    entry(unit, clerk, title="<script>alert(1)</script>").perform("submit", clerk)
    page = as_user(clerk).get(reverse(HOME)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_new_unit_has_an_empty_but_whole_page(as_user, clerk, places):
    from accounts.models import OrgKind

    empty = organization("新设单位", OrgKind.PURCHASER, 77, budget_code="105099", division=places.division)
    clerk.appointments.all().delete()
    Appointment.objects.appoint(clerk, Post.CLERK, empty)
    page = as_user(clerk).get(reverse(HOME)).content.decode()
    assert "本年度还没有指标" in page
    assert "没有草稿" in page
