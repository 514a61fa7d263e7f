"""批量通过: each ticked paper its own decision, its own result."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.models import BudgetEntry
from budgets.stages import BudgetEntryStage
from procurement.flow.models import Move
from tests.papers import entry
from tests.world import fresh

pytestmark = pytest.mark.django_db
REVIEW = "/budgets/entries/review/"
BATCH = "/budgets/entries/review/batch/"
LARGE = "一百万元以上的须逐件审核。"


@pytest.fixture(autouse=True)
def _small_ones_qualify(monkeypatch):
    """A stage says which of its papers may be passed together."""
    monkeypatch.setattr(BudgetEntryStage, "batchable", lambda paper: LARGE if paper.amount >= 10**6 else None)


@pytest.fixture
def papers(unit, clerk):
    amounts = ["100.00", "200.50", "3000000.00"]
    made = [entry(unit, clerk, amount, f"第 {number} 份") for number, amount in enumerate(amounts, 1)]
    return [paper.perform("submit", fresh(clerk)) for paper in made]


def ticks(*papers) -> list[str]:
    return [f"{paper.pk}-{paper.version}" for paper in papers]


def results(client, answer) -> str:
    assert answer.headers["Location"] == f"{BATCH}?done"
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    return page.content.decode()


def test_the_list_offers_boxes_only_to_who_decides_and_only_where_they_qualify(
    as_user, papers, reviewer, auditor
):
    page = as_user(reviewer).get(REVIEW).content.decode()
    assert re.findall(r'name="pick" value="(\S+)" data-amount="\S+" aria', page)[::-1] == ticks(*papers[:2])
    assert f"不能批量通过：第 3 份。{LARGE}" in page
    assert 'name="pick"' not in as_user(auditor).get(REVIEW, {"tab": "all"}).content.decode()


def test_a_stage_that_says_nothing_offers_nothing(as_user, papers, reviewer, monkeypatch):
    monkeypatch.undo()
    client = as_user(reviewer)
    assert 'name="pick"' not in client.get(REVIEW).content.decode()
    answer = client.post(BATCH, {"pick": ticks(*papers)})
    assert results(client, answer).count("须逐件审核") == 3
    assert not Move.objects.filter(verb="approve").exists()


def test_the_ticked_are_listed_with_their_sum_before_anything_happens(as_user, papers, reviewer):
    page = as_user(reviewer).get(BATCH, {"pick": ticks(*papers)}).content.decode()
    assert "将通过 2 件" in page
    assert "300.50" in page
    assert "人民币叁佰元伍角整" in page
    assert LARGE in page
    assert page.count('type="hidden" name="pick"') == 2
    assert not Move.objects.filter(verb="approve").exists()


def test_each_is_passed_with_the_opinion_and_named_in_the_result(as_user, papers, reviewer):
    client = as_user(reviewer)
    page = results(client, client.post(BATCH, {"pick": ticks(*papers[:2]), "opinion": "低风险，同意。"}))
    assert "通过 2 件，合计 300.50 元" in page
    assert "下一步由教科文处审核岗审核" in page
    assert [paper.state for paper in BudgetEntry.objects.order_by("pk")] == ["division", "division", "unit"]
    moves = Move.objects.filter(verb="approve")
    assert {(move.opinion, move.by, bool(move.key)) for move in moves} == {("低风险，同意。", reviewer, True)}


def test_one_that_changed_meanwhile_reads_why_and_the_others_pass(as_user, papers, clerk, reviewer):
    client, seen = as_user(reviewer), ticks(*papers[:2])
    papers[0].perform("withdraw", fresh(clerk)).perform("submit", fresh(clerk))
    page = results(client, client.post(BATCH, {"pick": seen}))
    assert "1 件没有通过" in page
    assert "该单据已被他人处理，请刷新后再办理。" in page
    assert [paper.state for paper in BudgetEntry.objects.order_by("pk")[:2]] == ["unit", "division"]


def test_posting_the_same_again_decides_nothing_twice(as_user, papers, reviewer):
    client = as_user(reviewer)
    for _ in range(2):
        page = results(client, client.post(BATCH, {"pick": ticks(*papers[:2]) * 2}))
    assert page.count("该单据已被他人处理") == 2
    assert Move.objects.filter(verb="approve").count() == 2


def test_the_guard_is_the_usual_one(as_user, papers, clerk, auditor, divisional, stranger, foreign_reviewer):
    for person in (clerk, auditor, stranger):
        assert as_user(person).post(BATCH, {"pick": ticks(*papers)}).status_code == 403
    client = as_user(divisional)
    assert (
        results(client, client.post(BATCH, {"pick": ticks(papers[0])})).count("需要安徽示例大学的审核岗") == 1
    )
    client = as_user(foreign_reviewer)
    page = results(client, client.post(BATCH, {"pick": ticks(papers[0])}))
    assert "没有这份单据，或您不能查看。" in page
    assert papers[0].title not in page
    assert not Move.objects.filter(verb="approve").exists()


def test_who_submitted_does_not_pass_his_own(as_user, papers, clerk, reviewer, places):
    BudgetEntry.objects.filter(pk=papers[0].pk).update(submitted_by=reviewer, hands={"clerk": [reviewer.pk]})
    client = as_user(reviewer)
    assert "同一人不能既提交又审核" in results(client, client.post(BATCH, {"pick": ticks(papers[0])}))


NASTY = [[], ["x"], ["1"], ["-1--1"], ["9" * 18 + "-1"], ["1-1\x00"], ["１-１"], ["0-0"]]


@pytest.mark.parametrize("picks", NASTY, ids=range(len(NASTY)))
def test_nonsense_decides_nothing_and_breaks_nothing(as_user, papers, reviewer, picks):
    client = as_user(reviewer)
    assert client.get(BATCH, {"pick": picks}).status_code == 200
    assert client.post(BATCH, {"pick": picks, "opinion": "字" * 501}).status_code == 200
    assert client.post(BATCH, {"pick": picks}, follow=True).status_code == 200
    assert client.get(f"{BATCH}?done").status_code == 200
    assert not Move.objects.filter(verb="approve").exists()


def test_more_than_fifty_are_refused_in_a_sentence(as_user, papers, reviewer):
    many = [f"{number}-1" for number in range(1, 52)]
    for answer in (
        as_user(reviewer).get(BATCH, {"pick": many}),
        as_user(reviewer).post(BATCH, {"pick": many}),
    ):
        assert "一次最多批量通过 50 件，您勾选了 51 件" in answer.content.decode()


def test_a_long_opinion_is_kept_with_its_sentence(as_user, papers, reviewer):
    answer = as_user(reviewer).post(BATCH, {"pick": ticks(papers[0]), "opinion": "意" * 501})
    assert "审核意见最多 500 个字" in answer.content.decode()
    assert "意" * 501 in answer.content.decode()
    assert BudgetEntry.objects.get(pk=papers[0].pk).state == "unit"


def cost(client, method: str, papers) -> int:
    with CaptureQueriesContext(connection) as seen:
        getattr(client, method)(BATCH, {"pick": ticks(*papers)})
    return len(seen)


def test_queries_grow_only_with_the_decisions(as_user, unit, clerk, reviewer):
    made = [entry(unit, clerk, "10.00").perform("submit", fresh(clerk)) for _ in range(9)]
    client = as_user(reviewer)
    client.get(BATCH)  # the session's rows are remembered for a while
    asked = [cost(client, "get", made[:count]) for count in (1, 8)]
    assert asked[0] == asked[1] <= 8
    passed = [cost(client, "post", part) for part in (made[:1], made[1:3], made[3:6])]
    each = passed[1] - passed[0]
    assert passed[2] - passed[1] == each <= 7
