"""Search across all kinds of papers, within what one may see."""

import pytest
from django.urls import reverse

from tests.papers import entry


@pytest.fixture
def papers(unit, clerk, places, stranger):
    made = [
        entry(unit, clerk, title="教学设备更新 100%_完成\\测试"),
        entry(unit, clerk, title="物业管理", amount="1234567.89"),
        entry(places.foreign_unit, stranger, title="医院设备更新"),
    ]
    return made


def found(browser, q: str) -> list[str]:
    answer = browser.get(reverse("search"), {"q": q})
    assert answer.status_code == 200
    return [row["paper"].title for row in answer.context["rows"]]


def test_by_title_number_unit_or_amount(as_user, clerk, papers):
    browser = as_user(clerk)
    assert found(browser, "物业") == ["物业管理"]
    assert found(browser, papers[1].number) == ["物业管理"]
    assert len(found(browser, "示例大学")) == 2
    for text in ("1234567.89", "1,234,567.89", "１２３４５６７．８９元"):
        assert found(browser, text) == ["物业管理"], text


def test_only_within_what_one_may_see(as_user, clerk, stranger, officer, auditor, papers):
    assert found(as_user(clerk), "设备更新") == [papers[0].title]
    assert found(as_user(stranger), "设备更新") == [papers[2].title]
    assert found(as_user(officer), "设备更新") == []  # drafts are nobody else's business
    papers[2].perform("submit", stranger)
    assert found(as_user(officer), "设备更新") == [papers[2].title]
    assert found(as_user(auditor), "设备更新") == [papers[2].title]


@pytest.mark.parametrize(
    ("q", "count"),
    [
        ("", 0), (" ", 0), ("更", 0), ("%", 0), ("_", 0), ("\\", 0), ("%%", 0), ("__", 0), ("%_", 1),
        ("_完", 1), ("\\测", 1), ("0%", 1), ("' OR 1=1 --", 0), ("\x00\x00\x00", 0), ("设\x00备", 1),
        ("设" * 5000, 0),
        ("1e400", 0), ("NaN", 0), ("9" * 60, 0), ("<script>", 0),
    ],
)  # fmt: skip
def test_odd_input_is_taken_literally(as_user, clerk, papers, q, count):
    assert len(found(as_user(clerk), q)) == count


def test_long_results_are_paged(as_user, clerk, unit):
    for number in range(23):
        entry(unit, clerk, title=f"批量项目 {number}")
    browser = as_user(clerk)
    first = browser.get(reverse("search"), {"q": "批量项目"})
    assert len(first.context["rows"]) == 20
    older = first.context["page"].older
    assert "q=" in older
    assert len(browser.get(reverse("search") + older).context["rows"]) == 3


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("value", ["x", "-1", "9" * 40, ""])
def test_a_nonsense_position_is_the_first_page(as_user, clerk, papers, place, value):
    answer = as_user(clerk).get(reverse("search"), {"q": "物业", place: value})
    assert len(answer.context["rows"]) == 1


def test_the_number_of_queries_does_not_grow(as_user, clerk, unit, django_assert_max_num_queries):
    for number in range(15):
        entry(unit, clerk, title=f"批量项目 {number}")
    browser = as_user(clerk)
    browser.get(reverse("home"))
    with django_assert_max_num_queries(7):
        assert len(found(browser, "批量项目")) == 15


def test_an_administrator_finds_nothing(as_user, admin, papers):
    assert found(as_user(admin), "设备") == []
